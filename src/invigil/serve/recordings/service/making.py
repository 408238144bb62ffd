"""Making a package: one film after the other, each durable by itself, so that a restart goes on where it was."""

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from invigil.base.audit.api import record
from invigil.kernel.ids import AttemptId, RoomId
from invigil.kernel.words import Words
from invigil.platform.db import Transaction
from invigil.platform.jobs import JobContext
from invigil.platform.remuxing import Film, join
from invigil.prepare.candidates.api import PublicCard, read_public_cards
from invigil.prepare.rooms.api import list_rooms
from invigil.serve.recordings import store
from invigil.serve.recordings.model import Package, PackagedFile, Scope
from invigil.serve.recordings.rules.archive import ArchivedFile, ArchiveLayout
from invigil.serve.recordings.rules.naming import BEIJING, TRACKS_ZH, name_film, name_folder
from invigil.serve.recordings.rules.refusals import NothingRecorded, PackageNotFound
from invigil.serve.recordings.service.filming import KeyedTake, TakeBrokenError, is_same_coding, make_film
from invigil.serve.recordings.service.pieces import count_pieces, keep_file
from invigil.sit.answering.api import Attempt, access_attempt, list_attempts
from invigil.sit.recording.api import (
    CAUSES_ZH,
    Take,
    TrackCoverage,
    compute_coverage,
    list_segments,
    list_takes,
    open_take_key,
)

# Long enough to fetch many gigabytes after a weekend.
KEEP_FOR = timedelta(days=7)
MANIFEST = "manifest"
MANIFEST_PATH = "清单.json"


@dataclass(frozen=True, slots=True)
class PlannedFilm:
    """A take that becomes a film. stem: its path without the suffix, which the codec decides."""

    attempt: Attempt
    take: Take
    stem: str


@dataclass(frozen=True, slots=True)
class PlannedAttempt:
    """A candidate of the package."""

    attempt: Attempt
    card: PublicCard | None
    folder: str
    room_number: int
    coverage: Sequence[TrackCoverage]
    films: Sequence[PlannedFilm]

    def list_tracks(self) -> list[list[PlannedFilm]]:
        """Return the takes by track, each in order of time."""
        found: dict[str, list[PlannedFilm]] = {}
        for film in self.films:
            found.setdefault(film.take.track, []).append(film)
        return list(found.values())


async def make_package(ctx: JobContext, package_id: str) -> dict[str, Any]:
    """Make the files of a package; repeatable: films that are there already are not made again.

    Raises: NothingRecorded.
    Source: S4.7.
    """
    async with ctx.db.reading() as tx:
        package = await store.read_package(tx, package_id)
        if package is None:
            raise PackageNotFound
        plan = await plan_package(tx, package.scope, package.scope_id)
        there = {file.source for file in await store.list_files(tx, package_id)}
    tracks = [track for attempt in plan for track in attempt.list_tracks()]
    if not tracks:
        raise NothingRecorded
    for done, track in enumerate(tracks):
        await ctx.report(
            done,
            len(tracks) + 1,
            Words(f"正在制作第 {done + 1} 路录像，共 {len(tracks)} 路", f"Making track {done + 1} of {len(tracks)}"),
        )
        if not {film.take.id for film in track} <= there:
            await _make_track(ctx, package_id, track)
    await ctx.report(len(tracks), len(tracks) + 1, Words("正在写入清单", "Writing the list of contents"))
    return await _enter(ctx, package, plan)


async def plan_package(tx: Transaction, scope: Scope, scope_id: str) -> list[PlannedAttempt]:
    """Return what a scope holds, by room and seat; candidates without any recording are in it, with their gaps."""
    attempts = await _list_scope(tx, scope, scope_id)
    cards = await read_public_cards(tx, [one.candidate_id for one in attempts])
    numbers: dict[str, int] = {}
    for sitting_id in {one.sitting_id for one in attempts}:
        numbers |= {room.id: room.number for room in await list_rooms(tx, sitting_id)}
    planned = [
        await _plan_attempt(tx, one, cards.get(one.candidate_id), numbers.get(one.room_id, 0)) for one in attempts
    ]
    return sorted(planned, key=lambda one: (one.room_number, one.attempt.seat_number))


