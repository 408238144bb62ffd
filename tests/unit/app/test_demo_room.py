"""The simulated candidates of the demonstration say only what the sockets take, and their pictures are small (ADR-0005)."""

from collections.abc import Callable

import pytest

from invigil.app.demo.living import SimulatedDevice
from invigil.app.demo.pictures import FRAMES, draw_camera, draw_phone, draw_screen
from invigil.sit.answering.api import TRACKS, Device, protocol
from invigil.sit.answering.rules import MAX_STILL_BYTES, read_still_frame
from invigil.sit.checkin.protocol import decode_phone_message
from invigil.watch.signals.model import SIGNAL_KINDS


def device(number: int, kind: Device) -> SimulatedDevice:
    return SimulatedDevice(number, kind, "/api/sit/socket", "ticket", 1)


@pytest.mark.parametrize("draw", [draw_camera, draw_screen, draw_phone])
@pytest.mark.parametrize("number", [0, 7, 23])
def test_pictures_are_small_and_move(draw: Callable[[int, int], bytes], number: int) -> None:
    turn = [draw(number, step) for step in range(FRAMES)]
    assert max(map(len, turn)) <= MAX_STILL_BYTES
    assert len(set(turn)) > FRAMES // 2


@pytest.mark.parametrize(("kind", "tracks"), [("pc", ["screen", "camera"]), ("phone", ["phone"])])
def test_stills_are_frames_that_the_device_may_send(kind: Device, tracks: list[str]) -> None:
    frames = [read_still_frame(frame, kind) for frame in device(3, kind).stills(list(TRACKS), 4)]
    assert [None if still is None else still.track for still in frames] == tracks
    assert list(device(3, kind).stills([], 4)) == []


def test_messages_are_those_of_the_protocol() -> None:
    said = [
        message
        for number in range(24)
        for message in (*device(number, "pc").beat(9, 12), *device(number, "pc").incident())
    ]
    messages = [protocol.decode_client_message(one) for one in said]
    signals = [one for one in messages if isinstance(one, protocol.SignalMessage)]
    assert [one.kind for one in signals] == ["screen_left"]
    assert "screen_left" in SIGNAL_KINDS
    assert sum(isinstance(one, protocol.RaiseHandMessage) for one in messages) == 1
    assert not any(message for number in range(24) for message in device(number, "phone").incident())


def test_a_phone_says_what_phones_say() -> None:
    status, tracks = (decode_phone_message(one) for one in device(1, "phone").beat(9, 12))
    assert (type(status).__name__, type(tracks).__name__) == ("PhoneStatusMessage", "TracksMessage")
