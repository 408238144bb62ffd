"""From facts and presence to what a board shows, pure but for reading presence. One instant, one answer."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

from invigil.platform.presence import Presence
from invigil.prepare.exams.api import Sitting, compute_sitting_state
from invigil.prepare.rooms.api import Seat
from invigil.sit.activity.api import say_cause
from invigil.sit.answering.api import (
    AttemptState,
    Device,
    DeviceState,
    Glance,
    TrackName,
    compute_deadline,
    read_device,
)
from invigil.watch.board.gathering import RoomFacts
from invigil.watch.board.model import SeatState
from invigil.watch.board.protocol.patrol import RoomGlance, WaitingView
from invigil.watch.board.protocol.room import (
    ClaimView,
    DeviceView,
    ProctorView,
    RoomState,
    SeatCommandView,
    SeatSignalView,
    SeatView,
    SittingView,
    TrackView,
)
from invigil.watch.board.rules import GONE_FOR, SILENT_FOR, SeatFacts, compute_seat_state, count_states
from invigil.watch.signals.api import SEVERITIES, SIGNAL_KINDS, Severity, compute_risk

_TICK = timedelta(microseconds=1)
# Rounded, so that a line that trembles does not make the board flicker.
_RTT_STEP_MS, _SPEED_STEP_KBPS = 50, 500
_HERE = frozenset({SeatState.IN_EXAM, SeatState.WAITING})
# While a seat stands so, its required tracks ought to be live.
_RECORDED = frozenset({SeatState.IN_EXAM, SeatState.WAITING, SeatState.OFFLINE, SeatState.PAUSED})


def compose_room(
    facts: RoomFacts, presence: Presence, watching: Collection[str], climb_after: timedelta, now: datetime
) -> RoomState:
    """Return the room. watching: ids of staff who look at it now. climb_after: of unanswered calls."""
    return RoomState(
        room_id=facts.room.id,
        number=facts.room.number,
        subject_code=facts.room.subject_code,
        sitting=compose_sitting(facts.sitting, climb_after, now),
        proctors=compose_proctors(facts, watching),
        seats=[compose_seat(facts, seat, presence, now) for seat in facts.seats],
    )


def compose_sitting(sitting: Sitting, climb_after: timedelta, now: datetime) -> SittingView:
    """Return the sitting."""
    return SittingView(
        id=sitting.id,
        exam_id=sitting.exam_id,
        title=sitting.title,
        state=compute_sitting_state(sitting, now),
        starts_at=sitting.starts_at,
        ends_at=sitting.ends_at,
        late_entry_until=sitting.late_entry_until,
        last_deadline=sitting.last_deadline,
        tracks_required=[one.value for one in sitting.rules.tracks_required],
        allows_extra_time=sitting.rules.allows_extra_time,
        calls_climb_after_s=int(climb_after.total_seconds()),
    )


def compose_proctors(facts: RoomFacts, watching: Collection[str]) -> list[ProctorView]:
    """Return who watches the room, by id."""
    return [
        ProctorView(one, facts.names.get(one, ""), one in facts.on_duty, one in facts.on_duty and one in watching)
        for one in facts.room.proctor_ids
    ]


def compose_seat(facts: RoomFacts, seat: Seat, presence: Presence, now: datetime) -> SeatView:
    """Return one seat."""
    card = facts.cards.get(seat.candidate_id)
    attempt = facts.attempts.get(seat.candidate_id)
    key = "" if attempt is None else attempt.id
    devices = _devices(presence, key) if key else {}
    pc = devices.get("pc")
    state = _state(facts, seat, pc, presence, now)
    tracks = _tracks(devices)
    signals = facts.signals.get(key, [])
    counts: dict[Severity, int] = {
        severity: number for severity in SEVERITIES if (number := sum(one.severity == severity for one in signals))
    }
    call, unread, command = facts.calls.get(key), facts.unread.get(key, []), facts.commands.get(key)
    waits = [*([call.raised_at] if call else []), *unread[:1]]
    return SeatView(
        seat_number=seat.seat_number,
        candidate_id=seat.candidate_id,
        name=card.name if card else "",
        ticket_number=card.ticket_number if card else "",
        attempt_id=key or None,
        state=state,
        entered_at=attempt.entered_at if attempt else None,
        ended_at=attempt.ended_at if attempt else None,
        deadline=compute_deadline(attempt, now) if attempt and attempt.state is not AttemptState.PAUSED else None,
        is_locked=attempt is not None and attempt.state is AttemptState.LOCKED,
        tracks=tracks,
        stopped_tracks=_stopped(facts, state, tracks),
        devices={name: _device_view(one) for name, one in devices.items()},
        risk=compute_risk(counts),
        signals=counts,
        latest_signal=_latest(facts, key),
        hand_raised_at=call.raised_at if call else None,
        call_id=call.id if call else None,
        unread_chat=len(unread),
        waiting_since=min(waits, default=None),
        claims=[
            ClaimView(one.thing, one.thing_id, one.staff_id, facts.names.get(one.staff_id, ""))  # type: ignore[arg-type]
            for one in facts.claims.get(key, [])
        ],
        last_command=SeatCommandView(command.id, command.kind.value, command.state.value) if command else None,
        note_count=facts.notes.get(key, 0),
        current_item=pc.item if pc else "",
        answered=pc.answered if pc else None,
        item_count=attempt.item_count if attempt else 0,
    )


def compose_glance(state: RoomState, climb_after: timedelta, now: datetime) -> RoomGlance:
    """Return the room in a line."""
    counts = count_states(one.state for one in state.seats)
    waiting = sorted((one for one in state.seats if one.waiting_since), key=lambda one: str(one.waiting_since))
    signals: dict[Severity, int] = {
        severity: number
        for severity in SEVERITIES
        if (number := sum(one.signals.get(severity, 0) for one in state.seats))
    }
    here = sum(one.state in _HERE for one in state.seats)
    return RoomGlance(
        room_id=state.room_id,
        number=state.number,
        subject_code=state.subject_code,
        seated=counts.seated,
        counts={name: number for name, number in counts.by_state.items() if number},
        signals=signals,
        risk=sum(one.risk for one in state.seats),
        is_silent=here == 0 and counts.by_state[SeatState.OFFLINE] > 0,
        stopped_tracks=sum(len(one.stopped_tracks) for one in state.seats),
        proctors=state.proctors,
        waiting=[
            WaitingView(
                one.attempt_id or "", one.seat_number, one.waiting_since, now - one.waiting_since >= climb_after
            )
            for one in waiting
            if one.waiting_since is not None
        ],
    )


def differs_at_a_glance(before: SeatView, after: SeatView) -> bool:
    """Tell whether a seat changed in something that `compose_glance` reads."""
    return (
        before.state != after.state
        or before.risk != after.risk
        or before.waiting_since != after.waiting_since
        or before.attempt_id != after.attempt_id
        or before.signals != after.signals
        or len(before.stopped_tracks) != len(after.stopped_tracks)
    )


def compute_due(facts: RoomFacts, presence: Presence, climb_after: timedelta, now: datetime) -> datetime | None:
    """Return the next instant at which time alone changes the room; None: never."""
    sitting = facts.sitting
    instants = [sitting.starts_at, sitting.late_entry_until + _TICK, sitting.closes_at, sitting.closes_at + _TICK]
    for attempt in facts.attempts.values():
        instants.append(attempt.entered_at + SILENT_FOR)
        page = compute_due_of_page(presence, attempt.id, now)
        instants += [] if page is None else [page]
    waits = [one.raised_at for one in facts.calls.values()] + [one[0] for one in facts.unread.values()]
    instants += [one + climb_after for one in waits]
    return min((one for one in instants if one > now), default=None)


def compute_due_of_page(presence: Presence, attempt_id: str, now: datetime) -> datetime | None:
    """Return when a page that says nothing more shows as gone; None: it does already, or was never here."""
    last_seen, device = presence.last_seen(attempt_id), read_device(presence, attempt_id, "pc")
    instants = [] if last_seen is None else [last_seen + SILENT_FOR]
    if device is not None and device.gone_at is not None:
        instants.append(device.gone_at + GONE_FOR)
    return min((one for one in instants if one > now), default=None)


def _state(facts: RoomFacts, seat: Seat, pc: DeviceState | None, presence: Presence, now: datetime) -> SeatState:
    attempt, glance = facts.attempts.get(seat.candidate_id), None
    if attempt is not None:
        glance = Glance(
            attempt.id, attempt.candidate_id, attempt.room_id, attempt.state, attempt.entered_at, attempt.ended_at
        )
    known = SeatFacts(
        glance,
        seat.candidate_id in facts.logged_in,
        None if attempt is None else presence.last_seen(attempt.id),
        None if pc is None else pc.gone_at,
    )
    return compute_seat_state(facts.sitting, known, now)


def _devices(presence: Presence, attempt_id: str) -> dict[Device, DeviceState]:
    names: Iterable[Device] = ("pc", "phone")
    found = {name: read_device(presence, attempt_id, name) for name in names}
    return {name: one for name, one in found.items() if one is not None}


def _device_view(one: DeviceState) -> DeviceView:
    return DeviceView(
        is_connected=one.is_connected,
        battery_percent=one.battery_percent,
        is_charging=one.is_charging,
        rtt_ms=_rounded(one.rtt_ms, _RTT_STEP_MS),
        down_kbps=_rounded(one.down_kbps, _SPEED_STEP_KBPS),
    )


def _rounded(value: int | None, step: int) -> int | None:
    return None if value is None else round(value / step) * step


def _tracks(devices: dict[Device, DeviceState]) -> dict[TrackName, TrackView]:
    found: dict[TrackName, TrackView] = {}
    for device in devices.values():
        for name, (state, cause, since_ms) in device.tracks.items():
            # A device that is not there records nothing that anybody knows of.
            shown = state if device.is_connected or state != "live" else "off"
            since = datetime.fromtimestamp(min(max(since_ms, 0), 10**13) / 1000, UTC)
            why = say_cause(cause)
            # Of a track that stands, all there is may well be stored: only what runs can be behind.
            lag_ms = device.lags_ms.get(name) if shown == "live" else None
            found[name] = TrackView(shown, why.zh, why.en, since, lag_ms)
    return found


def _stopped(facts: RoomFacts, state: SeatState, tracks: dict[TrackName, TrackView]) -> list[TrackName]:
    if state not in _RECORDED:
        return []
    required: list[TrackName] = [one.value for one in facts.sitting.rules.tracks_required]
    return [name for name in required if name not in tracks or tracks[name].state not in ("live", "starting")]


def _latest(facts: RoomFacts, attempt_id: str) -> SeatSignalView | None:
    newest = max(facts.signals.get(attempt_id, []), key=lambda one: (one.last_at, one.id), default=None)
    if newest is None:
        return None
    kind = SIGNAL_KINDS[newest.kind]
    return SeatSignalView(newest.id, newest.kind, kind.zh, kind.en, newest.severity, newest.last_at)
