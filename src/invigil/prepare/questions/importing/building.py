"""Interprets cut questions: type, answer, options, blanks; whatever had to be guessed becomes a doubt."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from invigil.prepare.questions.importing import answers as reading
from invigil.prepare.questions.importing.blanks import build_fill_in
from invigil.prepare.questions.importing.classification import Classification
from invigil.prepare.questions.importing.doubts import doubt
from invigil.prepare.questions.importing.folding import fold
from invigil.prepare.questions.importing.marks import TYPE_OF_SECTION, FieldKind, SectionKind, find_type_hint
from invigil.prepare.questions.importing.markup import to_blocks
from invigil.prepare.questions.importing.model import Doubt, ParsedQuestion, Picture
from invigil.prepare.questions.importing.raw import Group, Piece, RawQuestion
from invigil.prepare.questions.model import Answer, Option, QuestionDraft, QuestionType, SubQuestionDraft
from invigil.prepare.questions.rules import TYPE_NAMES

EMPTY_BRACKETS = "（　）"
_TRAILING_EMPTY = re.compile(r"\s*[(\[]\s*[)\]]\s*([。.]?)\s*$")
_TRAILING_TICK = re.compile(r"(?:(?<=[。.\s])\s*(正确|错误|对|错|[TF])|\s*([√×]))\s*[。.]?\s*$")
_BLANK = re.compile(r"_{2,}")


@dataclass
class _Work:
    """A question while it is interpreted. stem: original text; answers: candidates with their lines, best last."""

    raw: RawQuestion
    stem: str
    section: SectionKind | None
    pictures: Sequence[Picture]
    doubts: list[Doubt] = field(default_factory=list)
    answers: list[Piece] = field(default_factory=list)
    type: QuestionType = QuestionType.SINGLE

    @property
    def first_line(self) -> tuple[int, ...]:
        return (self.raw.stem[0].line,) if self.raw.stem else tuple(self.raw.lines[:1])


@dataclass(frozen=True)
class _Built:
    type: QuestionType
    stem: str
    options: tuple[Option, ...]
    answer: Answer | None
    doubts: list[Doubt]


def build(raw: RawQuestion, group: Group, pictures: Sequence[Picture]) -> ParsedQuestion:
    """Return the question as understood, with its doubts in the order in which they arose."""
    # What is written at a part holds for the whole case; what the case says itself comes last and counts.
    classification = Classification([*(one for sub in raw.subs for one in sub.fields), *raw.fields], group.topic)
    is_case = raw.is_case or bool(raw.subs) or (group.kind is SectionKind.CASE and not raw.options)
    built = _build_case(raw) if is_case else _build_part(raw, group.kind, pictures)
    subs, sub_doubts = _build_subs(raw, pictures)
    draft = QuestionDraft(
        type=built.type,
        blocks=to_blocks(built.stem, pictures),
        options=built.options,
        answer=built.answer,
        explanation=to_blocks(_explanation(raw), pictures),
        sub_questions=subs,
        subject_codes=classification.subject_codes,
        knowledge_area=classification.knowledge_area,
        difficulty=classification.difficulty,
        source=classification.source,
    )
    doubts = (*raw.doubts, *built.doubts, *sub_doubts, *classification.doubts, *_picture_doubts(raw, pictures))
    return ParsedQuestion(str(raw.number or ""), tuple(sorted(set(raw.lines))), draft, doubts)


def _build_subs(raw: RawQuestion, pictures: Sequence[Picture]) -> tuple[tuple[SubQuestionDraft, ...], list[Doubt]]:
    subs, doubts = [], []
    for sub in raw.subs:
        built = _build_part(sub, sub.section or SectionKind.CASE, pictures)
        doubts += sub.doubts + built.doubts
        subs.append(
            SubQuestionDraft(
                built.type,
                to_blocks(built.stem, pictures),
                built.options,
                built.answer,
                to_blocks(_explanation(sub), pictures),
            )
        )
    return tuple(subs), doubts


def _build_case(raw: RawQuestion) -> _Built:
    stem = "\n".join(piece.text for piece in raw.stem)
    hint = find_type_hint(fold(stem))
    if hint and hint[0] is QuestionType.CASE:
        stem = stem[: hint[1]] + stem[hint[2] :]
    doubts = [] if raw.subs else [doubt("sub_questions_missing", tuple(raw.lines[:1]))]
    unused = [(f"{option.key}. {option.text}", option.line) for option in raw.options]
    unused += [(piece.text, piece.line) for kind, piece in raw.fields if kind is FieldKind.ANSWER]
    unused += [(piece.text, piece.line) for piece in raw.listed]
    doubts += [doubt("not_used", (line,), text=text) for text, line in unused]
    return _Built(QuestionType.CASE, stem, (), None, doubts)


def _build_part(raw: RawQuestion, section: SectionKind | None, pictures: Sequence[Picture]) -> _Built:
    work = _Work(raw, "\n".join(piece.text for piece in raw.stem), section, pictures)
    if not work.stem.strip():
        work.doubts.append(doubt("empty_stem", tuple(raw.lines[:1])))
    for kind, piece in raw.fields:
        if kind is FieldKind.ANSWER and piece.text.strip():
            work.answers.append(piece)
    work.answers += raw.listed
    _settle_type(work)
    match work.type:
        case QuestionType.SINGLE | QuestionType.MULTIPLE:
            return _build_choice(work)
        case QuestionType.TRUE_FALSE:
            return _build_true_false(work)
        case _:
            stem, answer, doubts = build_fill_in(work.stem, work.answers, work.first_line)
            return _Built(QuestionType.FILL_IN, stem, _options(work), answer, work.doubts + doubts)


# -- type -------------------------------------------------------------------------------------------------------------


def _settle_type(work: _Work) -> None:
    hint = find_type_hint(fold(work.stem))
    if hint and hint[0] is not QuestionType.CASE:
        work.type = hint[0]
        work.stem = work.stem[: hint[1]] + work.stem[hint[2] :]
        return
    named = TYPE_OF_SECTION.get(work.section) if work.section else None
    if named is not None and named is not QuestionType.CASE:
        work.type = named
        return
    guessed = _guess_type(work)
    work.type = guessed or QuestionType.SINGLE
    if guessed is None:
        work.doubts.append(doubt("type_unknown", work.first_line))
    elif work.section is None and not _is_plain(work, guessed):
        work.doubts.append(doubt("type_guessed", work.first_line, type=TYPE_NAMES[guessed]))


def _guess_type(work: _Work) -> QuestionType | None:
    folded = fold(work.stem)
    if work.raw.options:
        if _judgement_options(work.raw):
            return QuestionType.TRUE_FALSE
        return QuestionType.MULTIPLE if len(_letters_anywhere(work)) > 1 else QuestionType.SINGLE
    written = [fold(piece.text) for piece in work.answers]
    if any(reading.read_judgement(text) is not None for text in written):
        return QuestionType.TRUE_FALSE
    if reading.find_stem_answers(folded, letters=False, judgements=True) or _TRAILING_TICK.search(folded):
        return QuestionType.TRUE_FALSE
    if _BLANK.search(folded) or (written and not any(reading.read_letters(text) for text in written)):
        return QuestionType.FILL_IN
    return None


def _is_plain(work: _Work, guessed: QuestionType) -> bool:
    """Options with letters for an answer, or a tick, leave no room for another type."""
    return guessed is QuestionType.TRUE_FALSE or bool(work.raw.options and _letters_anywhere(work))


def _letters_anywhere(work: _Work) -> tuple[str, ...]:
    for piece in reversed(work.answers):
        if letters := reading.read_chosen(fold(piece.text)):
            return letters
    found = reading.find_stem_answers(fold(work.stem), letters=True, judgements=False)
    return (reading.read_letters(found[-1].text) or ()) if found else ()


def _judgement_options(raw: RawQuestion) -> list[bool] | None:
    """Return what the two options mean when they only say right and wrong."""
    meanings = [reading.read_judgement(fold(option.text)) for option in raw.options]
    known = [meaning for meaning in meanings if meaning is not None]
    return known if len(raw.options) == 2 and sorted(known) == [False, True] else None


# -- answers ----------------------------------------------------------------------------------------------------------


def _take_stem_answers(work: _Work, *, letters: bool, judgements: bool, put: str) -> list[Piece]:
    found = reading.find_stem_answers(fold(work.stem), letters=letters, judgements=judgements)
    if len({one.text for one in found}) > 1:
        work.doubts.append(doubt("several_answers_in_stem", work.first_line))
    if not found:
        return []
    last = found[-1]
    work.stem = work.stem[: last.begin] + put + work.stem[last.end :]
    return [Piece(last.text, work.first_line[0] if work.first_line else 0)]


def _choose(work: _Work, values: Sequence[tuple[object, Piece]]) -> None:
    """Note when several places give different answers; the last counts."""
    if len({repr(value) for value, _ in values}) > 1:
        shown = "、".join(dict.fromkeys(piece.text.strip() for _, piece in values))
        work.doubts.append(doubt("answers_conflict", tuple(piece.line for _, piece in values), answers=shown))


def _build_choice(work: _Work) -> _Built:
    # Without options a bracketed letter may belong to the text ("（B）证"): then nothing is taken out of the stem.
    in_stem = _take_stem_answers(work, letters=True, judgements=False, put=EMPTY_BRACKETS) if work.raw.options else []
    work.answers = in_stem + work.answers
    options = _options(work)
    if not options:
        work.doubts.append(doubt("no_options", work.first_line))
    values: list[tuple[tuple[str, ...], Piece]] = []
    for piece in work.answers:
        letters = reading.read_chosen(fold(piece.text))
        if letters is None:
            work.doubts.append(doubt("answer_unreadable", (piece.line,), answer=piece.text.strip()))
        else:
            values.append((_renumber(letters, work.raw), piece))
    if not values:
        work.doubts.append(doubt("no_answer", work.first_line))
        return _Built(work.type, work.stem, options, None, work.doubts)
    _choose(work, values)
    chosen, piece = values[-1]
    _check_chosen(work, chosen, piece, options)
    return _Built(work.type, work.stem, options, Answer(choices=chosen), work.doubts)


def _renumber(letters: tuple[str, ...], raw: RawQuestion) -> tuple[str, ...]:
    """Follow options whose letters had a hole ("A B D") to their new letters."""
    read = [option.key for option in raw.options]
    if len(set(read)) < len(read) or not set(letters) <= set(read):
        return letters
    return tuple(sorted(chr(ord("A") + read.index(letter)) for letter in letters))


def _check_chosen(work: _Work, chosen: tuple[str, ...], piece: Piece, options: tuple[Option, ...]) -> None:
    answer = "".join(chosen)
    if options and not set(chosen) <= {option.key for option in options}:
        work.doubts.append(doubt("answer_without_option", (piece.line,), answer=answer))
    if (work.type is QuestionType.SINGLE) != (len(chosen) == 1):
        name = TYPE_NAMES[work.type]
        work.doubts.append(doubt("answer_count_differs", (piece.line,), type=name, count=len(chosen), answer=answer))


def _options(work: _Work) -> tuple[Option, ...]:
    read = "".join(option.key for option in work.raw.options)
    # Beyond 26 there is no letter left; rules refuse so many, but the preview shows them.
    wanted = [chr(ord("A") + place) if place < 26 else "?" for place in range(len(read))]
    if read != "".join(wanted):
        lines = tuple(sorted({option.line for option in work.raw.options}))
        work.doubts.append(doubt("option_letters_broken", lines, letters=read))
    return tuple(
        Option(key, to_blocks(option.text, work.pictures)) for key, option in zip(wanted, work.raw.options, strict=True)
    )


def _build_true_false(work: _Work) -> _Built:
    meanings = _judgement_options(work.raw)
    in_stem = _take_stem_answers(work, letters=True, judgements=True, put="")
    if tick := _TRAILING_TICK.search(fold(work.stem)):
        in_stem.append(Piece(tick[1] or tick[2], work.first_line[0] if work.first_line else 0))
        work.stem = work.stem[: tick.start()]
    work.answers = in_stem + work.answers
    if empty := _TRAILING_EMPTY.search(fold(work.stem)):
        work.stem = work.stem[: empty.start()] + work.stem[empty.start(1) : empty.end(1)]
    values: list[tuple[bool, Piece]] = []
    for piece in work.answers:
        meaning = _read_meaning(work, piece, meanings)
        if meaning is None:
            work.doubts.append(doubt("answer_unreadable", (piece.line,), answer=piece.text.strip()))
        else:
            values.append((meaning, piece))
    if not values:
        work.doubts.append(doubt("no_answer", work.first_line))
    _choose(work, values)
    answer = Answer(correct=values[-1][0]) if values else None
    return _Built(work.type, work.stem.strip(), () if meanings else _options(work), answer, work.doubts)


def _read_meaning(work: _Work, piece: Piece, meanings: list[bool] | None) -> bool | None:
    letters = reading.read_chosen(fold(piece.text))
    if letters in {("A",), ("B",)}:
        index = "AB".index(letters[0])
        if meanings:
            return meanings[index]
        work.doubts.append(doubt("letter_for_true_false", (piece.line,), answer=letters[0]))
        return index == 0
    return reading.read_judgement(fold(piece.text))


# -- the rest ---------------------------------------------------------------------------------------------------------


def _explanation(raw: RawQuestion) -> str:
    return "\n".join(piece.text for kind, piece in raw.fields if kind is FieldKind.EXPLANATION and piece.text.strip())


def _picture_doubts(raw: RawQuestion, pictures: Sequence[Picture]) -> list[Doubt]:
    texts = "".join(_all_texts(raw))
    broken = [
        picture.name
        for index, picture in enumerate(pictures)
        if not picture.media_type and chr(0xF0000 + index) in texts
    ]
    return [doubt("picture_unreadable", (), name=name) for name in broken]


def _all_texts(raw: RawQuestion) -> list[str]:
    own = [piece.text for piece in raw.stem] + [option.text for option in raw.options]
    own += [piece.text for _, piece in raw.fields]
    return own + [text for sub in raw.subs for text in _all_texts(sub)]
