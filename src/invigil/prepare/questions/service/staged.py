"""A question of an import on its way into the bank."""

from collections.abc import Mapping
from typing import Any

import msgspec

from invigil.platform.keys import Keys
from invigil.prepare.questions.importing.model import Doubt
from invigil.prepare.questions.model import QuestionDraft
from invigil.prepare.questions.rules import Problem, find_media_problems, find_problems
from invigil.prepare.questions.sanitising import clean_draft

PURPOSE = "questions.staged"


class Twin(msgspec.Struct, frozen=True):
    """A question that looks alike: of the bank (`question_id`) or of the same file (`position`, else 0)."""

    percent: int
    question_id: str = ""
    position: int = 0


class StagedQuestion(msgspec.Struct, frozen=True):
    """What was understood, and what a person made of it. number, lines: as in the file."""

    number: str
    lines: tuple[int, ...]
    draft: QuestionDraft
    doubts: tuple[Doubt, ...] = ()
    twins: tuple[Twin, ...] = ()


class Defaults(msgspec.Struct, frozen=True):
    """What the file does not say and the person who imports it does; "" and () leave it open."""

    subject_codes: tuple[str, ...] = ()
    knowledge_area: str = ""
    source: str = ""


def fill_in_defaults(draft: QuestionDraft, defaults: Defaults) -> QuestionDraft:
    """Return the draft with what it lacks taken from the defaults."""
    return msgspec.structs.replace(
        draft,
        subject_codes=draft.subject_codes or defaults.subject_codes,
        knowledge_area=draft.knowledge_area or defaults.knowledge_area,
        source=draft.source or defaults.source,
    )


def find_staged_problems(draft: QuestionDraft) -> tuple[Problem, ...]:
    """Return everything that keeps a staged question out of the bank, its media included."""
    return (*find_problems(draft), *find_media_problems(draft))


def stage_row(
    keys: Keys, import_id: str, position: int, staged: StagedQuestion, *, is_included: bool
) -> Mapping[str, Any]:
    """Return the row of a staged question; its draft is sanitised here."""
    staged = msgspec.structs.replace(staged, draft=clean_draft(staged.draft))
    plain = msgspec.json.encode(staged)
    return {
        "import_id": import_id,
        "position": position,
        "type": staged.draft.type.value,
        "is_included": is_included,
        "is_adjusted": False,
        "doubt_count": len(staged.doubts),
        "problem_count": len(find_staged_problems(staged.draft)),
        "duplicate_count": len(staged.twins),
        "staged": keys.seal(plain, purpose=PURPOSE, bound_to=_place(import_id, position)),
        "question_id": "",
    }


def open_staged(keys: Keys, import_id: str, position: int, sealed: bytes) -> StagedQuestion:
    """Return the staged question of a row."""
    plain = keys.open(sealed, purpose=PURPOSE, bound_to=_place(import_id, position))
    return msgspec.json.decode(plain, type=StagedQuestion)


def _place(import_id: str, position: int) -> str:
    return f"questions_import_item/staged/{import_id}/{position}"
