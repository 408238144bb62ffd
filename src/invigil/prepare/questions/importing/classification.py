"""Reading the lines that classify a question: 难度, 知识点, 科目, 出处."""

import re

from invigil.prepare.questions.importing.doubts import doubt
from invigil.prepare.questions.importing.folding import fold
from invigil.prepare.questions.importing.marks import FieldKind
from invigil.prepare.questions.importing.model import Doubt
from invigil.prepare.questions.importing.raw import Piece

DEFAULT_DIFFICULTY = 3
_DIFFICULTY_WORDS = {
    "很易": 1, "极易": 1, "易": 1, "容易": 1, "简单": 1, "低": 1, "较易": 2, "较容易": 2, "较简单": 2, "中": 3, "中等": 3, "一般": 3, "适中": 3,
    "普通": 3, "较难": 4, "难": 5, "困难": 5, "很难": 5, "极难": 5, "高": 5,
}  # fmt: skip
_SINGULAR = {FieldKind.DIFFICULTY, FieldKind.SUBJECTS, FieldKind.KNOWLEDGE_AREA, FieldKind.SOURCE}
_SUBJECT_SPLIT = re.compile(r"[\s,，、;；/|]+")
_SUBJECT = re.compile(r"([A-Z]\d?)\s*[类证]?")


def read_difficulty(text: str, line: int) -> tuple[int, list[Doubt]]:
    """Return 1 to 5 from "3", "较难", "★★★" or a coefficient such as "0.65" (share of right answers)."""
    folded = fold(text).strip().rstrip("。.;；级")
    if re.fullmatch("[1-5]", folded):
        return int(folded), []
    if folded in _DIFFICULTY_WORDS:
        return _DIFFICULTY_WORDS[folded], []
    if re.fullmatch("[★☆*]{1,5}", folded):
        return max(1, folded.count("★") + folded.count("*")), []
    if re.fullmatch(r"0?\.\d{1,3}", folded):
        thousandths = int(folded.split(".")[1].ljust(3, "0"))
        difficulty = max(1, min(5, 5 - thousandths // 200))
        return difficulty, [doubt("difficulty_converted", (line,), value=folded, difficulty=difficulty)]
    return DEFAULT_DIFFICULTY, [doubt("difficulty_unreadable", (line,), value=text.strip())]


def read_subjects(text: str, line: int) -> tuple[tuple[str, ...], list[Doubt]]:
    """Return subject codes, sorted and unique, from "A、B、C1" or "A类 B类"."""
    codes: set[str] = set()
    doubts = []
    for word in filter(None, _SUBJECT_SPLIT.split(fold(text).upper().strip("。. "))):
        match = _SUBJECT.fullmatch(word)
        if match:
            codes.add(match[1])
        else:
            doubts.append(doubt("subject_unreadable", (line,), value=word))
    return tuple(sorted(codes)), doubts


class Classification:
    """What the labelled lines of a question say about it; the last line of a kind counts."""

    def __init__(self, fields: list[tuple[FieldKind, Piece]], topic: str) -> None:
        self.difficulty = DEFAULT_DIFFICULTY
        self.knowledge_area = topic
        self.subject_codes: tuple[str, ...] = ()
        self.source = ""
        self.doubts: list[Doubt] = []
        taken: dict[FieldKind, str] = {}
        for kind, piece in fields:
            if kind in taken and kind in _SINGULAR:
                self.doubts.append(doubt("field_repeated", (piece.line,), value=taken[kind]))
            taken[kind] = piece.text.strip()
            self._take(kind, piece)

    def _take(self, kind: FieldKind, piece: Piece) -> None:
        if kind is FieldKind.DIFFICULTY:
            self.difficulty, doubts = read_difficulty(piece.text, piece.line)
            self.doubts += doubts
        elif kind is FieldKind.SUBJECTS:
            self.subject_codes, doubts = read_subjects(piece.text, piece.line)
            self.doubts += doubts
        elif kind is FieldKind.KNOWLEDGE_AREA:
            self.knowledge_area = piece.text.strip().rstrip("。;；")
        elif kind is FieldKind.SOURCE:
            self.source = piece.text.strip()
