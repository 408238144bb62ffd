"""Rules a question must meet before it enters the bank, and the cut between what is shown and what is secret."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import ascii_uppercase

import msgspec

from invigil.kernel.words import Words
from invigil.prepare.questions.model import (
    Answer,
    AnswerKey,
    Block,
    BlockKind,
    ItemKey,
    Option,
    QuestionContent,
    QuestionDraft,
    QuestionType,
    SubQuestionContent,
    SubQuestionDraft,
)

MAX_OPTIONS = 10
MAX_BLOCKS = 40
MAX_TEXT_CHARACTERS = 20_000
MAX_SUB_QUESTIONS = 20
MAX_BLANKS = 20
MAX_ACCEPTED = 20
MAX_ANSWER_CHARACTERS = 200
MAX_PLAYS = 99
DIFFICULTIES = range(1, 6)
SUBJECT_CODE = re.compile(r"[A-Z][A-Z0-9]{0,7}")
TYPE_NAMES: Mapping[QuestionType, Words] = {
    QuestionType.SINGLE: Words("单选题", "Single choice"),
    QuestionType.MULTIPLE: Words("多选题", "Multiple choice"),
    QuestionType.TRUE_FALSE: Words("判断题", "True/false"),
    QuestionType.FILL_IN: Words("填空题", "Fill-in"),
    QuestionType.CASE: Words("案例题", "Case"),
}
MEDIA_PREFIXES: Mapping[BlockKind, str] = {
    BlockKind.PICTURE: "image/",
    BlockKind.AUDIO: "audio/",
    BlockKind.VIDEO: "video/",
}
_BREAK = re.compile(r"<br\s*/?>|</p>")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a draft may not enter the bank.

    code: stable, e.g. "answer_missing". sentence: Chinese, for the author. part: 0 for the question itself, n for the
    n-th sub-question.
    """

    code: str
    sentence: str
    part: int = 0


def text_of(blocks: tuple[Block, ...]) -> str:
    """Return the blocks' visible text without markup; media count as nothing."""
    return "\n".join(
        _TAG.sub("", _BREAK.sub("\n", block.html or "")) for block in blocks if block.kind is BlockKind.TEXT
    ).strip()


def find_problems(draft: QuestionDraft) -> tuple[Problem, ...]:
    """Return every reason why the draft may not enter the bank, in reading order; empty means acceptable.

    Text is judged as it stands: sanitise first.
    """
    return tuple(_problems_of_question(draft))


def _problems_of_question(draft: QuestionDraft) -> Iterator[Problem]:
    yield from _problems_of_stem(draft.blocks, part=0)
    yield from RULE_OF_TYPE[draft.type](draft)
    yield from _problems_of_blocks(draft.explanation, "解析", part=0)
    yield from _problems_of_classification(draft)


def _problems_of_classification(draft: QuestionDraft) -> Iterator[Problem]:
    if not draft.subject_codes:
        yield Problem("subject_missing", "没有填写适用科目。")
    if any(not SUBJECT_CODE.fullmatch(code) for code in draft.subject_codes):
        yield Problem("subject_malformed", "科目代码应为大写字母开头的字母或数字，例如 A、C1。")
    if list(draft.subject_codes) != sorted(set(draft.subject_codes)):
        yield Problem("subject_disordered", "科目代码应按顺序排列且不重复。")
    if not draft.knowledge_area.strip():
        yield Problem("knowledge_area_missing", "没有填写知识点。")
    if len(draft.knowledge_area) > 64:
        yield Problem("knowledge_area_long", "知识点不得超过 64 个字。")
    if draft.difficulty not in DIFFICULTIES:
        yield Problem("difficulty_out_of_range", "难度应为 1 至 5 的整数。")
    if len(draft.source) > 500:
        yield Problem("source_long", "出处不得超过 500 个字。")


def _problems_of_stem(blocks: tuple[Block, ...], part: int) -> Iterator[Problem]:
    if not text_of(blocks) and all(block.kind is BlockKind.TEXT for block in blocks):
        yield Problem("stem_missing", "题干是空的。", part)
    yield from _problems_of_blocks(blocks, "题干", part)


def _problems_of_blocks(blocks: tuple[Block, ...], where: str, part: int) -> Iterator[Problem]:
    if len(blocks) > MAX_BLOCKS:
        yield Problem("blocks_many", f"{where}的内容块超过 {MAX_BLOCKS} 个。", part)
    if sum(len(block.html or "") for block in blocks) > MAX_TEXT_CHARACTERS:
        yield Problem("text_long", f"{where}超过 {MAX_TEXT_CHARACTERS} 个字符。", part)
    for block in blocks:
        yield from _problems_of_block(block, where, part)


