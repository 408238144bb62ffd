"""The sealed paper, its key at T0, and its media: fetched by ticket, many at once around T0."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from invigil.kernel.encoding import encode_base64url
from invigil.platform.http import ports_of
from invigil.prepare.papers.api import derive_paper_key, load_paper_media, load_sealed_paper, may_release_key
from invigil.sit.answering.http.hot import ticket_of
from invigil.sit.answering.model.refusals import PaperKeyNotYet
from invigil.sit.answering.service.entering import access_by_ticket

_encode = msgspec.json.Encoder().encode
_NO_STORE = {"Cache-Control": "no-store"}


async def send_paper(request: Request) -> Response:
    """Send this candidate's paper, sealed; it may be fetched from the moment of entering."""
    ticket = ticket_of(request)
    async with ports_of(request).db.reading() as tx:
        attempt = await access_by_ticket(tx, ticket)
        sealed = await load_sealed_paper(tx, attempt.paper_set_id, attempt.candidate_id)
    body = {
        "paper_id": sealed.paper_id,
        "suite": sealed.suite,
        "nonce": encode_base64url(sealed.nonce),
        "ciphertext": encode_base64url(sealed.ciphertext),
    }
    return Response(_encode(body), media_type="application/json", headers=_NO_STORE)


async def send_key(request: Request) -> Response:
    """Send the key of this candidate's paper, from T0 on.

    Raises: PaperKeyNotYet.
    Source: P5, C5.5.
    """
    ticket = ticket_of(request)
    async with ports_of(request).db.reading() as tx:
        attempt = await access_by_ticket(tx, ticket)
        if not may_release_key(attempt.starts_at, tx.now):
            raise PaperKeyNotYet(opens_at=attempt.starts_at.isoformat())
        key = await derive_paper_key(tx, attempt.paper_set_id, attempt.candidate_id, starts_at=attempt.starts_at)
    return Response(_encode({"key": encode_base64url(key)}), media_type="application/json", headers=_NO_STORE)


async def send_media(request: Request) -> Response:
    """Send a picture, sound or film of a question on this candidate's paper, from T0 on."""
    ticket = ticket_of(request)
    ports = ports_of(request)
    async with ports.db.reading() as tx:
        attempt = await access_by_ticket(tx, ticket)
        if not may_release_key(attempt.starts_at, tx.now):
            raise PaperKeyNotYet(opens_at=attempt.starts_at.isoformat())
        media = await load_paper_media(
            tx, ports, attempt.paper_set_id, attempt.candidate_id, request.path_params["media_id"]
        )
    return Response(media.content, media_type=media.media_type, headers={"Cache-Control": "private, max-age=14400"})


routes = (
    Route("/api/sit/paper", send_paper, methods=["GET"], name="answering.paper.send"),
    Route("/api/sit/paper-key", send_key, methods=["GET"], name="answering.paper.send_key"),
    Route("/api/sit/media/{media_id}", send_media, methods=["GET"], name="answering.paper.send_media"),
)
