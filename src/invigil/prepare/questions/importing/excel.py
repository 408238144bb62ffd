"""Reading the Excel template, and workbooks that resemble it. One row is one question or one part of a case."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from python_calamine import CalamineError, CalamineWorkbook

from invigil.kernel.refusals import Refusal
from invigil.kernel.words import NOTHING_TO_SAY, Words
from invigil.prepare.questions.importing import unplaced
from invigil.prepare.questions.importing.building import build
from invigil.prepare.questions.importing.doubts import doubt, put_together
from invigil.prepare.questions.importing.excel_looks import SheetLook, read_looks
from invigil.prepare.questions.importing.excel_pictures import CELL_PICTURE, CellPicture
from invigil.prepare.questions.importing.folding import fold, picture_mark, without_private
from invigil.prepare.questions.importing.marks import FieldKind, SectionKind, read_heading
from invigil.prepare.questions.importing.markup import visible
from invigil.prepare.questions.importing.media import read_pictures
from invigil.prepare.questions.importing.model import Doubt, LineUse, ParsedFile, SourceLine
from invigil.prepare.questions.importing.raw import Group, Piece, RawOption, RawQuestion
from invigil.prepare.questions.importing.text import attach_doubts
from invigil.prepare.questions.importing.word.document import OfficePackage
from invigil.prepare.questions.importing.word.xml import OfficeFileBroken

MAX_ROWS = 60_000
_HEADER_SEARCH = 15
_NOTES_SHEETS = {"填写说明", "说明", "填表说明", "导入说明"}
_STEM, _TYPE, _CASE, _MEDIA, _NUMBER = "stem", "type", "case", "media", "number"
_FIELD_TITLES: Mapping[str, FieldKind] = {
    "答案": FieldKind.ANSWER, "正确答案": FieldKind.ANSWER, "参考答案": FieldKind.ANSWER, "标准答案": FieldKind.ANSWER,
    "解析": FieldKind.EXPLANATION, "答案解析": FieldKind.EXPLANATION, "试题解析": FieldKind.EXPLANATION,
    "难度": FieldKind.DIFFICULTY, "难易程度": FieldKind.DIFFICULTY, "难度系数": FieldKind.DIFFICULTY,
    "知识点": FieldKind.KNOWLEDGE_AREA, "考点": FieldKind.KNOWLEDGE_AREA, "章节": FieldKind.KNOWLEDGE_AREA,
    "科目": FieldKind.SUBJECTS, "适用科目": FieldKind.SUBJECTS, "类别": FieldKind.SUBJECTS, "报考类别": FieldKind.SUBJECTS,
    "出处": FieldKind.SOURCE, "来源": FieldKind.SOURCE, "依据": FieldKind.SOURCE, "法规依据": FieldKind.SOURCE,
}  # fmt: skip
_OTHER_TITLES: Mapping[str, str] = {
    "题干": _STEM, "题目": _STEM, "试题": _STEM, "试题内容": _STEM, "题目内容": _STEM, "题目描述": _STEM,
    "题型": _TYPE, "试题类型": _TYPE, "题目类型": _TYPE, "类型": _TYPE,
    "案例编号": _CASE, "案例": _CASE, "媒体文件": _MEDIA, "图片": _MEDIA, "媒体": _MEDIA, "序号": _NUMBER, "题号": _NUMBER, "编号": _NUMBER,
}  # fmt: skip
_ENDINGS = {"音频": (".mp3", ".m4a", ".ogg", ".oga", ".wav"), "视频": (".mp4", ".m4v", ".webm")}


class NoHeaderRow(Refusal):
    """No row has the titles we need."""

    code = "questions.import.no_header_row"
    zh = "表格里没有找到标题行：至少要有“题干”和“答案”两列。请下载导入模板后填写。"
    en = "No header row with 题干 and 答案 was found; use the template."


class TooManyRows(Refusal):
    """More rows than one import takes."""

    code = "questions.import.too_many_rows"
    zh = "表格超过 {limit} 行，请分成几个文件导入。"
    en = "More than {limit} rows; split the file."


@dataclass
class _Columns:
    """Where the columns stand. options: letter -> column."""

    fields: dict[FieldKind, int] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)
    options: dict[str, int] = field(default_factory=dict)

    def all(self) -> list[int]:
        """Return every column that is read."""
        return [*self.fields.values(), *self.others.values(), *self.options.values()]

    @property
    def is_usable(self) -> bool:
        return _STEM in self.others and FieldKind.ANSWER in self.fields


@dataclass
class _Reading:
    """What was read so far; numbers run on over the sheets."""

    lines: list[SourceLine] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    raws: list[tuple[RawQuestion, Group]] = field(default_factory=list)
    cases: dict[str, RawQuestion] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)


def read_excel(content: bytes, package: OfficePackage) -> ParsedFile:
    """Return what is understood of a workbook: every sheet with a header row, notes sheets left out.

    package: the same content. A line of the result is a row; of the first sheet that is read they have Excel's own numbers.
    Raises: OfficeFileBroken, NoHeaderRow, TooManyRows, TooManyPictures.
    """
    reading = _Reading()
    has_header = False
    looks = read_looks(package)
    for name, rows in _sheets(content):
        look = looks.get(name, SheetLook())
        height = max([len(rows), *(one.row + 1 for one in look.pictures)])
        if height + len(reading.lines) > MAX_ROWS:
            raise TooManyRows(limit=MAX_ROWS)
        rows += [[] for _ in range(height - len(rows))]
        has_header |= _read_sheet(name, rows, look, reading)
    if not has_header:
        raise NoHeaderRow
    pictures = read_pictures([package.read(part) for part in reading.parts])
    questions, notes = attach_doubts([build(raw, group, pictures) for raw, group in reading.raws], reading.doubts)
    lines = [_with_note(one, notes.get(one.number, NOTHING_TO_SAY)) for one in reading.lines]
    return ParsedFile(tuple(lines), tuple(questions), pictures)


def _sheets(content: bytes) -> Iterator[tuple[str, list[list[str]]]]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in workbook.sheet_names:
            if name.strip() not in _NOTES_SHEETS:
                rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                yield name, [[_show(cell) for cell in row] for row in rows]
    except (CalamineError, ValueError, OSError) as fault:
        raise OfficeFileBroken from fault


def _show(cell: object) -> str:
    """Return a cell as a person reads it: 3.0 is "3", TRUE is a tick."""
    if isinstance(cell, bool):
        return "√" if cell else "×"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return without_private(str(cell)).strip()


def _with_note(line: SourceLine, more: Words) -> SourceLine:
    said = put_together(Words(line.note, line.note_en), more)
    return SourceLine(line.number, line.text, line.use, said.zh, said.en)


def _read_sheet(name: str, rows: Sequence[list[str]], look: SheetLook, reading: _Reading) -> bool:
    header = next((index for index, row in enumerate(rows[:_HEADER_SEARCH]) if _read_header(row).is_usable), None)
    columns = _read_header(rows[header]) if header is not None else _Columns()
    placed = _place_pictures(rows, columns, header, look, reading.parts)
    for index, row in enumerate(rows):
        number = len(reading.lines) + 1
        text = visible(" | ".join(cell for cell in row if cell))
        use, note = None, NOTHING_TO_SAY
        if text and header is None:
            use, note = LineUse.UNPLACED, unplaced.say_no_header(name)
        elif text and header is not None and index <= header:
            use = LineUse.HEADING
        elif text:
            use, note = _read_row(row, columns, number, reading)
        if not text and "pictures_in_sheet" in placed.get(index, ()):
            text, use, note = "［图片］", LineUse.UNPLACED, NOTHING_TO_SAY
        reading.lines.append(SourceLine(number, text, use, note.zh, note.en))
        if text and (header is None or index > header):
            reading.doubts += _doubt_look(name, index, number, look)
            reading.doubts += [doubt(code, (number,)) for code in sorted(placed.get(index, ()))]
        if use is LineUse.QUESTION and header is not None:
            reading.doubts += [
                doubt("column_hidden", (number,), title=rows[header][at])
                for at in columns.all()
                if at in look.hidden_columns
            ]
    return header is not None


def _doubt_look(name: str, row: int, line: int, look: SheetLook) -> list[Doubt]:
    """Return what its looks make doubtful about a row. row: from 0."""
    doubts = [doubt("sheet_hidden", (line,), sheet=name)] if look.is_hidden else []
    return doubts + ([doubt("row_hidden", (line,), row=row + 1)] if row in look.hidden_rows else [])


def _place_pictures(
    rows: Sequence[list[str]], columns: _Columns, header: int | None, look: SheetLook, parts: list[str]
) -> dict[int, set[str]]:
    """Put the marks of pictures into the cells they belong to; return by row the codes of what is doubtful about it.

    parts: of the pictures that have a mark, in the order of the marks; grows.
    A picture belongs to the stem, an option or the explanation when it is in that cell; what floats beside them goes to the
    stem of a row that has text, to be looked at. Anything else is not read, and the row says so.
    """
    doubts: dict[int, set[str]] = {}
    stem, texts = columns.others.get(_STEM, 0), {*columns.options.values()}
    texts |= {columns.others.get(_STEM, 0)} | {columns.fields.get(FieldKind.EXPLANATION, 0)}
    aside = {at for at in (columns.others.get(_MEDIA), columns.others.get(_NUMBER)) if at is not None}
    for one in look.pictures:
        row = rows[one.row]
        has_text = any(CELL_PICTURE.sub("", row[at]) for at in columns.all() if at < len(row))
        is_question = header is not None and one.row > header and bool(one.part)
        if is_question and one.column in texts and (has_text or not one.floats):
            column = one.column
        elif is_question and has_text and (one.floats or one.column in aside):
            column = stem
        else:
            doubts.setdefault(one.row, set()).add("pictures_in_sheet")
            continue
        if one.floats:
            doubts.setdefault(one.row, set()).add("picture_floats")
        if one.part not in parts:
            parts.append(one.part)
        row += [""] * (max(column, one.column) + 1 - len(row))
        row[one.column] = "" if not one.floats and one.column in aside else _without_formula(row[one.column], one)
        row[column] += picture_mark(parts.index(one.part))
    return doubts


def _without_formula(text: str, picture: CellPicture) -> str:
    """Return a cell's text without what stands in for the picture inside it: the formula of WPS, the error value of Excel."""
    return text if picture.floats else CELL_PICTURE.sub("", text).replace("#VALUE!", "").strip()


