"""Opening papers: for the candidate's page (sealed until T0), for proof-reading, for grading."""

import asyncio
import io
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from PIL import Image, UnidentifiedImageError

from invigil.base.audit.api import record
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.platform.documents import picture_value
from invigil.platform.keys import derive_key, seal_with
from invigil.platform.ports import Ports
from invigil.prepare.papers.model import Blueprint, PaperSet, PaperSetState, Pool, SealedPaper
from invigil.prepare.papers.rules.dealing import deal
from invigil.prepare.papers.rules.encoding import Paper, decode_paper, encode_batch
from invigil.prepare.papers.rules.planning import plan_of_document
from invigil.prepare.papers.rules.printing import list_pictures
from invigil.prepare.papers.rules.refusals import (
    MediaNotOnPaper,
    PaperMissing,
    PaperNotOpenYet,
    PaperSetNotGenerated,
    SampleNotFound,
)
from invigil.prepare.papers.rules.rendering import list_media, render_answers, render_paper
from invigil.prepare.papers.rules.sealing import bind_paper, context_of_key, may_release_key
from invigil.prepare.papers.service.bank import Medium, open_answer_keys, open_medium
from invigil.prepare.papers.service.material import open_body, open_material, open_set, open_versions, place_of
from invigil.prepare.papers.service.sets import access_set
from invigil.prepare.papers.store import papers as store

SUITE_AES_256_GCM = 1
SAMPLES = 10
SAMPLE_BATCH = -1


class SamplePaper(NamedTuple):
    """A made-up candidate's paper. page: as the candidate would see it; answers: by item id, empty when not asked for."""

    number: int
    page: dict[str, Any]
    answers: dict[str, dict[str, Any]]


class GradingSet(NamedTuple):
    """What grading must know of a set."""

    paper_set: PaperSet
    blueprint: Blueprint
    pool: Pool


async def load_sealed_paper(
    tx: Transaction, paper_set_id: str, candidate_id: str, *, duration: timedelta | None = None
) -> SealedPaper:
    """Return the candidate's paper as the page fetches it early: rendered, encrypted under the candidate's own paper key.

    Raises: PaperSetNotFound; PaperMissing.
    Source: S3.1, C5.5, P5.
    """
    paper_id, page = await open_paper(tx, paper_set_id, candidate_id, duration=duration)
    nonce, ciphertext = seal_with(
        await _paper_key(tx, paper_set_id, candidate_id), msgspec.json.encode(page), additional=bind_paper(paper_id)
    )
    return SealedPaper(paper_id, SUITE_AES_256_GCM, nonce, ciphertext)


async def derive_paper_key(tx: Transaction, paper_set_id: str, candidate_id: str, *, starts_at: datetime) -> bytes:
    """Return the key of 32 bytes that opens this candidate's sealed paper and no other.

    starts_at: T0 of the candidate's sitting; before it the key does not leave the server, whoever asks.
    Raises: PaperNotOpenYet; PaperSetNotGenerated.
    """
    if not may_release_key(starts_at, tx.now):
        raise PaperNotOpenYet
    return await _paper_key(tx, paper_set_id, candidate_id)


async def open_paper(
    tx: Transaction, paper_set_id: str, candidate_id: str, *, duration: timedelta | None = None
) -> tuple[str, dict[str, Any]]:
    """Return (paper id, page document) in clear, for use inside the server only.

    Raises: PaperSetNotFound; PaperMissing.
    """
    blueprint, material = await open_set(tx, paper_set_id)
    found = await store.find_paper(tx, paper_set_id, candidate_id)
    if found is None:
        raise PaperMissing
    paper_id, sealed = found
    paper = decode_paper(open_body(material.key, place_of(paper_set_id, candidate_id), sealed))
    contents = await open_versions(tx, _versions_of(material.pool, paper))
    page = render_paper(blueprint, material.pool, contents, paper, paper_id=paper_id, duration=duration)
    return paper_id, page


