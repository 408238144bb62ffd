"""Raising, merging and handling signals."""

from collections.abc import Sequence

from invigil.base.accounts.api import access_staff
from invigil.base.audit.api import record
from invigil.kernel.ids import AttemptId, StaffId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.platform.ports import Ports
from invigil.prepare.rooms.api import RoomNotFound, access_room
from invigil.sit.activity.api import StepsKept
from invigil.sit.answering.api import (
    Attempt,
    Device,
    PageEars,
    SignalMessage,
    read_attempts,
)
from invigil.sit.checkin.api import OtherPhoneTurnedAway
from invigil.sit.recording.api import SegmentConflict, TrackStateChanged
from invigil.watch.signals import store
from invigil.watch.signals.model import (
    SIGNAL_KINDS,
    RaisedSignal,
    Signal,
    SignalHandled,
    SignalNotFound,
    SignalsChanged,
)
from invigil.watch.signals.rules import (
    MAX_DETAIL,
    believe,
    device_of,
    is_same_again,
    mark_of,
    read_steps_as_signals,
    read_track_as_signal,
)


async def raise_signals(tx: Transaction, attempt: Attempt, raised: Sequence[RaisedSignal]) -> None:
    """Keep what was noticed: an occurrence told again changes nothing, one soon after another of its kind is counted with it.

    Kinds that are not in the table are passed over.
    Source: S3.6, S3.18.
    """
    known = [one for one in raised if one.kind in SIGNAL_KINDS]
    if not known:
        return
    await tx.lock(f"signals/{attempt.id}")
    counted = await store.list_occurred(tx, attempt.id, [mark_of(one) for one in known])
    fresh = list({mark_of(one): one for one in known if mark_of(one) not in counted}.items())
    if not fresh:
        return
    standing = await store.list_signals(tx, attempt_id=attempt.id, only_open=True)
    for mark, one in sorted(fresh, key=lambda pair: pair[1].at):
        standing = await _raise(tx, attempt, one, mark, standing)
    tx.emit(SignalsChanged(attempt.id, attempt.room_id, attempt.sitting_id))


async def _raise(
    tx: Transaction, attempt: Attempt, one: RaisedSignal, mark: str, standing: list[Signal]
) -> list[Signal]:
    """Count or write one occurrence; return the open signals with it."""
    same = next((signal for signal in reversed(standing) if is_same_again(signal, one)), None)
    if same is None:
        severity = SIGNAL_KINDS[one.kind].severity
        signal = Signal(
            new_id("sig"), attempt.id, attempt.sitting_id, attempt.room_id, one.kind, severity, one.device, one.at, one.at,
            1, one.item[:8], one.detail[:MAX_DETAIL], "", None, "",
        )  # fmt: skip
        await store.insert_signal(tx, signal)
        await store.note_occurrence(tx, attempt.id, mark, signal.id)
        return [*standing, signal]
    last_at = max(same.last_at, one.at)
    await store.update_signal(tx, same.id, times=same.count + 1, last_at=last_at)
    await store.note_occurrence(tx, attempt.id, mark, same.id)
    merged = Signal(
        same.id, same.attempt_id, same.sitting_id, same.room_id, same.kind, same.severity, same.device, same.at, last_at,
        same.count + 1, same.item, same.detail, "", None, "",
    )  # fmt: skip
    return [merged if signal.id == same.id else signal for signal in standing]


async def handle_signal(tx: Transaction, who: Principal, signal_id: str, handling: str) -> Signal:
    """Say that a person has dealt with a signal.

    handling: "seen", "dismissed" or "noted".
    Raises: SignalNotFound - also in another proctor's room; SignalHandled.
    """
    signal = await access_signal(tx, who, signal_id)
    if not signal.is_open:
        raise SignalHandled(name=(await access_staff(tx, StaffId(signal.handled_by))).display_name)
    await store.update_signal(tx, signal.id, handled_by=who.id, handled_at=tx.now, handling=handling)
    await record(tx, who, act="signals.signal.handle", on=signal.id, details={"handling": handling})
    tx.emit(SignalsChanged(signal.attempt_id, signal.room_id, signal.sitting_id))
    return await access_signal(tx, who, signal_id)


async def access_signal(tx: Transaction, who: Principal, signal_id: str) -> Signal:
    """Return a signal on behalf of a member of staff.

    Raises: SignalNotFound - also in another proctor's room.
    """
    signal = await store.read_signal(tx, signal_id)
    if signal is None:
        raise SignalNotFound
    try:
        await access_room(tx, who, signal.room_id)
    except RoomNotFound as fault:
        raise SignalNotFound from fault
    return signal


async def hear_steps(tx: Transaction, kept: Sequence[StepsKept]) -> None:
    """Raise the signals among steps in the transaction that keeps the steps: neither is ever without the other.

    kept: in order of attempts, so that two processes never wait for each other.
    """
    found: dict[AttemptId, list[RaisedSignal]] = {}
    for news in kept:
        raised = read_steps_as_signals(news.steps)
        if raised:
            found.setdefault(AttemptId(news.attempt_id), []).extend(raised)
    attempts = await read_attempts(tx, found, is_locking=False) if found else {}
    for attempt_id, raised in found.items():
        if attempt_id in attempts:
            await raise_signals(tx, attempts[attempt_id], raised)


async def hear_tracks(tx: Transaction, attempt: Attempt, changes: Sequence[TrackStateChanged]) -> None:
    """Raise a signal of every track that stopped unexpectedly, in the transaction that keeps the stop."""
    raised = [one for news in changes if (one := read_track_as_signal(news, tx.now)) is not None]
    await raise_signals(tx, attempt, raised)


async def hear_conflicts(tx: Transaction, conflicts: Sequence[SegmentConflict]) -> None:
    """Raise a signal of every conflict in the transaction that keeps it."""
    found: dict[AttemptId, list[RaisedSignal]] = {}
    for news in sorted(conflicts, key=lambda one: one.attempt_id):
        at, detail = believe(news.at_ms, tx.now), f"{news.track}: {news.take_id} {news.seq}"
        one = RaisedSignal("segment_conflict", at, device_of(news.track), "", detail)
        found.setdefault(news.attempt_id, []).append(one)
    attempts = await read_attempts(tx, found, is_locking=False)
    for attempt_id, raised in found.items():
        if attempt_id in attempts:
            await raise_signals(tx, attempts[attempt_id], raised)


async def hear_other_phone(tx: Transaction, attempt: Attempt, news: OtherPhoneTurnedAway) -> None:
    """Raise a signal of a second phone in the transaction that keeps that it was turned away."""
    await raise_signals(tx, attempt, [RaisedSignal("phone_replaced", tx.now, "phone", "", news.label)])


def listen(ports: Ports, ears: PageEars) -> None:
    """Raise signals from what pages say over their sockets."""

    async def take_signal(attempt: Attempt, device: Device, message: SignalMessage) -> None:
        at = believe(message.at_ms, ports.clock.now())
        await _keep(ports, attempt, [RaisedSignal(message.kind[:40], at, device, message.item, message.detail)])

    ears.on(SignalMessage, take_signal)


async def _keep(ports: Ports, attempt: Attempt, raised: Sequence[RaisedSignal]) -> None:
    if any(one.kind in SIGNAL_KINDS and "\x00" not in one.detail + one.item for one in raised):
        async with ports.db.transaction() as tx:
            await raise_signals(tx, attempt, raised)
