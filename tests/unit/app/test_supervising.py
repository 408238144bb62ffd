"""The parent of the web process: forks anew after a death, gives up when nothing ever served, ends when told."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

# The child writes its number, and leaves when its parent is gone.
SERVES = """
import os, sys
from invigil.app.supervising import keep_running
from invigil.platform.telemetry import configure_logging

configure_logging()

def run(tie):
    tie.announce()
    print(os.getpid(), flush=True)
    os.read(tie.parent, 1)
    print("alone", flush=True)
    return 0

sys.exit(keep_running(run))
"""
NEVER_SERVES = "import sys; from invigil.app.supervising import keep_running; sys.exit(keep_running(lambda tie: 3))"
BREAKS = "import sys; from invigil.app.supervising import keep_running; sys.exit(keep_running(lambda tie: 1 // 0))"


@contextmanager
def _parent() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([sys.executable, "-c", SERVES], stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _next_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_killed_child_is_replaced_again_and_again() -> None:
    with _parent() as parent:
        children = [int(_next_line(parent))]
        for _ in range(3):
            os.kill(children[-1], signal.SIGKILL)
            children.append(int(_next_line(parent)))
        assert len(set(children)) == 4
        assert parent.poll() is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_its_child_and_itself(number: signal.Signals) -> None:
    with _parent() as parent:
        child = int(_next_line(parent))
        parent.send_signal(number)
        assert parent.wait(30) == 0
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)


def test_a_child_notices_that_its_parent_was_killed() -> None:
    with _parent() as parent:
        _next_line(parent)
        parent.kill()
        assert _next_line(parent) == "alone"


@pytest.mark.parametrize(("script", "code"), [(NEVER_SERVES, 3), (BREAKS, 70)])
def test_a_child_that_never_served_is_not_tried_again(script: str, code: int) -> None:
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, timeout=60)
    assert ended.returncode == code
