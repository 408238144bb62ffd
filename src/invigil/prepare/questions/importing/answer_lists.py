"""Answer lists: reading their lines, and giving the answers to the questions."""

import re
from collections.abc import Iterator, Sequence

from invigil.prepare.questions.importing.answers import read_list_entries
from invigil.prepare.questions.importing.folding import fold
from invigil.prepare.questions.importing.marks import (
    FieldKind,
    NumberStyle,
    SectionKind,
    read_case_opener,
    read_fields,
    read_number,
)
from invigil.prepare.questions.importing.model import LineUse
from invigil.prepare.questions.importing.raw import Group, ListEntry, ListGroup, Piece, RawQuestion, Scanned
from invigil.prepare.questions.importing.unplaced import say_no_such_questions

_HEAD_ROW = re.compile(r"\s*题\s*号\s*[:]?\s*((?:\d{1,4}[\s、,]*)+)$")
_ANSWER_ROW = re.compile(r"\s*答\s*案\s*[:]?\s*(.+)$")
_LEADING_ANSWER = re.compile(r"\s*([A-J](?:[\s,，、]*[A-J])*|√|×|正确|错误|对|错)\s*(?=[。.;；\s\[(]|$)[。.;；]?\s*")


class AnswerListReader:
    """Collects entries; a number that does not grow begins a new group, as numbering restarts per section."""

    def __init__(self) -> None:
        self.groups: list[ListGroup] = []
        self._numbers: list[int] = []
        self._case = 0

    @property
    def kind(self) -> SectionKind | None:
        """The section whose answers are being read, when a heading said so."""
        return self.groups[-1].kind if self.groups else None

    def open(self, kind: SectionKind | None) -> None:
        """Begin the answers of a section."""
        self.groups.append(ListGroup(kind))
        self._case = 0

    def understands(self, folded: str) -> bool:
        """Tell whether this line can be nothing but a line of an answer list."""
        number = read_number(folded)
        rest = folded[number.start :] if number else ""
        fields = read_fields(rest)
        return bool(
            read_list_entries(folded)
            or _HEAD_ROW.match(folded)
            or (fields and fields[0].begin == 0)
            or (number and _LEADING_ANSWER.match(rest))
        )

    @staticmethod
    def is_row_pair(folded: str, following: str) -> bool:
        """Tell whether these are the rows 题号 and 答案 of an answer table."""
        return bool(_HEAD_ROW.match(folded) and _ANSWER_ROW.match(following))

    def take(self, line: int, text: str, folded: str, *, is_fill_in: bool) -> bool:
        """Read one line; False when it is not a line of an answer list."""
        if self._take_rows(line, folded):
            return True
        if self.kind is SectionKind.CASE or (self.kind is None and _is_nested(folded)):
            return self._take_case(line, text, folded)
        entries = read_list_entries(folded)
        for entry in entries:
            self._add(ListEntry(entry.number, None, entry.text, line))
        return bool(entries) or self._take_explained(line, text, folded, is_fill_in=is_fill_in)

    def _take_rows(self, line: int, folded: str) -> bool:
        if match := _HEAD_ROW.match(folded):
            self._numbers = [int(number) for number in re.findall(r"\d+", match[1])]
            return True
        match = _ANSWER_ROW.match(folded)
        answers = [cell for cell in re.split(r"[\s,、]+", match[1].strip()) if cell] if match else []
        if not answers or len(answers) != len(self._numbers):
            return False
        for number, answer in zip(self._numbers, answers, strict=True):
            self._add(ListEntry(number, None, answer, line))
        self._numbers = []
        return True

    def _take_case(self, line: int, text: str, folded: str) -> bool:
        rest = 0
        if (opener := read_case_opener(folded)) is not None:
            self._case, rest = self._case + 1, opener
        else:
            number = read_number(folded)
            if number and _is_nested(folded):
                self._case, rest = number.number, number.start
        if not folded[rest:].strip():
            return rest > 0
        entries = read_list_entries(folded[rest:])
        if entries:
            for entry in entries:
                self._add(ListEntry(max(1, self._case), entry.number, entry.text, line))
            return True
        number = read_number(folded[rest:])
        if number is None:
            return self._add_fields(line, text)
        return self._take_one(line, text[rest:][number.start :], max(1, self._case), number.number, is_fill_in=True)

    def _take_explained(self, line: int, text: str, folded: str, *, is_fill_in: bool) -> bool:
        number = read_number(folded)
        if number is None:
            return self._add_fields(line, text)
        return self._take_one(line, text[number.start :], number.number, None, is_fill_in=is_fill_in)

    def _take_one(self, line: int, text: str, number: int, sub: int | None, *, is_fill_in: bool) -> bool:
        """Read "【答案】B 【解析】…", "B 解析：…" or, for a fill-in, plain text behind an entry's number."""
        folded = fold(text)
        fields = read_fields(folded)
        if fields and fields[0].begin == 0 and fields[0].kind is FieldKind.ANSWER:
            entry = ListEntry(number, sub, text[fields[0].start : fields[0].end].strip(), line)
            fields = fields[1:]
        else:
            answer = text[: fields[0].begin] if fields else text
            letters = _LEADING_ANSWER.match(fold(answer))
            if letters and (fields or letters.end() == len(answer)):
                entry = ListEntry(number, sub, letters[1], line)
            elif is_fill_in and answer.strip():
                entry = ListEntry(number, sub, answer.strip(), line)
            else:
                return False
        entry.fields = [(one.kind, Piece(text[one.start : one.end].strip(), line)) for one in fields]
        self._add(entry)
        return True

    def _add_fields(self, line: int, text: str) -> bool:
        """Give a line without a number to the last entry: its explanation, or more of it."""
        if not self.groups or not self.groups[-1].entries:
            return False
        entry, fields = self.groups[-1].entries[-1], read_fields(fold(text))
        if fields and fields[0].begin == 0 and fields[0].kind is not FieldKind.ANSWER:
            entry.fields += [(one.kind, Piece(text[one.start : one.end].strip(), line)) for one in fields]
            return True
        if not fields and entry.fields and entry.fields[-1][0] is FieldKind.EXPLANATION:
            piece = entry.fields[-1][1]
            piece.text = f"{piece.text}\n{text.strip()}" if piece.text else text.strip()
            return True
        return False

    def _add(self, entry: ListEntry) -> None:
        if not self.groups:
            self.open(None)
        entries = self.groups[-1].entries
        if entries and (entry.number, entry.sub or 0) <= (entries[-1].number, entries[-1].sub or 0):
            self.groups.append(ListGroup(self.groups[-1].kind if self.kind is SectionKind.CASE else None))
        self.groups[-1].entries.append(entry)


