"""Applying an event to a state, pure; web/packages/protocol does the same in the pages."""

from bisect import bisect_left
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from invigil.watch.board.protocol.messages import BoardEvent, BoardState
from invigil.watch.board.protocol.panel import (
    SHOWN_STEPS,
    ChatPut,
    CommandPut,
    NotePut,
    PanelSeatChanged,
    PanelState,
    SignalPut,
    StepPut,
)
from invigil.watch.board.protocol.patrol import PatrolState, RoomGlanceChanged
from invigil.watch.board.protocol.room import ProctorsChanged, RoomState, SeatChanged, SittingChanged


def fold(state: BoardState, event: BoardEvent) -> BoardState:
    """Return the state after the event.

    Raises: TypeError - the event is not one of this state's topic.
    """
    if isinstance(state, RoomState):
        return _fold_room(state, event)
    if isinstance(state, PatrolState):
        return _fold_patrol(state, event)
    return _fold_panel(state, event)


def _fold_room(state: RoomState, event: BoardEvent) -> RoomState:
    if isinstance(event, SeatChanged):
        return replace(state, seats=_put(state.seats, event.seat, lambda one: one.seat_number))
    if isinstance(event, ProctorsChanged):
        return replace(state, proctors=event.proctors)
    if isinstance(event, SittingChanged):
        return replace(state, sitting=event.sitting)
    raise TypeError(f"{type(event).__name__} says nothing of a room")


def _fold_patrol(state: PatrolState, event: BoardEvent) -> PatrolState:
    if isinstance(event, RoomGlanceChanged):
        return replace(state, rooms=_put(state.rooms, event.room, lambda one: one.number))
    if isinstance(event, SittingChanged):
        return replace(state, sitting=event.sitting)
    raise TypeError(f"{type(event).__name__} says nothing of a sitting")


def _fold_panel(state: PanelState, event: BoardEvent) -> PanelState:
    match event:
        case PanelSeatChanged(seat):
            return replace(state, seat=seat)
        case SignalPut(signal):
            return replace(state, signals=_put(state.signals, signal, _by_time))
        case CommandPut(command):
            return replace(state, commands=_put(state.commands, command, _by_time))
        case ChatPut(line):
            return replace(state, chat=_put(state.chat, line, _by_time))
        case NotePut(note):
            return replace(state, notes=_put(state.notes, note, _by_time))
        case StepPut(step):
            return replace(state, steps=_put(state.steps, step, order_of_step)[-SHOWN_STEPS:])
        case _:
            raise TypeError(f"{type(event).__name__} says nothing of a candidate")


def order_of_step(step: Any) -> tuple[Any, ...]:  # noqa: ANN401 - of any kind of step
    """Return what steps are ordered by, and known by."""
    return (step.at_client, step.device, step.n)


def _by_time(one: Any) -> tuple[Any, ...]:  # noqa: ANN401 - whatever has a time and an id
    return (one.at, one.id)


def _put(known: list[Any], one: Any, place: Callable[[Any], Any]) -> list[Any]:  # noqa: ANN401 - items of one kind
    """Return the list with the item in its place; it replaces the one whose place it has. known: in order."""
    at = bisect_left(known, place(one), key=place)
    after = at + 1 if known[at : at + 1] and place(known[at]) == place(one) else at
    return [*known[:at], one, *known[after:]]