async def _list_scope(tx: Transaction, scope: Scope, scope_id: str) -> list[Attempt]:
    match scope:
        case Scope.CANDIDATE:
            return [await access_attempt(tx, AttemptId(scope_id))]
        case Scope.ROOM:
            return await list_attempts(tx, room_id=RoomId(scope_id))
        case Scope.SITTING:
            return await list_attempts(tx, sitting_id=scope_id)


async def _plan_attempt(tx: Transaction, attempt: Attempt, card: PublicCard | None, room_number: int) -> PlannedAttempt:
    name, ticket = (card.name, card.ticket_number) if card else ("", "")
    folder = name_folder(room_number, attempt.seat_number, name, ticket)
    films: list[PlannedFilm] = []
    counted: dict[str, int] = {}
    # By the server's clock: a page may say of itself that it began at any time.
    for take in sorted(await list_takes(tx, attempt.id), key=lambda one: (one.origin_ms or 0, one.id)):
        if take.is_test or take.segment_count < 2 or not take.sealed_key:
            continue
        counted[take.track] = number = counted.get(take.track, 0) + 1
        stem = name_film(folder, take.track, number, take.started_at)
        films.append(PlannedFilm(attempt, take, stem))
    return PlannedAttempt(attempt, card, folder, room_number, await compute_coverage(tx, attempt), films)


async def _make_track(ctx: JobContext, package_id: str, planned: Sequence[PlannedFilm]) -> None:
    """Make one film of a track: takes of the same coding become one, where it changes a numbered film begins."""
    made: list[PackagedFile] = []
    run: list[tuple[PlannedFilm, Film]] = []
    for one in planned:
        try:
            film = await _film_take(ctx, one)
        except TakeBrokenError as fault:
            made.append(PackagedFile(one.take.id, one.stem, 0, 0, "", 0, str(fault)))
            continue
        if run and not is_same_coding(run[0][1], film):
            made += await _keep_run(ctx, package_id, run)
            run = []
        run.append((one, film))
    if run:
        made += await _keep_run(ctx, package_id, run)
    async with ctx.db.transaction() as tx:
        for file in made:
            await store.replace_file(tx, package_id, file)


async def _film_take(ctx: JobContext, planned: PlannedFilm) -> Film:
    async with ctx.db.reading() as tx:
        keyed = KeyedTake(planned.take, await list_segments(tx, planned.take), open_take_key(tx, planned.take))
    return await make_film(ctx.ports.media, keyed)


async def _keep_run(ctx: JobContext, package_id: str, run: Sequence[tuple[PlannedFilm, Film]]) -> list[PackagedFile]:
    """Join the takes of a run and keep the film under the first of them; the others name it."""
    first, film = run[0]
    if len(run) > 1:
        film = await join([one.content for _, one in run], [one.take.last_p1_ms for one, _ in run])
    path = f"{first.stem}.{film.suffix}"
    await keep_file(ctx.ports.blobs, package_id, first.take.id, film.content)
    rest = [PackagedFile(one.take.id, path, 0, 0, "", 0) for one, _ in run[1:]]
    return [_file_of(first.take.id, path, film.content), *rest]


def _file_of(source: str, path: str, content: bytes) -> PackagedFile:
    digest = hashlib.sha256(content).hexdigest()
    return PackagedFile(source, path, len(content), zlib.crc32(content), digest, count_pieces(len(content)))


