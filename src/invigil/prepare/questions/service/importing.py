"""The two jobs of an import: read the file into staged questions, write the confirmed ones into the bank."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from invigil.base.audit.api import record
from invigil.kernel.refusals import Refusal
from invigil.kernel.words import Words
from invigil.platform.entropy import new_id
from invigil.platform.jobs import JobContext
from invigil.platform.sandbox import run_limited
from invigil.prepare.questions.duplicates import fingerprint
from invigil.prepare.questions.importing.doubts import HIDDEN
from invigil.prepare.questions.importing.model import LineUse, ParsedFile, ParsedQuestion, Picture
from invigil.prepare.questions.model import Block, QuestionDraft
from invigil.prepare.questions.refusals import ImportState
from invigil.prepare.questions.rules import map_blocks
from invigil.prepare.questions.service.bank import check_draft, insert_question
from invigil.prepare.questions.service.comparing import find_twins, load_fingerprints
from invigil.prepare.questions.service.imports import access_import, lines_key, source_key
from invigil.prepare.questions.service.media import Medium, blob_key, insert_medium
from invigil.prepare.questions.service.staged import (
    StagedQuestion,
    Twin,
    fill_in_defaults,
    open_staged,
    stage_row,
)
from invigil.prepare.questions.store import imports as store
from invigil.prepare.questions.store import media as media_store

MEGABYTE = 1024 * 1024
MEMORY_BYTES = 1_536 * MEGABYTE
TIMEOUT = timedelta(seconds=120)
# Short transactions: on SQLite a long one would hold up the answers of a sitting.
WRITE_PIECE = 50
ENTRY = "invigil.prepare.questions.importing.entry:parse_file"


async def read_import(ctx: JobContext, import_id: str) -> Mapping[str, Any]:
    """Read the uploaded file in the sandbox and stage its questions; repeatable.

    Raises: Refusal - the file cannot be read; the import then says so.
    """
    await ctx.report(0, 4, Words("正在读取文件", "Reading the file"))
    content = await ctx.ports.blobs.get(source_key(import_id))
    try:
        answer = await run_limited(ENTRY, content, memory_bytes=MEMORY_BYTES, timeout=TIMEOUT)
    except Refusal as refusal:
        async with ctx.db.transaction() as tx:
            said = {"refusal_zh": refusal.message_zh[:500], "refusal_en": refusal.message_en[:500]}
            await store.move_import(tx, import_id, ImportState.READING, ImportState.REFUSED, **said)
        raise
    parsed = msgspec.json.decode(answer, type=ParsedFile)
    await ctx.report(1, 4, Words("正在保存图片与媒体", "Storing pictures and media"))
    media = await _keep_media(ctx, import_id, (*parsed.pictures, *parsed.attachments))
    await ctx.report(2, 4, Words("正在与题库比对", "Comparing with the bank"))
    twins = await _compare(ctx, [question.draft for question in parsed.questions])
    await ctx.report(3, 4, Words("正在整理预览", "Composing the preview"))
    return await _stage(ctx, import_id, parsed, media, twins)


async def _keep_media(ctx: JobContext, import_id: str, found: Iterable[Picture]) -> dict[str, Medium]:
    """Store what can be shown; return it by its name in the file."""
    kept: dict[str, Medium] = {}
    await _forget_media(ctx, import_id)
    for one in found:
        if one.media_type:
            medium = Medium(new_id("media"), one.media_type, len(one.data))
            await ctx.ports.blobs.put(blob_key(medium.id), one.data)
            kept[one.name] = medium
    async with ctx.db.transaction() as tx:
        for medium in kept.values():
            await insert_medium(tx, ctx.owner, medium, import_id=import_id)
    return kept


async def _forget_media(ctx: JobContext, import_id: str) -> None:
    """Delete what an attempt that was broken off had stored."""
    async with ctx.db.transaction() as tx:
        left = await media_store.list_of_import(tx, import_id)
        await media_store.delete_of_import(tx, import_id)
    for one in left:
        await ctx.ports.blobs.delete(blob_key(one))


async def _compare(ctx: JobContext, drafts: Sequence[QuestionDraft]) -> dict[int, list[Twin]]:
    async with ctx.db.reading() as tx:
        bank = await load_fingerprints(tx)
    return await asyncio.to_thread(find_twins, bank, [fingerprint(draft) for draft in drafts])


async def _stage(
    ctx: JobContext, import_id: str, parsed: ParsedFile, media: Mapping[str, Medium], twins: Mapping[int, list[Twin]]
) -> Mapping[str, Any]:
    await ctx.ports.blobs.put(lines_key(import_id), msgspec.json.encode(parsed.lines))
    async with ctx.db.transaction() as tx:
        defaults = (await access_import(tx, import_id)).defaults
        rows = [
            stage_row(
                tx.keys,
                import_id,
                position,
                StagedQuestion(
                    question.number,
                    question.lines,
                    _name_media(fill_in_defaults(question.draft, defaults), media),
                    question.doubts,
                    tuple(twins.get(position, ())),
                ),
                is_included=_is_included_at_first(question, twins.get(position, ())),
            )
            for position, question in enumerate(parsed.questions, start=1)
        ]
        await store.replace_items(tx, import_id, rows)
        unplaced = sum(line.use is LineUse.UNPLACED for line in parsed.lines)
        counts = await store.count_items(tx, import_id) | {"unplaced_lines": unplaced, "media": len(media)}
        await store.move_import(tx, import_id, ImportState.READING, ImportState.READY, counts=counts)
        await ctx.conclude(Words(f"读到 {len(rows)} 道题", f"Questions read: {len(rows)}"))
        await ctx.settle(tx, counts)
    return counts


def _is_included_at_first(question: ParsedQuestion, twins: Sequence[Twin]) -> bool:
    """What is in the bank already, or was hidden in the file, comes in only when somebody says so."""
    return not any(twin.percent == 100 for twin in twins) and not any(one.code in HIDDEN for one in question.doubts)


def _name_media(draft: QuestionDraft, media: Mapping[str, Medium]) -> QuestionDraft:
    """Put stored media in the place of the file's names; a name without a medium stays and is a doubt."""

    def name(block: Block) -> Block:
        medium = media.get(block.blob or "")
        return block if medium is None else msgspec.structs.replace(block, blob=medium.id, media_type=medium.media_type)

    return map_blocks(draft, name)


async def write_import(ctx: JobContext, import_id: str) -> Mapping[str, Any]:
    """Write the confirmed questions, a few per transaction; what is written stays written when the job runs again."""
    while True:
        async with ctx.db.transaction() as tx:
            waiting = await store.list_unwritten(tx, import_id, limit=WRITE_PIECE)
            for row in waiting:
                staged = open_staged(tx.keys, import_id, row.position, row.staged)
                question_id = await insert_question(tx, ctx.owner, await check_draft(tx, staged.draft))
                await store.update_item(tx, import_id, row.position, {"question_id": question_id})
            counts = await store.count_items(tx, import_id)
            said = Words(f"已写入 {counts['written']} 道题", f"Questions written: {counts['written']}")
            await ctx.report(counts["written"], counts["included"], said)
            if not waiting:
                await store.move_import(tx, import_id, ImportState.WRITING, ImportState.WRITTEN, counts=counts)
                details = {"questions": counts["written"]}
                await record(tx, ctx.owner, act="questions.import.write", on=import_id, details=details)
                await ctx.conclude(said)
                await ctx.settle(tx, counts)
                return counts
