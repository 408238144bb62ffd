"""Cuts lines into headings, questions and answer lists. Every line that is not blank is given exactly one use."""

import re
from collections.abc import Sequence
from functools import cached_property

from invigil.kernel.words import NOTHING_TO_SAY, Words
from invigil.prepare.questions.importing import unplaced
from invigil.prepare.questions.importing.answer_lists import AnswerListReader
from invigil.prepare.questions.importing.answers import read_judgement, read_letters, read_list_entries
from invigil.prepare.questions.importing.contents import TRAILING_JUDGEMENT, ContentWriter
from invigil.prepare.questions.importing.doubts import doubt
from invigil.prepare.questions.importing.folding import fold
from invigil.prepare.questions.importing.looking_ahead import (
    NumbersAhead,
    begins_part,
    is_option_ahead,
    next_filled,
)
from invigil.prepare.questions.importing.marks import (
    FieldKind,
    Heading,
    Numbered,
    NumberStyle,
    SectionKind,
    find_inline_options,
    read_case_opener,
    read_fields,
    read_heading,
    read_number,
)
from invigil.prepare.questions.importing.markup import visible
from invigil.prepare.questions.importing.model import LineUse
from invigil.prepare.questions.importing.raw import Group, Piece, RawQuestion, Scanned

_PAGE_MARK = re.compile(r"\s*(?:第\s*\d+\s*页.{0,12}|-\s*\d{1,4}\s*-|共\s*\d+\s*页)\s*$")
_LEADING_JUDGEMENT = re.compile(r"\s*\(\s*(√|×|对|错|正确|错误)?\s*\)\s*(?=\d{1,4}\s*[.、)])")
# A question number and a stem that begins with a digit, with nothing between.
_TOUCHING_NUMBER = re.compile(r"\s*(\d{1,3})\.(?=\d)")
_SHOWN = 20


def scan(lines: Sequence[str]) -> Scanned:
    """Cut the lines. lines: without line ends; numbered from 1 in the result."""
    return _Scanner(lines).run()