def _problems_of_block(block: Block, where: str, part: int) -> Iterator[Problem]:
    is_text = block.kind is BlockKind.TEXT
    if is_text != (block.html is not None) or is_text == (block.blob is not None):
        yield Problem("block_malformed", f"{where}中有一个内容块既不是文字，也没有对应的图片、音频或视频文件。", part)
    if block.play_limit is not None:
        if block.kind not in {BlockKind.AUDIO, BlockKind.VIDEO}:
            yield Problem("play_limit_misplaced", f"{where}中只有音频和视频可以限制播放次数。", part)
        elif not 1 <= block.play_limit <= MAX_PLAYS:
            yield Problem("play_limit_out_of_range", f"{where}的播放次数应为 1 至 {MAX_PLAYS}。", part)


def _problems_of_options(options: tuple[Option, ...], part: int) -> Iterator[Problem]:
    if len(options) < 2:
        yield Problem("options_few", "选择题至少要有两个选项。", part)
    if len(options) > MAX_OPTIONS:
        yield Problem("options_many", f"选项不得超过 {MAX_OPTIONS} 个。", part)
    if "".join(option.key for option in options) != ascii_uppercase[: len(options)]:
        yield Problem("option_keys_broken", "选项字母应从 A 起连续，不得缺少或重复。", part)
    for option in options:
        if not text_of(option.blocks) and all(block.kind is BlockKind.TEXT for block in option.blocks):
            yield Problem("option_empty", f"选项 {option.key} 是空的。", part)
        yield from _problems_of_blocks(option.blocks, f"选项 {option.key} ", part)
    texts = [text_of(option.blocks) for option in options]
    if any(
        text and texts.count(text) > 1 and not _has_media(option) for text, option in zip(texts, options, strict=True)
    ):
        yield Problem("options_equal", "有两个选项的文字完全相同。", part)


def _has_media(option: Option) -> bool:
    return any(block.kind is not BlockKind.TEXT for block in option.blocks)


def _problems_of_choice(answerable: QuestionDraft | SubQuestionDraft, part: int) -> Iterator[Problem]:
    yield from _problems_of_options(answerable.options, part)
    chosen = answerable.answer.choices if answerable.answer else None
    if not chosen:
        yield Problem("answer_missing", "没有答案。", part)
        return
    if any(key not in {option.key for option in answerable.options} for key in chosen):
        yield Problem("answer_without_option", f"答案 {''.join(chosen)} 中有不存在的选项。", part)
    if list(chosen) != sorted(set(chosen)):
        yield Problem("answer_disordered", "答案字母应按顺序排列且不重复。", part)


def _problems_of_single(answerable: QuestionDraft | SubQuestionDraft, part: int = 0) -> Iterator[Problem]:
    yield from _problems_of_choice(answerable, part)
    if answerable.answer and answerable.answer.choices and len(answerable.answer.choices) > 1:
        yield Problem("answer_not_single", "单选题只能有一个答案。", part)


def _problems_of_multiple(answerable: QuestionDraft | SubQuestionDraft, part: int = 0) -> Iterator[Problem]:
    # One right choice is allowed: 不定项选择题 are stored as multiple.
    yield from _problems_of_choice(answerable, part)


def _problems_of_true_false(answerable: QuestionDraft | SubQuestionDraft, part: int = 0) -> Iterator[Problem]:
    if answerable.options:
        yield Problem("options_misplaced", "判断题不应有选项。", part)
    if answerable.answer is None or answerable.answer.correct is None:
        yield Problem("answer_missing", "没有答案(对或错)。", part)


def _problems_of_fill_in(answerable: QuestionDraft | SubQuestionDraft, part: int = 0) -> Iterator[Problem]:
    if answerable.options:
        yield Problem("options_misplaced", "填空题不应有选项。", part)
    blanks = answerable.answer.blanks if answerable.answer else None
    if not blanks or any(not accepted or not all(text.strip() for text in accepted) for accepted in blanks):
        yield Problem("answer_missing", "没有答案，或有一个空没有答案。", part)
        return
    if len(blanks) > MAX_BLANKS or any(len(accepted) > MAX_ACCEPTED for accepted in blanks):
        yield Problem("answers_many", f"空不得超过 {MAX_BLANKS} 个，每空的可接受答案不得超过 {MAX_ACCEPTED} 个。", part)
    if any(len(text) > MAX_ANSWER_CHARACTERS for accepted in blanks for text in accepted):
        yield Problem("answer_long", f"每个填空答案不得超过 {MAX_ANSWER_CHARACTERS} 个字。", part)


def _problems_of_case(draft: QuestionDraft | SubQuestionDraft, part: int = 0) -> Iterator[Problem]:
    if isinstance(draft, SubQuestionDraft):
        yield Problem("case_nested", "案例题的小题不能再是案例题。", part)
        return
    if draft.options or draft.answer is not None:
        yield Problem("case_answerable", "案例题本身没有选项和答案，请写在小题里。", part)
    if not draft.sub_questions:
        yield Problem("sub_questions_missing", "案例题至少要有一道小题。", part)
    if len(draft.sub_questions) > MAX_SUB_QUESTIONS:
        yield Problem("sub_questions_many", f"案例题的小题不得超过 {MAX_SUB_QUESTIONS} 道。", part)
    for number, sub in enumerate(draft.sub_questions, start=1):
        yield from _problems_of_stem(sub.blocks, number)
        yield from RULE_OF_TYPE[sub.type](sub, number)
        yield from _problems_of_blocks(sub.explanation, "解析", number)