async def load_paper_media(
    tx: Transaction, ports: Ports, paper_set_id: str, candidate_id: str, media_id: str
) -> Medium:
    """Return a picture, sound or film of this candidate's paper; whether it is time is the caller's to check.

    Raises: PaperSetNotFound; PaperMissing; MediaNotOnPaper - it belongs to no question of this paper.
    Source: S3.11, C5.5.
    """
    _, page = await open_paper(tx, paper_set_id, candidate_id)
    if media_id not in list_media(page):
        raise MediaNotOnPaper
    return await open_medium(tx, ports, media_id)


async def count_items(tx: Transaction, paper_set_id: str) -> int:
    """Return how many items every paper of the set has.

    Raises: PaperSetNotFound.
    """
    return (await access_set(tx, paper_set_id)).blueprint.item_count


async def load_grading_set(tx: Transaction, paper_set_id: str) -> GradingSet:
    """Return the blueprint and the pool that this set's papers refer to.

    Raises: PaperSetNotFound; PaperSetNotGenerated.
    """
    paper_set = await access_set(tx, paper_set_id)
    return GradingSet(paper_set, paper_set.blueprint, (await open_material(tx, paper_set)).pool)


async def load_papers(tx: Transaction, paper_set_id: str, candidate_ids: Iterable[str]) -> dict[str, bytes]:
    """Return the compact papers (format of `rules.encoding`) of those candidates who have one, opened.

    Raises: PaperSetNotGenerated; CannotOpenError - a row was changed or moved.
    """
    key = (await open_set(tx, paper_set_id))[1].key
    sealed = await store.read_papers(tx, paper_set_id, candidate_ids)
    return {
        candidate_id: open_body(key, place_of(paper_set_id, candidate_id), body)
        for candidate_id, body in sealed.items()
    }


async def read_sample(
    tx: Transaction, who: Principal, paper_set_id: str, number: int, *, with_answers: bool, act: str
) -> SamplePaper:
    """Return one of the set's samples, dealt like a real paper to a made-up candidate; the reading is recorded.

    number: 1 … SAMPLES. act: what is recorded, "papers.sample.read" or "papers.sample.print".
    Raises: PaperSetNotFound; PaperSetNotGenerated; SampleNotFound.
    """
    paper_set = await access_set(tx, paper_set_id)
    if paper_set.state is PaperSetState.DRAFT:
        raise PaperSetNotGenerated
    if not 1 <= number <= SAMPLES:
        raise SampleNotFound(samples=SAMPLES)
    material = await open_material(tx, paper_set)
    batch = deal(
        paper_set.blueprint,
        material.pool,
        plan_of_document(material.plan),
        seed=material.seed,
        batch=SAMPLE_BATCH,
        candidate_ids=[f"sample-{one:02}" for one in range(1, SAMPLES + 1)],
    )
    paper = decode_paper(encode_batch(batch)[number - 1])
    versions = _versions_of(material.pool, paper)
    page = render_paper(
        paper_set.blueprint,
        material.pool,
        await open_versions(tx, versions),
        paper,
        paper_id=f"sample-{number:02}",
        duration=None,
    )
    keys = await open_answer_keys(tx, versions) if with_answers else {}
    answers = render_answers(paper_set.blueprint, material.pool, keys, paper) if with_answers else {}
    await record(tx, who, act=act, on=paper_set_id, details={"sample": number, "with_answers": with_answers})
    return SamplePaper(number, page, answers)


async def load_pictures(ports: Ports, page: Mapping[str, Any]) -> dict[str, str]:
    """Return the pictures of a rendered paper for print, by medium; what is no bitmap is left out."""
    pictures = {}
    async with ports.db.reading() as tx:
        for media_id in list_pictures(page):
            medium = await open_medium(tx, ports, media_id)
            size = await asyncio.to_thread(_measure, medium.content)
            if size is not None:
                pictures[media_id] = picture_value(medium.content, medium.media_type, *size)
    return pictures


def _measure(content: bytes) -> tuple[int, int] | None:
    # The bank has checked every picture in its sandbox; here only the header is read.
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return picture.size
    except (UnidentifiedImageError, OSError):
        return None


async def _paper_key(tx: Transaction, paper_set_id: str, candidate_id: str) -> bytes:
    return derive_key((await open_set(tx, paper_set_id))[1].key, context_of_key(paper_set_id, candidate_id))


def _versions_of(pool: Pool, paper: Paper) -> list[str]:
    return [pool.questions[place].version_id for place in paper.questions]
