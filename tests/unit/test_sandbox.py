"""The limited child process refuses what it must and answers what it may (P15)."""

import asyncio
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from invigil.platform.sandbox import ArchiveUnsafe, SandboxCrashed, SandboxTooLarge, SandboxTooSlow, run_limited

MEMORY = 256 * 1024 * 1024


@pytest.fixture(autouse=True)
def entries_on_path() -> Iterator[None]:
    folder = str(Path(__file__).parent)
    sys.path.append(folder)
    yield
    sys.path.remove(folder)


async def run(name: str, payload: bytes = b"", *, seconds: float = 20, output_bytes: int = 1024 * 1024) -> bytes:
    return await run_limited(
        f"sandbox_entries:{name}",
        payload,
        memory_bytes=MEMORY,
        timeout=timedelta(seconds=seconds),
        output_bytes=output_bytes,
    )


async def test_answer_comes_back_whole_though_the_entry_prints() -> None:
    payload = bytes(range(256)) * 1000
    assert await run("reverse", payload) == payload[::-1]


async def test_many_at_once() -> None:
    answers = await asyncio.gather(*(run("reverse", str(n).encode() + b"x") for n in range(4)))
    assert answers == [f"x{n}".encode() for n in range(4)]


async def test_endless_work_is_too_slow() -> None:
    with pytest.raises(SandboxTooSlow):
        await run("sleep_for_ever", seconds=1)


async def test_memory_is_bounded() -> None:
    with pytest.raises(SandboxTooLarge):
        await run("eat_memory")


async def test_output_is_bounded() -> None:
    with pytest.raises(SandboxTooLarge):
        await run("answer_much")


@pytest.mark.parametrize("name", ["raise_fault", "die", "answer_text", "no_such_entry"])
async def test_faults_are_one_refusal_that_tells_nothing_of_the_content(name: str) -> None:
    with pytest.raises(SandboxCrashed) as caught:
        await run(name)
    assert caught.value.details == {}


async def test_refusals_cross_the_border() -> None:
    with pytest.raises(ArchiveUnsafe) as caught:
        await run("refuse")
    assert caught.value.details == {"reason_zh": "一", "reason_en": "one"}


@pytest.mark.parametrize("name", ["connect", "start_process"])
async def test_doors_are_closed(name: str) -> None:
    assert await run(name) == b"closed"


async def test_writes_no_file(tmp_path: Path) -> None:
    assert await run("write_file", str(tmp_path / "out").encode()) == b"closed"
    assert not (tmp_path / "out").exists() or (tmp_path / "out").stat().st_size == 0


async def test_environment_does_not_reach_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVIGIL_KEYS__PASSPHRASE", "secret")
    assert b"INVIGIL" not in await run("read_environment")
