"""Every topic staff may follow, each with the rule of who may (P8). A topic that is not here is refused."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from invigil.base.accounts.api import NotAllowed
from invigil.kernel.ids import AttemptId, RoomId, SittingId
from invigil.kernel.principals import Principal, Role
from invigil.platform.bus import Topic
from invigil.platform.db import Transaction
from invigil.prepare.exams.api import access_sitting
from invigil.prepare.rooms.api import access_room
from invigil.sit.answering.api import access_attempt
from invigil.watch.board.model import TopicUnknown

Check = Callable[[Transaction, Principal, str], Awaitable[None]]


@dataclass(frozen=True)
class StaffTopic(Topic):
    """A topic of the staff socket.

    roles: any of these. check: whether this one is theirs; called with the identifier, raises a refusal.
    """

    roles: frozenset[Role]
    check: Check


async def _check_room(tx: Transaction, who: Principal, room_id: str) -> None:
    await access_room(tx, who, RoomId(room_id))


async def _check_sitting(tx: Transaction, who: Principal, sitting_id: str) -> None:
    del who
    await access_sitting(tx, SittingId(sitting_id))


async def _check_attempt(tx: Transaction, who: Principal, attempt_id: str) -> None:
    attempt = await access_attempt(tx, AttemptId(attempt_id))
    await access_room(tx, who, attempt.room_id)


# The same as `board.rooms.show`: a proctor reads their own rooms only (need to know, C5.5).
TOPIC_ROOM = StaffTopic(
    "room/{room_id}",
    "proctors of the room; patrol, administrators, reviewers, support, board officials and auditors of every room",
    frozenset(
        {
            Role.PROCTOR,
            Role.PATROL,
            Role.ADMINISTRATOR,
            Role.BOARD_OFFICIAL,
            Role.AUDITOR,
            Role.REVIEWER,
            Role.SUPPORT,
        }
    ),
    _check_room,
)
TOPIC_PATROL = StaffTopic(
    "sitting/{sitting_id}/patrol",
    "patrol, administrators, board officials, auditors and support",
    frozenset({Role.PATROL, Role.ADMINISTRATOR, Role.BOARD_OFFICIAL, Role.AUDITOR, Role.SUPPORT}),
    _check_sitting,
)
# Signals, conversation and log of one person: not for those who only see figures.
TOPIC_PANEL = StaffTopic(
    "attempt/{attempt_id}/panel",
    "proctors of the attempt's room; patrol, administrators, reviewers and support",
    frozenset({Role.PROCTOR, Role.PATROL, Role.ADMINISTRATOR, Role.REVIEWER, Role.SUPPORT}),
    _check_attempt,
)
STAFF_TOPICS: tuple[StaffTopic, ...] = (TOPIC_ROOM, TOPIC_PATROL, TOPIC_PANEL)


async def check_may_follow(tx: Transaction, who: Principal, topic: str) -> tuple[StaffTopic, str]:
    """Return the kind of the topic and the identifier in it when this member of staff may follow it.

    Raises: TopicUnknown; NotAllowed - none of their roles; RoomNotFound, SittingNotFound, AttemptNotFound - not theirs.
    Source: P8.
    """
    for kind in STAFF_TOPICS:
        identifier = kind.read(topic)
        if identifier is None:
            continue
        if not who.roles & kind.roles:
            raise NotAllowed
        await kind.check(tx, who, identifier)
        return kind, identifier
    raise TopicUnknown
