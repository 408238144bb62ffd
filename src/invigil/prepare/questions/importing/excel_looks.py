"""What a workbook shows and hides: hidden sheets, rows and columns, and rows with pictures, which the values alone do not say."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath
from xml.etree.ElementTree import Element

from invigil.prepare.questions.importing.word.document import OfficePackage
from invigil.prepare.questions.importing.word.xml import attribute, child, children, name_of

_MAX_COLUMNS = 16_384
# Spreadsheets of WPS keep pictures inside cells, as the result of this function.
_CELL_PICTURE = re.compile(r"DISPIMG\s*\(", re.IGNORECASE)


@dataclass
class SheetLook:
    """How one sheet looks. Rows and columns count from 0. picture_rows: where a picture begins or a cell holds one."""

    is_hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    picture_rows: set[int] = field(default_factory=set)


def read_looks(content: bytes) -> dict[str, SheetLook]:
    """Return the looks of every sheet by its name.

    Raises: the sandbox's archive refusals; OfficeFileBroken; MacroNotAccepted.
    """
    package = OfficePackage(content)
    workbook = package.parse("xl/workbook.xml")
    targets = _relations(package, "xl/workbook.xml")
    sheets = child(workbook, "sheets")
    looks: dict[str, SheetLook] = {}
    for sheet in children(sheets, "sheet") if sheets is not None else ():
        part = targets.get(_relation_of(sheet), "")
        look = SheetLook(is_hidden=attribute(sheet, "state") in {"hidden", "veryHidden"})
        if (root := package.parse(part)) is not None:
            _read_sheet(root, look)
            look.picture_rows |= set(_picture_rows(package, part))
        looks[attribute(sheet, "name")] = look
    return looks


def _read_sheet(root: Element, look: SheetLook) -> None:
    for column in _inside(root, "cols", "col"):
        if _is_true(attribute(column, "hidden")):
            first, last = _whole(attribute(column, "min")), min(_whole(attribute(column, "max")), _MAX_COLUMNS)
            look.hidden_columns |= set(range(first - 1, last))
    for row in _inside(root, "sheetData", "row"):
        number = _whole(attribute(row, "r")) - 1
        if _is_true(attribute(row, "hidden")):
            look.hidden_rows.add(number)
        formulas = (child(cell, "f") for cell in children(row, "c"))
        if any(one is not None and _CELL_PICTURE.search(one.text or "") for one in formulas):
            look.picture_rows.add(number)


def _inside(root: Element, name: str, inner: str) -> Iterator[Element]:
    return (one for outer in children(root, name) for one in children(outer, inner))


def _picture_rows(package: OfficePackage, part: str) -> Iterator[int]:
    """Yield the rows at which the sheet's floating pictures and objects begin."""
    for target in _relations(package, part).values():
        drawing = package.parse(target) if "/drawings/" in target and target.endswith(".xml") else None
        for anchor in drawing if drawing is not None else ():
            row = child(anchor, "from", "row")
            if row is not None and any(name_of(one) in {"pic", "graphicFrame", "sp"} for one in anchor.iter()):
                yield _whole(row.text or "")


def _relations(package: OfficePackage, part: str) -> dict[str, str]:
    folder, name = dirname(part), part.rpartition("/")[2]
    root = package.parse(f"{folder}/_rels/{name}.rels")
    found = {}
    for one in children(root, "Relationship") if root is not None else ():
        target = attribute(one, "Target")
        found[attribute(one, "Id")] = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
    return found


def _relation_of(sheet: Element) -> str:
    """Return the relation's id: the attribute `id` of the relationships' namespace, not `sheetId`."""
    return next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")


def _is_true(text: str) -> bool:
    return text in {"1", "true"}


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
