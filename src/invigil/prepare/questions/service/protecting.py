"""Sealing what a question says; answers and contents have keys of their own, so neither opens as the other."""

import msgspec

from invigil.platform.keys import Keys
from invigil.prepare.questions.duplicates import fingerprint
from invigil.prepare.questions.model import AnswerKey, QuestionContent, QuestionType
from invigil.prepare.questions.rules import text_of

SUMMARY_CHARACTERS = 80
_LETTERS = {
    QuestionType.SINGLE: "s",
    QuestionType.MULTIPLE: "m",
    QuestionType.TRUE_FALSE: "t",
    QuestionType.FILL_IN: "f",
}
_TYPES = {letter: type_ for type_, letter in _LETTERS.items()}


def seal_content(keys: Keys, version_id: str, content: QuestionContent) -> bytes:
    """Seal what a candidate may see."""
    return keys.seal(msgspec.json.encode(content), purpose="questions.content", bound_to=_place("content", version_id))


def open_content(keys: Keys, version_id: str, sealed: bytes) -> QuestionContent:
    """Open what `seal_content` sealed."""
    plain = keys.open(sealed, purpose="questions.content", bound_to=_place("content", version_id))
    return msgspec.json.decode(plain, type=QuestionContent)


def seal_answers(keys: Keys, version_id: str, answers: AnswerKey) -> bytes:
    """Seal the answers."""
    plain = msgspec.json.encode(answers)
    return keys.seal(plain, purpose="questions.answer_key", bound_to=_place("answer_key", version_id))


def open_answers(keys: Keys, version_id: str, sealed: bytes) -> AnswerKey:
    """Open what `seal_answers` sealed."""
    plain = keys.open(sealed, purpose="questions.answer_key", bound_to=_place("answer_key", version_id))
    return msgspec.json.decode(plain, type=AnswerKey)


def seal_summary(keys: Keys, version_id: str, content: QuestionContent) -> bytes:
    """Seal the stem's first words."""
    words = " ".join(text_of(content.blocks).split())[:SUMMARY_CHARACTERS]
    return keys.seal_text(words, purpose="questions.summary", bound_to=_place("summary", version_id))


def open_summary(keys: Keys, version_id: str, sealed: bytes) -> str:
    """Open what `seal_summary` sealed."""
    return keys.open_text(sealed, purpose="questions.summary", bound_to=_place("summary", version_id))


def index_fingerprint(keys: Keys, content: QuestionContent) -> bytes:
    """Return 32 bytes that are equal for questions with the same normalised text, and tell nothing else."""
    return keys.blind_index(fingerprint(content), purpose="questions.fingerprint")


def encode_items(content: QuestionContent) -> str:
    """Return "s4,m5,t0,f2": per item its type's letter and its number of options, or of blanks for a fill-in."""
    parts = content.sub_questions if content.type is QuestionType.CASE else (content,)
    return ",".join(f"{_LETTERS[part.type]}{len(part.options) or part.blank_count}" for part in parts)


def decode_items(items: str) -> tuple[tuple[QuestionType, ...], tuple[int, ...], tuple[int, ...]]:
    """Return types, option counts and blank counts of the items."""
    pairs = [(_TYPES[item[0]], int(item[1:])) for item in items.split(",")]
    types = tuple(type_ for type_, _ in pairs)
    options = tuple(0 if type_ is QuestionType.FILL_IN else count for type_, count in pairs)
    blanks = tuple(count if type_ is QuestionType.FILL_IN else 0 for type_, count in pairs)
    return types, options, blanks


def _place(column: str, version_id: str) -> str:
    return f"questions_version/{column}/{version_id}"
