"""What a page that comes is told: commands it has not got, the conversation, its raised hand."""

from collections.abc import Sequence
from typing import NamedTuple

from invigil.kernel.grouping import group_by
from invigil.kernel.ids import AttemptId
from invigil.platform.group_commit import GroupCommit
from invigil.platform.ports import Ports
from invigil.sit.answering.api import HandMessage, PageArrived, send_command
from invigil.watch.proctoring.model import Call, Command, CommandKind, CommandState, Line
from invigil.watch.proctoring.service.following import list_commands
from invigil.watch.proctoring.service.ordering import message_of as message_of_command
from invigil.watch.proctoring.service.talking import message_of as message_of_line
from invigil.watch.proctoring.service.talking import tell
from invigil.watch.proctoring.store import duty, records

# A page that comes back must not be ended by what ended the one before it.
_NOT_SENT_AGAIN = frozenset({CommandKind.RELEASE_SEAT, CommandKind.FORCE_HAND_IN, CommandKind.TERMINATE})
# Fewer than a reader's queue takes.
MOST_LINES = 100


class _Waiting(NamedTuple):
    """What stands for an attempt, by time."""

    commands: list[Command]
    lines: list[Line]
    calls: list[Call]


class Arrivals:
    """Reads for all pages that come at the same time at once: after a restart thousands come within seconds."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._asked: GroupCommit[AttemptId, _Waiting] = GroupCommit(self._read, "page-arrivals")

    async def tell(self, news: PageArrived) -> None:
        """Send a computer's page whatever did not arrive and what was not read; it knows by the id what it has shown."""
        if news.device != "pc":
            return
        waiting = await self._asked.submit(news.attempt_id)
        for command in waiting.commands:
            if _is_unread(command) and command.kind not in _NOT_SENT_AGAIN:
                await send_command(self._ports, command.attempt_id, message_of_command(command))
        for line in waiting.lines[-MOST_LINES:]:
            await tell(self._ports, news.attempt_id, message_of_line(line))
        for call in waiting.calls:
            await tell(self._ports, news.attempt_id, HandMessage(call.page_id, is_raised=True, is_answered=False))

    async def _read(self, ids: Sequence[AttemptId]) -> list[_Waiting | Exception]:
        asked = sorted(set(ids))
        async with self._ports.db.reading() as tx:
            commands = group_by(await list_commands(tx, attempt_ids=asked), _attempt_of)
            lines = group_by(await records.list_lines(tx, asked), _attempt_of)
            calls = group_by(await duty.list_waiting_calls(tx, attempt_ids=asked), _attempt_of)
        return [_Waiting(commands.get(one, []), lines.get(one, []), calls.get(one, [])) for one in ids]


def _is_unread(command: Command) -> bool:
    return command.state is CommandState.SENT or (command.state is CommandState.DELIVERED and command.requires_ack)


def _attempt_of(one: Command | Line | Call) -> AttemptId:
    return one.attempt_id
