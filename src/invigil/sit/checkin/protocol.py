"""What travels over the phone's socket, and what the PC page is told of the phone; TypeScript types are generated."""

from typing import Literal

import msgspec

from invigil.platform.bus import Topic
from invigil.sit.answering.api import protocol as page

TOPIC_PHONE = Topic("phone/{attempt_id}", read_by="the phone that claimed the attempt last")

OwnState = Literal["checking", "recording", "hidden", "finished"]


class PhoneStatusMessage(msgspec.Struct, tag="phone_status", tag_field="type"):
    """The phone's word about itself, at each change and every ten seconds. battery: 0 to 1; null where the browser does not tell."""

    state: OwnState
    battery: float | None = None
    is_charging: bool | None = None


class PhoneNewsMessage(msgspec.Struct, tag="phone", tag_field="type"):
    """To the PC page: the phone has changed. state: see PhoneState. The page asks `GET /api/checkin` for the rest."""

    state: str
    battery: float | None
    is_charging: bool | None


class PhonePictureMessage(msgspec.Struct, tag="phone_picture", tag_field="type"):
    """To the PC page while checking in: what the phone's camera sees. jpeg: base64, at most 8 kB."""

    jpeg: str


class ReplacedMessage(msgspec.Struct, tag="replaced", tag_field="type"):
    """To the phone: another claim counts now; this page ends."""

    phone_epoch: int


class ChecksMessage(msgspec.Struct, tag="checks", tag_field="type"):
    """To a page: staff have let a check through; ask again how the check-in stands."""

    device: str


# On the attempt's topic, beside what `sit/answering/protocol.py` declares.
CheckInMessage = PhoneNewsMessage | PhonePictureMessage | ChecksMessage
PhoneServerMessage = page.TimeMessage | page.StateMessage | page.StillsMessage | ReplacedMessage | ChecksMessage
PhoneClientMessage = page.HelloMessage | PhoneStatusMessage | page.TracksMessage | page.SignalMessage

decode_phone_message = msgspec.json.Decoder(PhoneClientMessage).decode
encode_message = msgspec.json.Encoder().encode


# The phone reads the attempt's topic too (its state, which stills are wanted); what else travels there is not for it.
_FOR_PHONE = tuple(f'{{"type":"{kind}"'.encode() for kind in ("time", "state", "stills", "replaced", "checks"))
_decode_replaced = msgspec.json.Decoder(ReplacedMessage).decode


def is_for_phone(message: bytes) -> bool:
    """Tell whether a message on the phone's or the attempt's topic is one that phones know."""
    return message.startswith(_FOR_PHONE)


def read_replaced(message: bytes) -> ReplacedMessage | None:
    """Return the message when it says that a phone was replaced."""
    return _decode_replaced(message) if message.startswith(_FOR_PHONE[3]) else None


def phone_topic(attempt_id: str) -> str:
    """Return the bus topic of an attempt's phone."""
    return TOPIC_PHONE.of(attempt_id)
