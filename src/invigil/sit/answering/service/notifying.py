"""Telling the page: what staff did reaches it over its socket, and its acknowledgement is kept."""

from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple, cast

from invigil.base.accounts.api import LoginRevoked
from invigil.base.audit.api import record
from invigil.kernel.principals import Principal, PrincipalKind
from invigil.platform.entropy import new_id
from invigil.platform.ports import Ports
from invigil.sit.answering import store
from invigil.sit.answering.model import Attempt, AttemptState
from invigil.sit.answering.model.events import AttemptEntered, AttemptHandedIn, AttemptTimeChanged, CommandAnswered
from invigil.sit.answering.protocol import (
    AckMessage,
    CommandKind,
    CommandMessage,
    DeliveredMessage,
    Device,
    StateMessage,
    attempt_topic,
    encode_message,
)
from invigil.sit.answering.rules import compute_deadline
from invigil.sit.answering.service.hearing import PageEars

SENTENCES: Mapping[CommandKind, str] = {
    "extra_time": "监考人员已为您延长考试时间。",
    "pause": "考试已暂停，暂停期间不计时。",
    "resume": "考试已恢复，请继续作答。",
    "reopen": "您的考试已重新开放，可以继续作答。",
    "lock": "监考人员已锁定您的答题页面，考试时间继续计算。",
    "unlock": "答题页面已解锁，请继续作答。",
    "force_hand_in": "监考人员已为您交卷，已保存的答案全部有效。",
    "terminate": "您的考试已被终止。",
    "seat_revoked": "座位已释放，本页面不能再作答。",
}
# The page says by itself what became of it; nobody is left to press 我知道了.
_NOT_READ = frozenset({"seat_revoked", "force_hand_in", "terminate"})


class SentCommand(NamedTuple):
    """A command on its way to a page. text: "" for the usual sentence of its kind."""

    id: str
    kind: CommandKind
    text: str
    reason: str
    requires_ack: bool


def subscribe(ports: Ports) -> None:
    """Pass news about attempts on to their pages."""
    ports.hub.subscribe(AttemptTimeChanged, _about_time(ports))
    ports.hub.subscribe(AttemptEntered, _about_entering(ports))
    ports.hub.subscribe(AttemptHandedIn, _about_hand_in(ports))
    ports.hub.subscribe(LoginRevoked, _about_login(ports))


def listen(ports: Ports, ears: PageEars) -> None:
    """Hear acknowledgements; they are recorded."""

    async def take(attempt: Attempt, _device: Device, message: AckMessage) -> None:
        who = Principal(PrincipalKind.CANDIDATE, attempt.candidate_id)
        details = {"command": message.id[:40]}
        async with ports.db.transaction() as tx:
            await record(tx, who, act="answering.command.acknowledge", on=attempt.id, details=details)
        await ports.hub.tell(CommandAnswered(attempt.id, attempt.sitting_id, attempt.room_id, message.id, is_read=True))

    async def take_delivered(attempt: Attempt, _device: Device, message: DeliveredMessage) -> None:
        await ports.hub.tell(
            CommandAnswered(attempt.id, attempt.sitting_id, attempt.room_id, message.id, is_read=False)
        )

    ears.on(AckMessage, take)
    ears.on(DeliveredMessage, take_delivered)


async def send_command(ports: Ports, attempt_id: str, sent: SentCommand) -> None:
    """Send a command to the attempt's page, with the deadline and state now in force."""
    async with ports.db.reading() as tx:
        attempt = (await store.read_attempts(tx, [attempt_id], is_locking=False))[attempt_id]
        is_paused = attempt.state is AttemptState.PAUSED
        deadline = None if is_paused else compute_deadline(attempt, tx.now).isoformat()
    command = CommandMessage(
        id=sent.id,
        kind=sent.kind,
        text=sent.text or SENTENCES.get(sent.kind, ""),
        deadline=deadline,
        reason=sent.reason,
        requires_ack=sent.requires_ack,
    )
    topic = attempt_topic(attempt_id)
    await ports.bus.publish(topic, encode_message(command))
    await ports.bus.publish(topic, encode_message(StateMessage(attempt.state, deadline, is_paused)))


async def _publish_command(ports: Ports, attempt_id: str, kind: CommandKind, reason: str, command_id: str = "") -> None:
    sent = SentCommand(command_id or new_id("cmd"), kind, "", reason, requires_ack=kind not in _NOT_READ)
    await send_command(ports, attempt_id, sent)


def _about_time(ports: Ports) -> Callable[[AttemptTimeChanged], Awaitable[None]]:
    async def tell(news: AttemptTimeChanged) -> None:
        kind = cast("CommandKind", news.kind)
        await _publish_command(ports, news.attempt_id, kind, news.reason, news.command_id)

    return tell


def _about_entering(ports: Ports) -> Callable[[AttemptEntered], Awaitable[None]]:
    async def tell(news: AttemptEntered) -> None:
        if news.seat_epoch > 1:
            await _publish_command(ports, news.attempt_id, "seat_revoked", "考试已在另一页面打开")

    return tell


def _about_hand_in(ports: Ports) -> Callable[[AttemptHandedIn], Awaitable[None]]:
    async def tell(news: AttemptHandedIn) -> None:
        state = AttemptState.AUTO_HANDED_IN if news.is_automatic else AttemptState.HANDED_IN
        message = StateMessage(state, None, paused=False)
        await ports.bus.publish(attempt_topic(news.attempt_id), encode_message(message))

    return tell


def _about_login(ports: Ports) -> Callable[[LoginRevoked], Awaitable[None]]:
    async def tell(news: LoginRevoked) -> None:
        async with ports.db.transaction() as tx:
            held = await store.list_held_by_login(tx, news.login_id)
            for attempt in held:
                await store.update_attempt(tx, attempt.id, login_id="", seat_epoch=attempt.seat_epoch + 1)
        for attempt in held:
            await _publish_command(ports, attempt.id, "seat_revoked", "登录已失效")

    return tell
