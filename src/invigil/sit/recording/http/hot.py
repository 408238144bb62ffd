"""What pages and phones ask for while they record: msgspec, the shortest way (S1.5)."""

import msgspec

from invigil.platform.http.hot import HotCall, HotRoute
from invigil.platform.media import MediaStore
from invigil.platform.ports import Ports
from invigil.sit.answering.api import TICKET_HEADER, KnownTickets, note_stored_until
from invigil.sit.checkin.api import PHONE_HEADER, read_phone_ticket
from invigil.sit.recording.rules.forms import read_commit, read_probe, read_take, read_targets
from invigil.sit.recording.service.passes import RecordingPass
from invigil.sit.recording.service.probing import sign_parcels
from invigil.sit.recording.service.recorder import Recorder
from invigil.sit.recording.service.registering import register_take

_TICKET_HEADER, _PHONE_HEADER = TICKET_HEADER.encode(), PHONE_HEADER.encode()
_encode = msgspec.json.Encoder().encode


class TakeAnswer(msgspec.Struct):
    """The take is known."""

    take_id: str


class AccessPointAnswer(msgspec.Struct):
    """An access point. url: its origin; empty: where the page came from."""

    name: str
    url: str


class TargetAnswer(msgspec.Struct):
    """Where one segment may be PUT. urls: by access point."""

    take_id: str
    seq: int
    urls: dict[str, str]
    method: str
    headers: dict[str, str]
    expires_at: str


class TargetsAnswer(msgspec.Struct):
    """Where segments may be PUT. access_points: in order of preference."""

    access_points: list[AccessPointAnswer]
    targets: list[TargetAnswer]


class ParcelAnswer(msgspec.Struct):
    """Where one parcel may be PUT. urls: by access point."""

    urls: dict[str, str]
    method: str
    headers: dict[str, str]


class ProbeAnswer(msgspec.Struct):
    """Where the parcels may be PUT, in the order in which they were asked for."""

    access_points: list[AccessPointAnswer]
    parcels: list[ParcelAnswer]


def pass_of(call: HotCall) -> RecordingPass:
    """Return who sends.

    Raises: TicketInvalid, PhoneTicketInvalid.
    """
    phone = call.header(_PHONE_HEADER)
    if phone:
        ticket = read_phone_ticket(_ports_of(call).keys, phone)
        return RecordingPass(ticket.attempt_id, is_phone=True, epoch=ticket.phone_epoch)
    known: KnownTickets = call.state.known_tickets
    page = known.read(call.header(_TICKET_HEADER))
    return RecordingPass(page.attempt_id, is_phone=False, epoch=page.seat_epoch)


async def register(call: HotCall) -> bytes:
    """Make a take known."""
    who = pass_of(call)
    form, started_at = read_take(call.body)
    async with _ports_of(call).db.transaction() as tx:
        take = await register_take(tx, who, form, started_at)
    return _encode(TakeAnswer(take.id))


async def give_targets(call: HotCall) -> bytes:
    """Sign addresses for segments."""
    who = pass_of(call)
    form = read_targets(call.body)
    ports = _ports_of(call)
    signed = await _recorder_of(call).sign_targets(who, form.segments, ports.clock.now())
    targets = [
        TargetAnswer(
            one.take_id, one.seq, dict(address.urls), "PUT", dict(address.headers), address.expires_at.isoformat()
        )
        for one, address in signed
    ]
    return _encode(TargetsAnswer(access_points_of(ports.media), targets))


async def commit(call: HotCall) -> bytes:
    """Keep segments, ends and gaps."""
    who = pass_of(call)
    answer = await _recorder_of(call).commit(who, read_commit(call.body))
    note_stored_until(_ports_of(call), who.attempt_id, answer.stored_until_ms)
    return _encode(answer)


async def probe(call: HotCall) -> bytes:
    """Sign addresses for parcels of the network check: they go to each access point as segments do (S1.6)."""
    who = pass_of(call)
    form = read_probe(call.body)
    ports = _ports_of(call)
    signed = sign_parcels(ports.media, who, form.parcels, ports.clock.now())
    parcels = [ParcelAnswer(dict(one.urls), "PUT", dict(one.headers)) for one in signed]
    return _encode(ProbeAnswer(access_points_of(ports.media), parcels))


def access_points_of(media: MediaStore) -> list[AccessPointAnswer]:
    """Return the access points as pages see them."""
    return [AccessPointAnswer(one.name, one.origin) for one in media.access_points]


def _ports_of(call: HotCall) -> Ports:
    ports: Ports = call.state.ports
    return ports


def _recorder_of(call: HotCall) -> Recorder:
    recorder: Recorder = call.state.recorder
    return recorder


routes = (
    HotRoute("/api/sit/recording/takes", register, name="recording.take.register"),
    HotRoute("/api/sit/recording/targets", give_targets, name="recording.targets.sign"),
    HotRoute("/api/sit/recording/commit", commit, name="recording.segments.commit"),
    HotRoute("/api/sit/recording/probe", probe, name="recording.network.probe"),
)
