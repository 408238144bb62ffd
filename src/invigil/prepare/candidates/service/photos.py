"""Photo imports: match by file name, judge in the sandbox, keep what passes sealed; writing only points candidates at it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import timedelta

import msgspec

from invigil.base.audit.api import record
from invigil.kernel.refusals import Refusal
from invigil.kernel.words import Words
from invigil.platform.db import Transaction
from invigil.platform.jobs import JobContext
from invigil.platform.ports import Ports
from invigil.platform.sandbox import (
    ArchiveLimits,
    ArchiveMember,
    ArchiveNotReadable,
    SandboxCrashed,
    SandboxTooLarge,
    SandboxTooSlow,
    check_archive,
    extract_member,
    run_limited,
)
from invigil.prepare.candidates.model import ImportState, Severity
from invigil.prepare.candidates.reading.pictures import pack_pictures, unpack_facts
from invigil.prepare.candidates.rules import photos as rules
from invigil.prepare.candidates.rules.identity import mask_identity_number
from invigil.prepare.candidates.rules.photos import PhotoFinding, PictureFacts
from invigil.prepare.candidates.service import imports as use
from invigil.prepare.candidates.service.protecting import identity_index
from invigil.prepare.candidates.store import imports as store
from invigil.prepare.candidates.store import registrations

MEGABYTE = 1024 * 1024
LIMITS = ArchiveLimits(members=120_000, member_bytes=24 * MEGABYTE, total_bytes=1024 * MEGABYTE, ratio=1_000)
BATCH_PICTURES, BATCH_BYTES = 100, 48 * MEGABYTE
PICTURE_MEMORY = 1024 * MEGABYTE
PICTURE_TIME = timedelta(seconds=60)
_UNREADABLE = PictureFacts(is_readable=False)
_BROKEN = (SandboxCrashed, SandboxTooLarge, SandboxTooSlow)


@dataclass(slots=True)
class PhotoItem:
    """One file of the archive. candidate_ids: everyone it would be given to; photo_key: where the accepted picture is."""

    file_name: str
    identity_masked: str = ""
    candidate_ids: list[str] = dataclass_field(default_factory=list)
    findings: list[PhotoFinding] = dataclass_field(default_factory=list)
    photo_key: str = ""
    width: int = 0
    height: int = 0

    @property
    def is_refused(self) -> bool:
        """Whether an error keeps it out."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


async def read_photos(ctx: JobContext, import_id: str) -> dict[str, object]:
    """Judge every picture of an uploaded archive and keep the accepted ones for the confirmation. Repeatable.

    Raises: Refusal - the archive cannot be read; the import then is refused with the same sentence.
    """
    ports = ctx.ports
    async with ports.db.reading() as tx:
        found = await use.access_import(tx, import_id)
        people = await registrations.list_people(tx, found.exam_id)
    archive = await ports.blobs.get(use.source_key(import_id))
    try:
        members = check_archive(archive, LIMITS)
    except Refusal as refusal:
        await use.refuse(ports, import_id, refusal)
        raise
    files = [member for member in members if not member.is_folder and not rules.is_junk(member.name)]
    items, pictures = _match(ports, files, people)
    facts = await _inspect_all(ctx, archive, pictures)
    await _judge_and_keep(ports, import_id, pictures, facts)
    counts = _count(items, people)
    await ports.blobs.put(use.findings_key(import_id), msgspec.json.encode(items))
    async with ports.db.transaction() as tx:
        await store.move_import(tx, import_id, ImportState.READING, ImportState.READY, counts=counts)
        await ctx.conclude(Words(f"检查了 {len(items)} 个文件", f"Files checked: {len(items)}"))
        await ctx.settle(tx, counts)
    return dict(counts)


async def write_photos(ctx: JobContext, import_id: str) -> dict[str, object]:
    """Point every candidate of a confirmed photo import at the accepted picture, and delete the archive. Repeatable."""
    ports = ctx.ports
    items = await load_items(ports, import_id)
    photos = [
        {"candidate": candidate_id, "key": item.photo_key, "width": item.width, "height": item.height}
        for item in items
        if item.photo_key
        for candidate_id in item.candidate_ids
    ]
    async with ports.db.transaction() as tx:
        found = await use.access_import(tx, import_id)
        counts = found.counts | {"written": len(photos)}
        replaced = await _set_photos(tx, photos)
        await store.move_import(tx, import_id, ImportState.WRITING, ImportState.WRITTEN, counts=counts)
        await record(tx, ctx.owner, act="candidates.photos.write", on=import_id, details={"written": len(photos)})
        await ctx.conclude(Words(f"已写入 {len(photos)} 名考生的照片", f"Photos written for candidates: {len(photos)}"))
        await ctx.settle(tx, counts)
    for key in (use.source_key(import_id), *replaced):
        await ports.blobs.delete(key)
    return dict(counts)


async def _set_photos(tx: Transaction, photos: Sequence[dict[str, object]]) -> set[str]:
    """Point candidates at their new photos and return the blob keys of earlier ones that nobody needs any more."""
    if not photos:
        return set()
    given = {str(photo["candidate"]): str(photo["key"]) for photo in photos}
    before = {row.photo_key for row in await registrations.read_candidates(tx, list(given)) if row.photo_key}
    await registrations.set_photos(tx, photos)
    still = await registrations.find_used_photos(tx, sorted(before))
    return before - still


