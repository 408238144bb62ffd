"""The PC page is told at once how the phone's track stands (S3.3)."""

from datetime import timedelta

import msgspec
import pytest

from invigil.platform.bus import Subscription
from invigil.sit.answering.api import SILENT_AFTER, PageEars
from invigil.sit.answering.api import protocol as page
from invigil.sit.answering.protocol import PhoneTrackMessage
from invigil.sit.checkin.protocol import is_for_phone
from tests.integration.sit.recording.studio import Studio
from tests.world import World

HEARTBEAT = page.HeartbeatMessage(0, pending=False)


def _ears(world: World) -> PageEars:
    ears: PageEars = world.client._transport.app.state.page_ears  # type: ignore[attr-defined]
    return ears


def _heard(subscription: Subscription) -> list[tuple[bool, str, str]]:
    """Take what the PC page was told of the phone since it was last asked."""
    found = []
    while not subscription.messages.empty():
        message = msgspec.json.decode(subscription.messages.get_nowait() or b"{}")
        if message["type"] == "phone_track":
            found.append((message["is_linked"], message["state"], message["cause"]))
    return found


async def _report(studio: Studio, mark: str, state: page.TrackState, cause: str = "") -> None:
    report = page.TrackReport("phone", state, cause, "", 0, 0, studio.now_ms)
    await _ears(studio.world).hear(studio.attempt, "phone", mark, page.TracksMessage([report]))


async def test_every_change_of_the_phone_reaches_the_pc_page(world: World) -> None:
    studio, ears = await Studio.open(world), _ears(world)
    with world.ports.bus.subscribe(page.attempt_topic(studio.attempt.id)) as told:
        await ears.welcome(studio.attempt, "pc")
        assert _heard(told) == [(False, "off", "")]
        phone = await ears.welcome(studio.attempt, "phone")
        await _report(studio, phone, "live")
        assert _heard(told) == [(True, "off", ""), (True, "live", "")]
        await _report(studio, phone, "live")
        await ears.hear(studio.attempt, "phone", phone, HEARTBEAT)
        assert _heard(told) == []
        await _report(studio, phone, "stopped", "page_hidden")
        await _report(studio, phone, "live")
        assert _heard(told) == [(True, "stopped", "page_hidden"), (True, "live", "")]
        await ears.miss(studio.attempt, "phone", phone)
        assert _heard(told) == [(False, "live", "")]
        # A page that comes later hears how it stands now.
        await ears.welcome(studio.attempt, "pc")
        assert _heard(told) == [(False, "live", "")]


async def test_a_silent_phone_is_said_to_be_gone_until_it_speaks_again(world: World) -> None:
    studio, ears = await Studio.open(world), _ears(world)
    with world.ports.bus.subscribe(page.attempt_topic(studio.attempt.id)) as told:
        phone = await ears.welcome(studio.attempt, "phone")
        await _report(studio, phone, "live")
        _heard(told)
        world.clock.advance(SILENT_AFTER - timedelta(seconds=1))
        await ears.note_silence(studio.attempt, "phone", phone)
        assert _heard(told) == []
        world.clock.advance(timedelta(seconds=1))
        await ears.note_silence(studio.attempt, "phone", phone)
        assert _heard(told) == [(False, "live", "")]
        await ears.note_silence(studio.attempt, "phone", "page_of_before")
        await ears.hear(studio.attempt, "phone", phone, HEARTBEAT)
        assert _heard(told) == [(True, "live", "")]


@pytest.mark.parametrize("device", ["pc", "phone"])
async def test_a_phone_hears_nothing_of_itself(world: World, device: page.Device) -> None:
    studio = await Studio.open(world)
    with world.ports.bus.subscribe(page.attempt_topic(studio.attempt.id)) as told:
        await _ears(world).welcome(studio.attempt, device)
        messages = [told.messages.get_nowait() or b"" for _ in range(told.messages.qsize())]
    assert any(one.startswith(b'{"type":"phone_track"') for one in messages)
    assert not any(is_for_phone(one) for one in messages)
    assert PhoneTrackMessage.__struct_config__.tag == "phone_track"
