"""Telling the page: what staff did reaches it over its socket, and its acknowledgement is kept."""

from collections.abc import Awaitable, Callable

from invigil.base.accounts.api import LoginRevoked
from invigil.base.audit.api import record
from invigil.kernel.ids import CandidateId
from invigil.kernel.principals import Principal, PrincipalKind
from invigil.platform.entropy import new_id
from invigil.platform.ports import Ports
from invigil.sit.answering import store
from invigil.sit.answering.model import AttemptState
from invigil.sit.answering.model.events import AttemptEntered, AttemptHandedIn, AttemptTimeChanged
from invigil.sit.answering.protocol import CommandMessage, StateMessage, attempt_topic, encode_message
from invigil.sit.answering.rules import compute_deadline

_SENTENCES = {
    "extra_time": "监考人员已为您延长考试时间。",
    "pause": "考试已暂停，暂停期间不计时。",
    "resume": "考试已恢复，请继续作答。",
    "reopen": "您的考试已重新开放，可以继续作答。",
    "seat_revoked": "座位已释放，本页面不能再作答。",
}


def subscribe(ports: Ports) -> None:
    """Pass news about attempts on to their pages."""
    ports.hub.subscribe(AttemptTimeChanged, _about_time(ports))
    ports.hub.subscribe(AttemptEntered, _about_entering(ports))
    ports.hub.subscribe(AttemptHandedIn, _about_hand_in(ports))
    ports.hub.subscribe(LoginRevoked, _about_login(ports))


async def acknowledge_command(ports: Ports, attempt_id: str, command_id: str) -> None:
    """Keep that the candidate has read a command."""
    async with ports.db.transaction() as tx:
        found = await store.read_attempts(tx, [attempt_id], is_locking=False)
        who = Principal(
            PrincipalKind.CANDIDATE, found[attempt_id].candidate_id if attempt_id in found else CandidateId("")
        )
        await record(tx, who, act="answering.command.acknowledge", on=attempt_id, details={"command": command_id[:40]})


async def _publish_command(ports: Ports, attempt_id: str, kind: str, reason: str) -> None:
    async with ports.db.reading() as tx:
        attempt = (await store.read_attempts(tx, [attempt_id], is_locking=False))[attempt_id]
        is_paused = attempt.state is AttemptState.PAUSED
        deadline = None if is_paused else compute_deadline(attempt, tx.now).isoformat()
    command = CommandMessage(
        id=new_id("cmd"),
        kind=kind,  # type: ignore[arg-type]
        text=_SENTENCES[kind],
        deadline=deadline,
        reason=reason,
        requires_ack=kind != "seat_revoked",
    )
    topic = attempt_topic(attempt_id)
    await ports.bus.publish(topic, encode_message(command))
    await ports.bus.publish(topic, encode_message(StateMessage(attempt.state, deadline, is_paused)))


def _about_time(ports: Ports) -> Callable[[AttemptTimeChanged], Awaitable[None]]:
    async def tell(news: AttemptTimeChanged) -> None:
        await _publish_command(ports, news.attempt_id, news.kind, news.reason)

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