async def load_items(ports: Ports, import_id: str) -> list[PhotoItem]:
    """Return what was found of every file. Raises: BlobMissingError - nothing has been read yet."""
    return msgspec.json.decode(await ports.blobs.get(use.findings_key(import_id)), type=list[PhotoItem])


@dataclass(frozen=True, slots=True)
class _Picture:
    """A picture that belongs to someone."""

    item: PhotoItem
    member: ArchiveMember
    identity: str


def _match(
    ports: Ports, files: Sequence[ArchiveMember], people: dict[bytes, list[tuple[str, str]]]
) -> tuple[list[PhotoItem], list[_Picture]]:
    items: list[PhotoItem] = []
    pictures: list[_Picture] = []
    seen: set[str] = set()
    for member in files:
        identity = rules.identity_of(member.name)
        item = PhotoItem(_masked_name(member.name, identity), mask_identity_number(identity))
        items.append(item)
        there = people.get(identity_index(ports.keys, identity), []) if identity else []
        if not rules.is_picture(member.name):
            item.findings.append(rules.not_a_picture())
        elif not there:
            item.findings.append(rules.unmatched(member.name))
        elif identity in seen:
            item.findings.append(rules.second_file())
        else:
            seen.add(identity)
            item.candidate_ids = [candidate_id for candidate_id, _ in there]
            pictures.append(_Picture(item, member, identity))
    return items, pictures


async def _inspect_all(ctx: JobContext, archive: bytes, pictures: Sequence[_Picture]) -> list[PictureFacts]:
    facts: list[PictureFacts] = []
    for batch in _batches(pictures):
        await ctx.report(len(facts), len(pictures), Words("正在检查照片", "Checking photos"))
        facts.extend(await _inspect([_extract(archive, one.member) for one in batch]))
    return facts


def _extract(archive: bytes, member: ArchiveMember) -> bytes:
    try:
        return extract_member(archive, member)
    except ArchiveNotReadable:
        # One damaged file is one unreadable photo, not a refused archive.
        return b""


async def _inspect(batch: Sequence[bytes]) -> list[PictureFacts]:
    """Return the facts of a batch; a picture that breaks the reader is found by halving and counts as unreadable."""
    try:
        answer = await run_limited(
            "invigil.prepare.candidates.reading.pictures:inspect_pictures",
            pack_pictures(batch),
            memory_bytes=PICTURE_MEMORY,
            timeout=PICTURE_TIME,
        )
    except _BROKEN:
        if len(batch) == 1:
            return [_UNREADABLE]
        middle = len(batch) // 2
        return [*await _inspect(batch[:middle]), *await _inspect(batch[middle:])]
    return unpack_facts(answer)


def _batches(pictures: Sequence[_Picture]) -> Iterator[Sequence[_Picture]]:
    start = held = 0
    for at, one in enumerate(pictures):
        if at > start and (at - start >= BATCH_PICTURES or held + one.member.real_bytes > BATCH_BYTES):
            yield pictures[start:at]
            start, held = at, 0
        held += one.member.real_bytes
    if start < len(pictures):
        yield pictures[start:]


async def _judge_and_keep(
    ports: Ports, import_id: str, pictures: Sequence[_Picture], facts: Sequence[PictureFacts]
) -> None:
    pairs = [(one.identity, fact) for one, fact in zip(pictures, facts, strict=True)]
    same = rules.find_same_pictures(pairs)
    for at, (one, fact) in enumerate(zip(pictures, facts, strict=True)):
        one.item.findings.extend(rules.judge_picture(fact))
        if at in same:
            one.item.findings.append(same[at])
        one.item.width, one.item.height = fact.width, fact.height
        if not one.item.is_refused:
            one.item.photo_key = f"{use.photos_folder(import_id)}/{at}"
            one.item.width, one.item.height = fact.kept_width, fact.kept_height
            await ports.blobs.put(one.item.photo_key, fact.jpeg)


def _count(items: Sequence[PhotoItem], people: dict[bytes, list[tuple[str, str]]]) -> dict[str, int]:
    """files, accepted, warned, refused; candidates who will still have no photo; findings by code."""
    accepted = [item for item in items if item.photo_key]
    given = {candidate_id for item in accepted for candidate_id in item.candidate_ids}
    counts = {
        "files": len(items),
        "accepted": len(accepted),
        "warned": sum(bool(item.findings) for item in accepted),
        "refused": len(items) - len(accepted),
        "still_missing": sum(
            not photo_key and candidate_id not in given
            for there in people.values()
            for candidate_id, photo_key in there
        ),
    }
    for item in items:
        for finding in item.findings:
            counts[f"issue.{finding.code}"] = counts.get(f"issue.{finding.code}", 0) + 1
    return counts


def _masked_name(name: str, identity: str) -> str:
    """Return the file's name for the report, its identity number masked."""
    short = name.rsplit("/", 1)[-1]
    for written in (identity, identity.lower()):
        short = short.replace(written, mask_identity_number(identity)) if identity else short
    return short
