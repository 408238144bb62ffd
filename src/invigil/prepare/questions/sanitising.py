"""Question text is written by many hands and shown to candidates: only harmless markup passes (P16)."""

import re

import msgspec
import nh3

from invigil.prepare.questions.model import Answer, Block, BlockKind, Option, QuestionDraft, SubQuestionDraft

# Inline emphasis, formulas in one line and simple tables; no links, no styles, no scripts, nothing that loads.
ALLOWED_TAGS = {
    "p", "br", "b", "strong", "i", "em", "u", "s", "sub", "sup", "ul", "ol", "li",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ALLOWED_ATTRIBUTES = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_DROPPED_WITH_CONTENT = {"script", "style", "template", "noscript", "iframe", "object", "embed", "math", "svg"}
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

# Usually two: one that cleans, one that sees nothing more to do. Stray text in tables is moved out, row by row.
MOST_ROUNDS = 8

_cleaner = nh3.Cleaner(
    tags=ALLOWED_TAGS,
    attributes=ALLOWED_ATTRIBUTES,
    clean_content_tags=_DROPPED_WITH_CONTENT,
    strip_comments=True,
    url_schemes=set(),
    link_rel=None,
    attribute_filter=lambda _tag, _name, value: value if value.isdigit() and int(value) <= 50 else None,
)


def clean_html(html: str) -> str:
    """Return the text with only allowed tags; idempotent.

    Control and direction-changing characters go as well: they can make a candidate read another answer than is marked.
    Cleaned until it stays as it is: a browser reads the result once more, and must not make another tree of it. What does
    not come to rest loses all its tags.
    """
    text = _CONTROLS.sub("", html)
    for _ in range(MOST_ROUNDS):
        cleaned = _cleaner.clean(text).strip()
        if cleaned == text:
            return cleaned
        text = cleaned
    return nh3.clean(text, tags=set()).strip()


def clean_plain(text: str) -> str:
    """Return plain text (alt texts, sources) on one line without control characters; it is escaped where it is shown."""
    return " ".join(_CONTROLS.sub("", text).split())


def clean_draft(draft: QuestionDraft) -> QuestionDraft:
    """Return the draft with every text sanitised; the only way into the bank."""
    return msgspec.structs.replace(
        draft,
        blocks=_clean_blocks(draft.blocks),
        options=_clean_options(draft.options),
        explanation=_clean_blocks(draft.explanation),
        sub_questions=tuple(_clean_sub(sub) for sub in draft.sub_questions),
        knowledge_area=clean_plain(draft.knowledge_area),
        source=clean_plain(draft.source),
        answer=_clean_answer(draft.answer),
    )


def _clean_sub(sub: SubQuestionDraft) -> SubQuestionDraft:
    return msgspec.structs.replace(
        sub,
        blocks=_clean_blocks(sub.blocks),
        options=_clean_options(sub.options),
        explanation=_clean_blocks(sub.explanation),
        answer=_clean_answer(sub.answer),
    )


def _clean_answer(answer: Answer | None) -> Answer | None:
    if answer is None or answer.blanks is None:
        return answer
    blanks = tuple(tuple(clean_plain(text) for text in accepted) for accepted in answer.blanks)
    return msgspec.structs.replace(answer, blanks=blanks)


def _clean_options(options: tuple[Option, ...]) -> tuple[Option, ...]:
    return tuple(Option(option.key, _clean_blocks(option.blocks)) for option in options)


def _clean_blocks(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple(_clean_block(block) for block in blocks)


def _clean_block(block: Block) -> Block:
    if block.kind is BlockKind.TEXT:
        return msgspec.structs.replace(block, html=clean_html(block.html or ""), alt=clean_plain(block.alt))
    return msgspec.structs.replace(block, alt=clean_plain(block.alt))
