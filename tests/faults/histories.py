"""Made-up histories of a server that keeps every promise, to plant faults in."""

from dataclasses import dataclass, field
from random import Random

from invigil.app.faults.checker import StoredReceipt, StoredSeat
from invigil.app.faults.history import Act, Event, EventKind


@dataclass
class Run:
    """A history and what the database holds at its end."""

    events: list[Event] = field(default_factory=list)
    stored: dict[str, StoredSeat] = field(default_factory=dict)


@dataclass
class _Seat:
    """An honest server's memory of one seat."""

    name: str
    saves: dict[int, str] = field(default_factory=dict)
    receipt: StoredReceipt | None = None

    def stored(self) -> StoredSeat:
        last = self.receipt.seq if self.receipt else max(self.saves, default=0)
        return StoredSeat(dict(self.saves), (self.receipt,) if self.receipt else (), self.saves.get(last, ""))


class _Writer:
    def __init__(self, run: Run) -> None:
        self._run = run
        self._ops = 0

    def new_op(self) -> int:
        self._ops += 1
        return self._ops

    def say(self, kind: EventKind, seat: str, act: Act, seq: int, digest: str, *, proof: str = "") -> None:
        at = len(self._run.events)
        self._run.events.append(Event(at, kind, self._ops, seat, act, seq, digest, proof))


def make_run(seed: int, seats: int = 3, steps: int = 12) -> Run:
    """Return an honest run: acknowledged, refused and indeterminate saves, readers, repeats and hand-ins."""
    random, run = Random(seed), Run()  # noqa: S311 - a script, not a secret
    writer = _Writer(run)
    known = [_Seat(f"att_{number}") for number in range(seats)]
    for _ in range(steps):
        for seat in known:
            _save(random, writer, seat)
            if seat.saves and random.random() < 0.3:
                seq = random.choice(list(seat.saves))
                writer.say("seen", seat.name, "save", seq, seat.saves[seq])
    for seat in known[: seats - 1]:
        _hand_in(random, writer, seat)
    run.stored = {seat.name: seat.stored() for seat in known}
    return run


def _save(random: Random, writer: _Writer, seat: _Seat) -> None:
    seq = max(seat.saves, default=0) + random.randint(1, 2)
    digest = f"{seat.name}-{seq}-{writer.new_op()}"
    writer.say("invoke", seat.name, "save", seq, digest)
    match random.choice(("ok", "ok", "ok", "stored unheard", "lost unheard", "refused")):
        case "ok":
            seat.saves[seq] = digest
            writer.say("ok", seat.name, "save", seq, digest)
        case "stored unheard":
            seat.saves[seq] = digest
            writer.say("info", seat.name, "save", seq, digest)
        case "lost unheard":
            writer.say("info", seat.name, "save", seq, digest)
        case _:
            writer.say("fail", seat.name, "save", seq, digest)


def _hand_in(random: Random, writer: _Writer, seat: _Seat) -> None:
    seq = max(seat.saves, default=0) + 1
    digest = f"{seat.name}-{seq}"
    seat.saves[seq] = digest
    seat.receipt = StoredReceipt(1, seq, digest, f"proof-{seat.name}")
    for _ in range(random.randint(1, 3)):
        writer.new_op()
        writer.say("invoke", seat.name, "hand_in", seq, digest)
        writer.say("ok", seat.name, "hand_in", seq, digest, proof=seat.receipt.proof)
    writer.new_op()
    writer.say("invoke", seat.name, "save", seq + 1, f"{seat.name}-late")
    writer.say("fail", seat.name, "save", seq + 1, f"{seat.name}-late")
