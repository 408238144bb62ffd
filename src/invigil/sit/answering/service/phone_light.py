"""How the phone's track stands, told to the PC page at once: its candidate looks at that screen, not at the phone (S3.3)."""

from datetime import datetime, timedelta

from invigil.platform.ports import Ports
from invigil.platform.presence import Presence
from invigil.sit.answering.model.events import PageArrived, PageChanged
from invigil.sit.answering.protocol import PhoneTrackMessage, attempt_topic, encode_message
from invigil.sit.answering.service.hearing import last_seen_of, read_device

# Heartbeats come every ten seconds.
SILENT_AFTER = timedelta(seconds=15)
_TOLD = "phone_light"


def subscribe_phone_light(ports: Ports) -> None:
    """Tell the PC page when it comes, and at every change of its phone."""

    async def about_page(news: PageArrived) -> None:
        if news.device == "pc":
            ports.presence.drop(news.attempt_id, _TOLD)
            await _tell(ports, news.attempt_id)

    async def about_phone(news: PageChanged) -> None:
        if news.device == "phone":
            await _tell(ports, news.attempt_id)

    ports.hub.subscribe(PageArrived, about_page)
    ports.hub.subscribe(PageChanged, about_phone)


async def _tell(ports: Ports, attempt_id: str) -> None:
    message = encode_message(compute_phone_light(ports.presence, attempt_id, ports.clock.now()))
    if ports.presence.known(attempt_id).get(_TOLD) != message:
        ports.presence.keep(attempt_id, _TOLD, message)
        await ports.bus.publish(attempt_topic(attempt_id), message)


def compute_phone_light(presence: Presence, attempt_id: str, now: datetime) -> PhoneTrackMessage:
    """Return how the phone's track stands: its last word, and whether it is still heard."""
    device = read_device(presence, attempt_id, "phone")
    if device is None:
        return PhoneTrackMessage(is_linked=False, state="off", cause="", since_ms=0)
    seen = last_seen_of(presence, attempt_id, "phone")
    is_linked = device.is_connected and seen is not None and now - seen < SILENT_AFTER
    state, cause, since_ms = device.tracks.get("phone", ("off", "", 0))
    return PhoneTrackMessage(is_linked=is_linked, state=state, cause=cause, since_ms=since_ms)