RULE_OF_TYPE: Mapping[QuestionType, Callable[..., Iterator[Problem]]] = {
    QuestionType.SINGLE: _problems_of_single,
    QuestionType.MULTIPLE: _problems_of_multiple,
    QuestionType.TRUE_FALSE: _problems_of_true_false,
    QuestionType.FILL_IN: _problems_of_fill_in,
    QuestionType.CASE: _problems_of_case,
}


def split_draft(draft: QuestionDraft) -> tuple[QuestionContent, AnswerKey]:
    """Return what a candidate may see and, apart from it, the answers.

    draft: without problems (`find_problems`); a draft with a missing answer is the caller's fault.
    """
    content = QuestionContent(
        type=draft.type,
        blocks=draft.blocks,
        options=draft.options,
        sub_questions=tuple(
            SubQuestionContent(sub.type, sub.blocks, sub.options, _blank_count(sub.answer))
            for sub in draft.sub_questions
        ),
        blank_count=_blank_count(draft.answer),
    )
    if draft.type is QuestionType.CASE:
        return content, AnswerKey(tuple(_item_key(sub) for sub in draft.sub_questions), draft.explanation)
    return content, AnswerKey((_item_key(draft),))


def _item_key(answerable: QuestionDraft | SubQuestionDraft) -> ItemKey:
    if answerable.answer is None:
        raise ValueError("a draft without an answer has no key")
    return ItemKey(answerable.type, answerable.answer, answerable.explanation)


def _blank_count(answer: Answer | None) -> int:
    return len(answer.blanks) if answer and answer.blanks else 0


def join_draft(
    content: QuestionContent,
    key: AnswerKey,
    *,
    subject_codes: tuple[str, ...],
    knowledge_area: str,
    difficulty: int,
    source: str,
) -> QuestionDraft:
    """Return the draft that `split_draft` had cut."""
    is_case = content.type is QuestionType.CASE
    subs = tuple(
        SubQuestionDraft(shown.type, shown.blocks, shown.options, item.answer, item.explanation)
        for shown, item in zip(content.sub_questions, key.items if is_case else (), strict=True)
    )
    return QuestionDraft(
        type=content.type,
        blocks=content.blocks,
        options=content.options,
        answer=None if is_case else key.items[0].answer,
        explanation=key.explanation if is_case else key.items[0].explanation,
        sub_questions=subs,
        subject_codes=subject_codes,
        knowledge_area=knowledge_area,
        difficulty=difficulty,
        source=source,
    )


AnyPart = QuestionDraft | SubQuestionDraft | QuestionContent | SubQuestionContent


def media_of(draft: QuestionDraft) -> tuple[str, ...]:
    """Return the ids of every medium the draft shows, in reading order, without repeats."""
    return media_of_parts((draft, *draft.sub_questions))


def media_of_parts(parts: Iterable[AnyPart]) -> tuple[str, ...]:
    """Return the ids of every medium in these parts, in reading order, without repeats."""
    found = [block.blob for part in parts for block in _blocks_of(part) if block.blob is not None]
    return tuple(dict.fromkeys(found))


def find_media_problems(draft: QuestionDraft) -> tuple[Problem, ...]:
    """Return a problem for every medium that is not stored (no media type), or is of another kind than its block."""
    found = []
    parts: tuple[AnyPart, ...] = (draft, *draft.sub_questions)
    for block in (one for part in parts for one in _blocks_of(part) if one.blob is not None):
        if not block.media_type:
            found.append(Problem("medium_missing", f"引用的文件“{block.blob}”没有上传或无法显示，请补传或删去。"))
        elif not block.media_type.startswith(MEDIA_PREFIXES.get(block.kind, "?")):
            found.append(Problem("medium_mismatch", f"引用的文件“{block.blob}”与内容块的类型不符。"))
    return tuple(found)


def _blocks_of(part: AnyPart) -> Iterator[Block]:
    yield from part.blocks
    for option in part.options:
        yield from option.blocks
    if isinstance(part, QuestionDraft | SubQuestionDraft):
        yield from part.explanation


def map_blocks(draft: QuestionDraft, change: Callable[[Block], Block]) -> QuestionDraft:
    """Return the draft with every block changed, in reading order."""

    def blocks(old: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(change(block) for block in old)

    def options(old: tuple[Option, ...]) -> tuple[Option, ...]:
        return tuple(Option(option.key, blocks(option.blocks)) for option in old)

    subs = tuple(
        SubQuestionDraft(sub.type, blocks(sub.blocks), options(sub.options), sub.answer, blocks(sub.explanation))
        for sub in draft.sub_questions
    )
    return msgspec.structs.replace(
        draft,
        blocks=blocks(draft.blocks),
        options=options(draft.options),
        explanation=blocks(draft.explanation),
        sub_questions=subs,
    )