def _read_header(row: Sequence[str]) -> _Columns:
    columns = _Columns()
    for index, cell in enumerate(row):
        title = fold(cell).replace(" ", "").rstrip("*:()必填").strip()
        letter = title.removeprefix("选项").removeprefix("备选").strip("()")
        if title in _FIELD_TITLES:
            columns.fields.setdefault(_FIELD_TITLES[title], index)
        elif title in _OTHER_TITLES:
            columns.others.setdefault(_OTHER_TITLES[title], index)
        elif len(letter) == 1 and letter in "ABCDEFGHIJ":
            columns.options.setdefault(letter, index)
    return columns


def _read_row(row: Sequence[str], columns: _Columns, line: int, reading: _Reading) -> tuple[LineUse, Words]:
    def cell(column: int | None) -> str:
        return row[column] if column is not None and column < len(row) else ""

    stem, case_name = cell(columns.others.get(_STEM)), cell(columns.others.get(_CASE))
    if not stem and not any(cell(column) for column in columns.options.values()):
        return LineUse.UNPLACED, unplaced.WITHOUT_STEM
    kind = _read_type(cell(columns.others.get(_TYPE)))
    raw = RawQuestion(None, None, lines=[line])
    media = "".join(_media_mark(name) for name in _media_names(cell(columns.others.get(_MEDIA))))
    raw.stem = [Piece(stem + media, line)] if stem + media else []
    raw.options = [RawOption(key, cell(at), line) for key, at in columns.options.items() if cell(at)]
    raw.fields = [(kind_, Piece(cell(at), line)) for kind_, at in columns.fields.items() if cell(at)]
    if kind is SectionKind.HAND_MARKED:
        return LineUse.UNPLACED, unplaced.HAND_MARKED
    _place(raw, kind, case_name, reading)
    return LineUse.QUESTION, NOTHING_TO_SAY