async def _enter(ctx: JobContext, package: Package, plan: Sequence[PlannedAttempt]) -> dict[str, Any]:
    async with ctx.db.reading() as tx:
        made = {file.source: file for file in await store.list_files(tx, package.id) if file.source != MANIFEST}
        now = tx.now
    manifest = json.dumps(describe_package(package, plan, made, now), ensure_ascii=False, indent=1).encode()
    await keep_file(ctx.ports.blobs, package.id, MANIFEST, manifest)
    whole = [*made.values(), _file_of(MANIFEST, MANIFEST_PATH, manifest)]
    layout = lay_out(whole, now)
    faults = sum(bool(file.fault) for file in whole)
    result = {"files": sum(file.is_kept for file in whole), "faults": faults, "bytes": layout.total_bytes}
    async with ctx.db.transaction() as tx:
        await store.replace_file(tx, package.id, whole[-1])
        values = {"file_count": result["files"], "fault_count": faults, "total_bytes": layout.total_bytes}
        await store.write_made(tx, package.id, {**values, "made_at": now, "expires_at": now + KEEP_FOR})
        await record(tx, ctx.owner, act="recordings.package.make", on=package.id, details=result)
        await ctx.conclude(Words(f"共 {result['files']} 个文件", f"Files made: {result['files']}"))
        await ctx.settle(tx, result)
    return result


def lay_out(files: Sequence[PackagedFile], made_at: datetime) -> ArchiveLayout:
    """Return the layout of the ZIP over the files that could be made, by path; the manifest is in it."""
    at = made_at.astimezone(BEIJING)
    kept = sorted((file for file in files if file.is_kept), key=lambda one: one.path)
    return ArchiveLayout([ArchivedFile(file.path, file.file_bytes, file.crc32, at) for file in kept])


def describe_package(
    package: Package, plan: Sequence[PlannedAttempt], made: Mapping[str, PackagedFile], now: datetime
) -> dict[str, Any]:
    """Return the manifest: every film with its hash and place in time, every gap with its cause, every fault."""
    return {
        "格式": "invigil-recordings/1",
        "录像包": package.id,
        "用途": package.purpose,
        "申请人": package.ordered_by_name,
        "制作时间": now.isoformat(),
        "考生": [_describe_attempt(one, made) for one in plan],
    }


def _describe_attempt(one: PlannedAttempt, made: Mapping[str, PackagedFile]) -> dict[str, Any]:
    return {
        "姓名": one.card.name if one.card else "",
        "准考证号": one.card.ticket_number if one.card else "",
        "考场": one.room_number,
        "座位": one.attempt.seat_number,
        "考试记录": one.attempt.id,
        "录像": [said for track in one.list_tracks() for said in _describe_films(track, made)],
        "录制轨": [_describe_track(track) for track in one.coverage],
    }


def _describe_films(track: Sequence[PlannedFilm], made: Mapping[str, PackagedFile]) -> list[dict[str, Any]]:
    """Return the films of a track, each with the takes in it: where in the film a take begins, and when that was."""
    films: list[dict[str, Any]] = []
    for planned in track:
        file, take = made[planned.take.id], planned.take
        said: dict[str, Any] = {
            "段次": take.id, "起点": take.origin_ms, "时长毫秒": take.last_p1_ms, "录制分段数": take.segment_count,
            "录制末段SHA-256": take.last_sha256, "结束原因": CAUSES_ZH[take.end.cause] if take.end else "",
        }  # fmt: skip
        if file.fault:
            films.append({"录制轨": TRACKS_ZH[take.track], "未能制作": file.fault, "各段": [said]})
        elif file.is_kept:
            whole = {"文件": file.path, "字节": file.file_bytes, "SHA-256": file.sha256}
            films.append({"录制轨": TRACKS_ZH[take.track], **whole, "各段": [{**said, "片内毫秒": 0}]})
        else:
            film = next(one for one in films if one.get("文件") == file.path)
            within = sum(one["时长毫秒"] for one in film["各段"])
            film["各段"].append({**said, "片内毫秒": within})
    return films


def _describe_track(one: TrackCoverage) -> dict[str, Any]:
    gaps = [{"起": gap.span.from_ms, "止": gap.span.to_ms, "原因": CAUSES_ZH[gap.cause]} for gap in one.gaps]
    return {
        "录制轨": TRACKS_ZH[one.track],
        "要求录制": one.is_required,
        "已存毫秒": one.stored_ms,
        "缺口毫秒": one.gap_ms,
        "缺口": gaps,
    }
