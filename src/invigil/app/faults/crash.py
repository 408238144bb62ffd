"""F1 to F3: seats that save and hand in while the server (and PostgreSQL) is killed with -9 at random instants."""

import asyncio
import hashlib
import tempfile
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from invigil.app.bench.places import measuring_place
from invigil.app.bench.seating import SITTING, seat_attempts
from invigil.app.faults.checker import StoredReceipt, StoredSeat, Violation, check_history
from invigil.app.faults.history import HistoryWriter, read_history
from invigil.app.faults.nemesis import Nemesis
from invigil.app.faults.seats import ScriptedSeat
from invigil.app.faults.server import VictimServer
from invigil.app.faults.wire import unverified_tls
from invigil.kernel.encoding import encode_base64url
from invigil.platform.db import Database, Transaction
from invigil.platform.ports import Ports
from invigil.sit.answering.api import list_final_sheets

SAVES_SEEN = text("SELECT attempt_id, seq, sha256 FROM answering_save")
SAVES = text("SELECT attempt_id, seq, sheet FROM answering_save")
RECEIPTS = text("SELECT attempt_id, round, seq, sheet_sha256, statement, signature, path FROM answering_receipt")
LOOK_EVERY_S = 1.0
# Seats go on asking this long after the last fault.
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class CrashPlan:
    """What a run is. seconds: how long seats answer. kill_every_s: shortest and longest time between two kills.

    kills_postgresql: PostgreSQL runs in a folder of its own and is killed as well.
    """

    database: str
    seats: int
    seconds: float
    seed: int
    kill_every_s: tuple[float, float]
    at_least_kills: int
    kills_postgresql: bool = False


@dataclass(frozen=True, slots=True)
class CrashReport:
    """What was seen.

    acknowledged: answers of success. unanswered: requests whose outcome the seat never learnt.
    web_restarts_s: from the kill of the web process to the next answer. cold_starts_s: of the whole server.
    """

    kills: int
    acknowledged: int
    unanswered: int
    refused: int
    web_restarts_s: tuple[float, ...]
    cold_starts_s: tuple[float, ...]
    violations: tuple[Violation, ...]

    @property
    def lost(self) -> int:
        """How many promises were broken."""
        return len(self.violations)


async def run_crash(plan: CrashPlan, history_path: Path) -> CrashReport:
    """Carry the plan out and check its history.

    Raises: RuntimeError - the server or PostgreSQL did not come back.
    """
    with tempfile.TemporaryDirectory(prefix="invigil-crash-") as own:
        folder = Path("/var/tmp") / Path(own).name if plan.kills_postgresql else None  # noqa: S108 - the script makes it, mode 0700
        async with measuring_place(plan.database, postgresql_folder=folder) as ports:
            history = HistoryWriter(history_path)
            nemesis = await _run(plan, ports, history, Path(own) / "server.log", folder)
            history.close()
            async with ports.db.reading() as tx:
                stored = await read_stored(tx)
    return _report(history_path, nemesis, stored)


async def _run(
    plan: CrashPlan, ports: Ports, history: HistoryWriter, log: Path, postgresql_folder: Path | None
) -> Nemesis:
    tickets = await seat_attempts(ports, plan.seats)
    server = VictimServer(ports.settings, log)
    nemesis = Nemesis(server, history, plan.seed, plan.kill_every_s, postgresql_folder)
    tls = unverified_tls()
    try:
        await server.start()
        until = time.monotonic() + plan.seconds
        looking = asyncio.create_task(_look_forever(ports.db, history))
        raging = asyncio.create_task(nemesis.rage(until, plan.at_least_kills))
        seats = [
            ScriptedSeat(attempt, ticket, port=server.port, tls=tls, history=history, seed=f"{plan.seed}/{number}")
            for number, (attempt, ticket) in enumerate(tickets)
        ]
        sitting = asyncio.gather(*(seat.run(until, until + PATIENCE_S) for seat in seats))
        await raging
        await sitting
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
    finally:
        await server.kill()
    return nemesis


async def _look_forever(db: Database, history: HistoryWriter) -> None:
    """Write down which saves a reader sees, so that none may vanish later (I3)."""
    known: set[tuple[str, int]] = set()
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        try:
            async with db.reading() as tx:
                rows = (await tx.execute(SAVES_SEEN)).all()
        except Exception as fault:  # noqa: BLE001 - the database may be dead just now, which is the point
            history.write("fault", detail=f"reader: {type(fault).__name__}")
            continue
        for row in rows:
            if (row.attempt_id, row.seq) not in known:
                known.add((row.attempt_id, row.seq))
                history.write("seen", seat=row.attempt_id, act="save", seq=row.seq, sha256=row.sha256.hex())


async def read_stored(tx: Transaction) -> dict[str, StoredSeat]:
    """Return what the database holds, read without the product's own code: every sheet is decrypted and hashed again."""
    saves: dict[str, dict[int, str]] = defaultdict(dict)
    for row in await tx.execute(SAVES):
        place = f"answering_save/{row.attempt_id}/{row.seq}"
        packed = tx.keys.open(row.sheet, purpose="answering.sheet", bound_to=place)
        saves[row.attempt_id][row.seq] = hashlib.sha256(zlib.decompress(packed)).hexdigest()
    receipts: dict[str, list[StoredReceipt]] = defaultdict(list)
    for row in await tx.execute(RECEIPTS):
        proof = row.statement.decode() + encode_base64url(row.signature) + encode_base64url(row.path or b"")
        receipts[row.attempt_id].append(StoredReceipt(row.round, row.seq, row.sheet_sha256, proof))
    finals = {str(one.attempt_id): one.sheet for one in await list_final_sheets(tx, SITTING)}
    return {
        seat: StoredSeat(saves[seat], tuple(receipts[seat]), "" if sheet is None else hashlib.sha256(sheet).hexdigest())
        for seat, sheet in finals.items()
    }


def _report(path: Path, nemesis: Nemesis, stored: Mapping[str, StoredSeat]) -> CrashReport:
    events = list(read_history(path))
    kinds = Counter(event.kind for event in events)
    return CrashReport(
        kills=nemesis.kills,
        acknowledged=kinds["ok"],
        unanswered=kinds["info"],
        refused=kinds["fail"],
        web_restarts_s=tuple(nemesis.web_restarts_s),
        cold_starts_s=tuple(nemesis.cold_starts_s),
        violations=tuple(check_history(events, stored)),
    )