def _place(raw: RawQuestion, kind: SectionKind | None, case_name: str, reading: _Reading) -> None:
    case = reading.cases.get(case_name) if case_name else None
    if kind is SectionKind.CASE:
        raw.is_case = True
        if case_name:
            reading.cases[case_name] = raw
        reading.raws.append((raw, Group(kind)))
    elif case is not None:
        raw.section = kind
        case.subs.append(raw)
        case.lines.extend(raw.lines)
    else:
        if case_name:
            raw.doubts.append(doubt("case_unknown", tuple(raw.lines), name=case_name))
        reading.raws.append((raw, Group(kind)))


def _read_type(text: str) -> SectionKind | None:
    heading = read_heading(fold(text)) if text else None
    if heading is None and text:
        heading = read_heading(fold(text) + "题")
    return heading.kind if heading is not None and heading.kind is not SectionKind.TOPIC else None


def _media_names(text: str) -> list[str]:
    return [name.strip() for name in text.replace("；", ";").split(";") if name.strip()] if "【" not in text else [text]


def _media_mark(name: str) -> str:
    """Return the mark of a medium: written out already, or by the file's ending."""
    if "【" in name:
        return f"\n{name}"
    kind = next((kind for kind, endings in _ENDINGS.items() if name.lower().endswith(endings)), "图片")
    return f"\n【{kind}：{name}】"
