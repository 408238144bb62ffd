"""A process is told apart from every other, and its death is seen."""

import os
import subprocess

from invigil.platform.jobs.identity import has_died, name_this_process


def test_this_process_lives() -> None:
    name = name_this_process()
    assert name == name_this_process()
    assert not has_died(name)


def test_an_ended_process_has_died_even_when_its_number_lives_on() -> None:
    place = name_this_process().rsplit("/", 2)[0]
    child = subprocess.Popen(["true"])
    child.wait()
    assert has_died(f"{place}/{child.pid}/12345")
    # The number is taken again by somebody who started at another time.
    assert has_died(f"{place}/{os.getpid()}/1")


def test_nobody_is_declared_dead_on_another_machine() -> None:
    assert not has_died("another-boot/1/4194304/1")
