"""Signed checkpoints of the audit chain, also appended to a file outside the database (P11)."""

import asyncio
import json
import os
from datetime import datetime
from pathlib import Path

import structlog

from invigil.base.audit.api import AuditCheckpoint, checkpoint
from invigil.platform.disk import end_if_failing
from invigil.platform.ports import Ports
from invigil.platform.settings import Settings

log = structlog.get_logger()

# P11: an unrecorded end of the chain is at most this old.
CHECKPOINT_EVERY_S = 10


def checkpoint_file(settings: Settings) -> Path:
    """Return where checkpoints are kept: beside the data folder, so that restoring an old copy of it is noticed."""
    return settings.data_folder.with_name(settings.data_folder.name + ".audit-checkpoints.jsonl")


async def make_checkpoint(ports: Ports) -> AuditCheckpoint | None:
    """Sign the chain's end and append it to the file, flushed."""
    async with ports.db.transaction() as tx:
        made = await checkpoint(tx)
    if made is not None:
        try:
            await asyncio.to_thread(_append, checkpoint_file(ports.settings), made)
        except OSError as fault:
            end_if_failing(fault)
            raise
    return made


async def make_checkpoints_forever(ports: Ports) -> None:
    """Make checkpoints until cancelled; a database or a disk that fails for a while only delays the next one."""
    while True:
        try:
            await make_checkpoint(ports)
        except Exception:
            log.exception("app.checkpoint.failed")
        await asyncio.sleep(CHECKPOINT_EVERY_S)


def read_outside_checkpoints(path: Path) -> list[AuditCheckpoint]:
    """Return the checkpoints of the file; an absent file has none.

    Raises: ValueError - a line is not a checkpoint.
    """
    if not path.exists():
        return []
    return [_read(line) for line in path.read_text().splitlines() if line.strip()]


def _read(line: str) -> AuditCheckpoint:
    one = json.loads(line)
    at = datetime.fromisoformat(one["at"])
    return AuditCheckpoint(one["position"], at, bytes.fromhex(one["code"]), bytes.fromhex(one["signature"]))


def _append(path: Path, made: AuditCheckpoint) -> None:
    line = json.dumps(
        {
            "position": made.position,
            "at": made.at.isoformat(timespec="microseconds"),
            "code": made.code.hex(),
            "signature": made.signature.hex(),
        }
    )
    with path.open("a") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
