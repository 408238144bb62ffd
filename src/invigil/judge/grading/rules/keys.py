"""From the bank's answer keys and the corrections in force to marking keys."""

from collections.abc import Iterable, Mapping
from typing import Any

from invigil.judge.grading.model import Change, CorrectedAnswer, Correction, MarkingKey, Treatment
from invigil.judge.grading.rules.reading import RIGHT, WRONG
from invigil.judge.grading.rules.refusals import CorrectionUnknown, CorrectionUnsuitable
from invigil.prepare.papers.api import Pool, QuestionType

Keys = dict[tuple[int, int], MarkingKey]
Document = Mapping[str, Any]


def make_keys(pool: Pool, documents: Mapping[str, Document]) -> Keys:
    """Return the marking keys by (place in the pool, part).

    documents: the bank's `AnswerKey` as JSON values by version id; versions without one are left out.
    """
    keys: Keys = {}
    for place, question in enumerate(pool.questions):
        document = documents.get(question.version_id)
        if document is None:
            continue
        for part, item in enumerate(document["items"]):
            keys[place, part] = _make_key(item, question.option_counts[part])
    return keys


def _make_key(item: Document, option_count: int) -> MarkingKey:
    answer, kind = item["answer"], QuestionType(item["type"])
    blanks = tuple(tuple(variants) for variants in answer.get("blanks") or ())
    return MarkingKey(kind, option_count, _accepted_of(answer), blanks)


def _accepted_of(answer: Document) -> tuple[int, ...]:
    if answer.get("choices"):
        return (bits_of(answer["choices"]),)
    if answer.get("correct") is not None:
        return (RIGHT if answer["correct"] else WRONG,)
    return ()


def bits_of(letters: Iterable[str]) -> int:
    """Return written letters as bits."""
    bits = 0
    for letter in letters:
        bits |= 1 << (ord(letter) - ord("A"))
    return bits


def correct_keys(keys: Keys, pool: Pool, corrections: Iterable[Correction], *, strict: bool = True) -> Keys:
    """Return the keys with the corrections made one after another.

    strict: whether an item that is in no paper of this pool is refused; False passes it over (it belongs to another subject).
    Raises: CorrectionUnknown; CorrectionUnsuitable - the answer is not of the item's type.
    """
    place_of = {question.version_id: place for place, question in enumerate(pool.questions)}
    corrected = dict(keys)
    for correction in corrections:
        at = (place_of.get(correction.version_id, -1), correction.part)
        if at in corrected:
            corrected[at] = _correct(corrected[at], correction)
        elif strict:
            raise CorrectionUnknown(version_id=correction.version_id, part=correction.part + 1)
    return corrected


def _correct(key: MarkingKey, correction: Correction) -> MarkingKey:
    if correction.answer is None:
        treatment = Treatment.AWARD_ALL if correction.change is Change.AWARD_ALL else Treatment.REMOVE
        return key._replace(treatment=treatment)
    if not _suits(key, correction.answer):
        raise CorrectionUnsuitable(version_id=correction.version_id, part=correction.part + 1)
    accepted = _accepted_of(correction.answer.model_dump())
    blanks = correction.answer.blanks or ()
    if correction.change is Change.REKEY:
        return key._replace(accepted=accepted, blanks=blanks, treatment=Treatment.MARK)
    merged = tuple(tuple(dict.fromkeys((*old, *new))) for old, new in zip(key.blanks, blanks, strict=True))
    return key._replace(
        accepted=tuple(dict.fromkeys((*key.accepted, *accepted))), blanks=merged, treatment=Treatment.MARK
    )


def _suits(key: MarkingKey, answer: CorrectedAnswer) -> bool:
    given = [name for name, value in answer.model_dump().items() if value is not None]
    match key.type:
        case QuestionType.TRUE_FALSE:
            return given == ["correct"]
        case QuestionType.FILL_IN:
            return given == ["blanks"] and len(answer.blanks or ()) == len(key.blanks)
        case QuestionType.SINGLE:
            return given == ["choices"] and len(answer.choices or ()) == 1 and _are_options(key, answer)
        case _:
            return given == ["choices"] and _are_options(key, answer)


def _are_options(key: MarkingKey, answer: CorrectedAnswer) -> bool:
    return not key.option_count or bits_of(answer.choices or ()) < 1 << key.option_count