def _is_nested(folded: str) -> bool:
    """Tell whether a line begins with a case's number and a sub-question's: "1、（1）A （2）√"."""
    number = read_number(folded)
    inner = read_number(folded[number.start :]) if number and number.style is NumberStyle.PLAIN else None
    return inner is not None and inner.style is not NumberStyle.PLAIN


def give_answers(scanned: Scanned) -> None:
    """Hand every listed answer to its question; entries without one are noted on their line."""
    claimed: list[Group] = []
    lost: dict[int, list[str]] = {}
    given: set[int] = set()
    for listed in scanned.lists:
        for entry in listed.entries:
            target = _find_target(entry, _order_of(listed, scanned.groups, claimed))
            if target is None:
                lost.setdefault(entry.line, []).append(str(entry.number))
                continue
            target.listed.append(Piece(entry.text, entry.line))
            target.fields += entry.fields
            given.add(entry.line)
        claimed += [group for group in scanned.groups if group not in claimed and _is_served(group)]
    for line, numbers in lost.items():
        use = LineUse.ANSWER_LIST if line in given else LineUse.UNPLACED
        scanned.uses[line] = (use, say_no_such_questions(numbers))


def _order_of(listed: ListGroup, groups: Sequence[Group], claimed: Sequence[Group]) -> list[Group]:
    """Return the groups in the order in which an entry looks for its question."""
    exact = [group for group in groups if listed.kind is not None and group.kind is listed.kind]
    candidates = exact or list(groups)
    return [one for one in candidates if one not in claimed] + [one for one in candidates if one in claimed]


def _is_served(group: Group) -> bool:
    return any(target.listed for question in group.questions for target in (question, *question.subs))


def _find_target(entry: ListEntry, order: Sequence[Group]) -> RawQuestion | None:
    """Return the question that still waits for a listed answer, else the one that has one: the two may disagree."""
    targets = list(_targets(entry, order))
    return next((target for target in targets if not target.listed), targets[0] if targets else None)


def _targets(entry: ListEntry, order: Sequence[Group]) -> Iterator[RawQuestion]:
    for group in order:
        for position, question in enumerate(group.questions, start=1):
            if (question.number or position) != entry.number:
                continue
            if entry.sub is None:
                yield question
            else:
                yield from (sub for sub in question.subs if sub.number == entry.sub)