class _Scanner:
    """Reads line after line; what it holds is the place reached: section, question, sub-question."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        # A line of nothing but our own marks shows nothing: it is blank.
        self.folded = [fold(line) if visible(line).strip() else "" for line in lines]
        self.group = Group()
        self.groups = [self.group]
        self.question: RawQuestion | None = None
        self.sub: RawQuestion | None = None
        self.lists = AnswerListReader()
        self.in_list = False
        self.uses: dict[int, tuple[LineUse, Words]] = {}
        self.contents = ContentWriter(self.folded)

    def run(self) -> Scanned:
        for index, folded in enumerate(self.folded):
            if not folded.strip():
                self.contents.after_blank = True
                continue
            self.contents.has_statements = self.group.kind is SectionKind.TRUE_FALSE
            self._take(index)
            self.contents.after_blank = False
        return Scanned(self.groups, self.lists.groups, self.uses)

    # -- what kind of line is it ------------------------------------------------------------------------------------

    def _take(self, index: int) -> None:
        folded = self.folded[index]
        if len(folded) > unplaced.MAX_LINE:
            self._use(index, LineUse.UNPLACED, unplaced.LINE_LONG)
            return
        if _PAGE_MARK.match(folded):
            self._use(index, LineUse.UNPLACED, unplaced.PAGE_NUMBER)
            return
        if self.in_list and self._take_in_list(index):
            return
        if self._begins_answer_rows(index) or self._is_bare_list(folded):
            self.lists.open(None)
            self.in_list = self._take_in_list(index)
            return
        heading = read_heading(folded)
        if heading is not None and self._is_heading_here(heading):
            self._take_heading(index, heading)
        elif self.group.kind is SectionKind.HAND_MARKED:
            self._use(index, LineUse.UNPLACED, unplaced.HAND_MARKED)
        elif not (self._take_case_opener(index) or self._take_number(index)):
            self._take_unnumbered(index)

    def _use(self, index: int, use: LineUse, note: Words = NOTHING_TO_SAY) -> None:
        self.uses[index + 1] = (use, note)

    def _own(self, index: int) -> None:
        assert self.question is not None  # noqa: S101 - callers hold a question
        self.question.lines.append(index + 1)
        self._use(index, LineUse.QUESTION)

    @property
    def _target(self) -> RawQuestion | None:
        return self.sub or self.question

    # -- answer lists -----------------------------------------------------------------------------------------------

    def _take_in_list(self, index: int) -> bool:
        folded = self.folded[index]
        heading = read_heading(folded)
        if heading is not None and heading.kind is not SectionKind.TOPIC:
            if not self._is_list_heading(index, heading):
                self.in_list = False
                return False
            self.lists.open(heading.kind)
            self._use(index, LineUse.HEADING)
            return True
        if self.lists.take(index + 1, self.lines[index], folded, is_fill_in=self._is_fill_in_listed()):
            self._use(index, LineUse.ANSWER_LIST)
            return True
        if read_number(folded) is not None or heading is not None or read_case_opener(folded) is not None:
            self.in_list = False
            return False
        self._use(index, LineUse.UNPLACED, unplaced.LIST_LINE_UNREAD)
        return True

    def _is_list_heading(self, index: int, heading: Heading) -> bool:
        if heading.is_answers:
            return True
        following = next_filled(self.folded, index)
        if following is None:
            return False
        known = any(group.kind is heading.kind and group.questions for group in self.groups)
        return known and (
            self.lists.understands(self.folded[following]) or heading.kind in {SectionKind.FILL_IN, SectionKind.CASE}
        )

    def _is_fill_in_listed(self) -> bool:
        kind = self.lists.kind
        if kind is None:
            return all(group.kind is SectionKind.FILL_IN for group in self.groups if group.questions)
        return kind is SectionKind.FILL_IN

    def _begins_answer_rows(self, index: int) -> bool:
        following = next_filled(self.folded, index)
        return following is not None and self.lists.is_row_pair(self.folded[index], self.folded[following])

    def _is_bare_list(self, folded: str) -> bool:
        """A line of nothing but numbered answers, of questions that stand right before it."""
        entries = read_list_entries(folded)
        numbers = {question.number for question in self.group.questions}
        return len(entries) > 1 and entries[0].number in numbers

    # -- headings ---------------------------------------------------------------------------------------------------

    def _is_heading_here(self, heading: Heading) -> bool:
        target = self._target
        if heading.kind is SectionKind.TOPIC:
            return target is None or target.is_complete
        return True

    def _take_heading(self, index: int, heading: Heading) -> None:
        if heading.kind is SectionKind.ANSWERS and self._is_answer_on_next_line(index):
            assert self._target is not None  # noqa: S101 - just checked
            self.contents.add_field(self._target, FieldKind.ANSWER, "", index)
            self._own(index)
            return
        if heading.is_answers or (heading.rest and read_list_entries(heading.rest)):
            self.lists.open(None if heading.kind is SectionKind.ANSWERS else heading.kind)
            self.in_list = True
            if heading.rest and self.lists.take(index + 1, heading.rest, heading.rest, is_fill_in=False):
                self._use(index, LineUse.ANSWER_LIST)
                return
            self._use(index, LineUse.HEADING)
            return
        self._open_group(heading)
        self._use(index, LineUse.HEADING)

    def _is_answer_on_next_line(self, index: int) -> bool:
        target, following = self._target, next_filled(self.folded, index)
        if target is None or target.has_answer_field or following is None:
            return False
        folded = self.folded[following]
        return read_letters(folded) is not None or read_judgement(folded) is not None

    def _open_group(self, heading: Heading) -> None:
        if heading.kind is SectionKind.TOPIC:
            self.group = Group(self.group.kind, heading.topic, self.group.style)
        else:
            self.group = Group(heading.kind, self.group.topic)
        self.groups.append(self.group)
        self.question = self.sub = None

    # -- beginnings of questions ------------------------------------------------------------------------------------

    def _take_case_opener(self, index: int) -> bool:
        start = read_case_opener(self.folded[index])
        if start is None:
            return False
        self._open_question(RawQuestion(None, None, is_case=True), index)
        self.contents.add_text(self.question, self.lines[index][start:], index)  # type: ignore[arg-type] # just opened
        return True

    def _take_number(self, index: int) -> bool:
        folded, line = self.folded[index], self.lines[index]
        leading = _LEADING_JUDGEMENT.match(folded)
        offset = leading.end() if leading else 0
        number = read_number(folded[offset:]) or self._read_touching_number(folded)
        if number is None:
            return False
        separator = folded[offset + number.start - 1 : offset + number.start]
        if self._begins_sub(number, separator):
            assert self.question is not None  # noqa: S101 - a sub-question has its case
            self.sub = RawQuestion(number.number, number.style, separator)
            self.question.subs.append(self.sub)
            self._own(index)
        elif self._begins_question(number, index):
            self._open_question(RawQuestion(number.number, number.style, separator), index, number)
        else:
            return False
        target = self._target
        assert target is not None  # noqa: S101 - just opened
        if (
            separator == "."
            and folded[number.start : number.start + 1].isdigit()
            and not folded[number.start :][:4].isdigit()
        ):
            text = visible(line)[:_SHOWN].strip()
            target.doubts.append(doubt("number_touches_digits", (index + 1,), number=number.number, text=text))
        if leading and leading[1]:
            target.fields.append((FieldKind.ANSWER, Piece(leading[1], index + 1)))
        self.contents.add_line(target, line[offset + number.start :], index)
        return True

    def _read_touching_number(self, folded: str) -> Numbered | None:
        """Read "4.5人以上…" as question 4 when 4 is the next number and the question before is complete."""
        match, last = _TOUCHING_NUMBER.match(folded), self.group.last_number
        is_next = match is not None and last is not None and int(match[1]) == last + 1
        if match is None or not is_next or self._target is None or not self._target.is_complete:
            return None
        return Numbered(NumberStyle.PLAIN, int(match[1]), match.end())

    def _begins_sub(self, number: Numbered, separator: str) -> bool:
        case = self.question
        if case is None or not (case.is_case or self.group.kind is SectionKind.CASE):
            return False
        if case.options or (number.is_spaced and number.number != len(case.subs) + 1):
            return False
        last = case.subs[-1] if case.subs else None
        if last is not None:
            return number.style is last.style and not (
                number.style is case.style and separator == case.separator and number.number != len(case.subs) + 1
            )
        if case.style is None or number.style is not case.style:
            return number.number == 1 or case.style is None
        return number.number == 1 and bool(case.stem)

    def _begins_question(self, number: Numbered, index: int) -> bool:
        last, current = self.group.last_number, self.question
        if current is None or last is None:
            return not number.is_spaced or number.number == 1
        if self.group.style is not None and number.style is not self.group.style:
            return False
        may_follow = current.is_complete or self._is_stem_only()
        if number.is_spaced or number.number == last + 1:
            return number.number == last + 1 and (may_follow or not number.is_spaced)
        if current.is_complete or (may_follow and (number.number > last or number.number == 1)):
            return True
        current.doubts.append(doubt("numbered_line_in_stem", (index + 1,)))
        return False

    def _is_stem_only(self) -> bool:
        """Questions of this section are complete without options, so a number need not wait for them."""
        return self.group.kind in {SectionKind.TRUE_FALSE, SectionKind.FILL_IN}

    def _open_question(self, raw: RawQuestion, index: int, number: Numbered | None = None) -> None:
        last = self.group.last_number
        if number is not None and last is not None and number.number != last + 1:
            if number.number == 1:
                self.group = Group(self.group.kind, self.group.topic, self.group.style)
                self.groups.append(self.group)
            else:
                code = "number_skipped" if number.number > last else "number_repeated"
                raw.doubts.append(doubt(code, (index + 1,), before=last, number=number.number))
        if number is not None and self.group.style is None:
            self.group.style = number.style
        self.group.questions.append(raw)
        self.question, self.sub = raw, None
        self._own(index)

    # -- lines without a number -------------------------------------------------------------------------------------

    def _take_unnumbered(self, index: int) -> None:
        if self._take_answers_of_subs(index) or self._take_answer_list_field(index) or self._take_material(index):
            return
        if self._begins_without_number(index):
            raw = RawQuestion(None, None)
            raw.doubts.append(doubt("no_number", (index + 1,)))
            self._open_question(raw, index)
            self.contents.add_line(raw, self.lines[index], index)
            return
        target = self._target
        if target is None:
            self._use(
                index, LineUse.UNPLACED, unplaced.OF_NO_QUESTION if self._has_questions() else unplaced.BEFORE_QUESTIONS
            )
        elif self.contents.add_line(target, self.lines[index], index):
            self._own(index)
        else:
            self._use(index, LineUse.UNPLACED, unplaced.AFTER_ANSWER)

    def _take_answers_of_subs(self, index: int) -> bool:
        """Give "答案：（1）A （2）√" to the sub-questions right before it, of which none has an answer."""
        fields = read_fields(self.folded[index])
        subs = self.question.subs if self.question is not None else []
        if not subs or not fields or fields[0].kind is not FieldKind.ANSWER or fields[0].begin > 0:
            return False
        entries = read_list_entries(self.folded[index][fields[0].start : fields[0].end])
        if [one.number for one in entries] != [sub.number for sub in subs] or any(sub.has_answer_field for sub in subs):
            return False
        for sub, entry in zip(subs, entries, strict=True):
            sub.fields.append((FieldKind.ANSWER, Piece(entry.text, index + 1)))
        for one in fields[1:]:
            self.contents.add_field(subs[-1], one.kind, self.lines[index][one.start : one.end].strip(), index)
        self._own(index)
        return True

    def _take_material(self, index: int) -> bool:
        """In a section of cases, open one with a line without a number when its sub-questions begin right behind."""
        if self.group.kind is not SectionKind.CASE or begins_part(self.folded[index]):
            return False
        case, number = self.question, self._ahead.find(index)
        if number is None or number.number != 1 or (case is not None and not self._is_answered(case, number)):
            return False
        if case is None and number.style is NumberStyle.PLAIN and self._ahead.has_inner(index):
            return False
        raw = RawQuestion(None, None, is_case=True)
        if case is not None or number.style is NumberStyle.PLAIN:
            raw.doubts.append(doubt("no_number", (index + 1,)))
        self._open_question(raw, index)
        self.contents.add_text(raw, self.lines[index], index)
        return True

    @cached_property
    def _ahead(self) -> NumbersAhead:
        return NumbersAhead(self.folded)

    def _is_answered(self, case: RawQuestion, number: Numbered) -> bool:
        """Tell whether the case before has its sub-questions, numbered like this one, and the last of them its answer."""
        last = case.subs[-1] if case.subs else None
        return last is not None and last.has_answer_field and last.style is number.style

    def _has_questions(self) -> bool:
        return any(group.questions for group in self.groups)

    def _take_answer_list_field(self, index: int) -> bool:
        folded = self.folded[index]
        fields = read_fields(folded)
        if not fields or fields[0].kind is not FieldKind.ANSWER or fields[0].begin > 0:
            return False
        value = folded[fields[0].start :]
        entries = read_list_entries(value)
        numbers = {question.number for question in self.group.questions}
        if not entries or (len(entries) == 1 and entries[0].number not in numbers):
            return False
        self.lists.open(self.group.kind if self.group.kind is not SectionKind.CHOICE else None)
        self.in_list = True
        self.lists.take(index + 1, value, value, is_fill_in=False)
        self._use(index, LineUse.ANSWER_LIST)
        return True

    def _begins_without_number(self, index: int) -> bool:
        target, folded = self._target, self.folded[index]
        if self.question is not None and (self.question.is_case or self.group.kind is SectionKind.CASE):
            return False
        if begins_part(folded):
            return False
        if target is not None and not target.is_complete and not self.contents.is_answered_statement(target):
            return False
        if self.group.kind is SectionKind.TRUE_FALSE:
            return bool(TRAILING_JUDGEMENT.search(folded))
        return bool(find_inline_options(folded, 0, next_is_b=False)) or is_option_ahead(self.folded, index)
