"""What papers ask of the question bank."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from invigil.platform.db import Transaction
from invigil.platform.ports import Ports
from invigil.prepare.papers.model import Pool, PoolQuestion, QuestionType
from invigil.prepare.papers.rules.encoding import MAX_POOL
from invigil.prepare.papers.rules.refusals import PoolTooLarge
from invigil.prepare.papers.rules.rendering import is_order_free
from invigil.prepare.questions.api import list_pool, load_answer_keys, load_contents, load_medium

Documents = dict[str, Mapping[str, Any]]


class Medium(NamedTuple):
    """A picture, sound or film. content: bytes as stored; media_type: e.g. "image/png"."""

    content: bytes
    media_type: str


class Snapshot(NamedTuple):
    """The pool as it is now. repeated: questions left out because an equal one is in it."""

    pool: Pool
    repeated: int


async def take_snapshot(tx: Transaction, subject_code: str) -> Snapshot:
    """Return the subject's active questions, one of each group of equal ones, sorted by version.

    Options that speak of each other keep their order, so their count is given as 0.
    Raises: PoolTooLarge.
    """
    entries = sorted(await list_pool(tx, subject_code), key=lambda entry: entry.question_version_id)
    first_of = {entry.duplicate_group: entry for entry in reversed(entries)}
    kept = [entry for entry in entries if first_of[entry.duplicate_group] is entry]
    if len(kept) > MAX_POOL:
        raise PoolTooLarge(count=len(kept), most=MAX_POOL)
    contents = await open_contents(tx, [entry.question_version_id for entry in kept])
    questions = tuple(
        PoolQuestion(
            entry.question_version_id,
            entry.question_id,
            QuestionType(entry.type.value),
            entry.knowledge_area,
            entry.difficulty,
            _count_shufflable(contents[entry.question_version_id], entry.option_counts),
        )
        for entry in kept
    )
    return Snapshot(Pool(questions), len(entries) - len(kept))


def _count_shufflable(content: Mapping[str, Any], option_counts: Iterable[int]) -> tuple[int, ...]:
    items = content.get("sub_questions") or [content]
    return tuple(
        count if is_order_free(item.get("options", ())) else 0 for item, count in zip(items, option_counts, strict=True)
    )


async def open_contents(tx: Transaction, version_ids: Iterable[str]) -> Documents:
    """Return what candidates see of these versions, as JSON values."""
    contents = await load_contents(tx, list(version_ids))
    return {version_id: msgspec.to_builtins(content) for version_id, content in contents.items()}


async def open_answer_keys(tx: Transaction, version_ids: Iterable[str]) -> Documents:
    """Return the answer keys of these versions, as JSON values."""
    keys = await load_answer_keys(tx, list(version_ids))
    return {version_id: msgspec.to_builtins(key) for version_id, key in keys.items()}


async def open_medium(tx: Transaction, ports: Ports, media_id: str) -> Medium:
    """Return a medium of the bank.

    Raises: MediumNotFound.
    """
    media_type, content = await load_medium(tx, ports, media_id)
    return Medium(content, media_type)
