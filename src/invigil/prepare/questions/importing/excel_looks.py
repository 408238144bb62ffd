"""What a workbook shows and hides: hidden sheets, rows and columns, and its pictures, which the values alone do not say."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from invigil.prepare.questions.importing.excel_pictures import (
    CellPicture,
    find_cell_pictures,
    find_floating_pictures,
    read_picture_tables,
    read_relations,
    whole,
)
from invigil.prepare.questions.importing.word.document import OfficePackage
from invigil.prepare.questions.importing.word.xml import attribute, child, children

_MAX_COLUMNS = 16_384


@dataclass
class SheetLook:
    """How one sheet looks. Rows and columns count from 0. pictures: inside cells first, then those that float."""

    is_hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    pictures: list[CellPicture] = field(default_factory=list)


def read_looks(package: OfficePackage) -> dict[str, SheetLook]:
    """Return the looks of every sheet by its name.

    Raises: the sandbox's archive refusals; OfficeFileBroken.
    """
    workbook = package.parse("xl/workbook.xml")
    targets = read_relations(package, "xl/workbook.xml")
    tables = read_picture_tables(package)
    sheets = child(workbook, "sheets")
    looks: dict[str, SheetLook] = {}
    for sheet in children(sheets, "sheet") if sheets is not None else ():
        part = targets.get(_relation_of(sheet), "")
        look = SheetLook(is_hidden=attribute(sheet, "state") in {"hidden", "veryHidden"})
        if (root := package.parse(part)) is not None:
            _read_sheet(root, look)
            look.pictures += [*find_cell_pictures(root, tables), *find_floating_pictures(package, part)]
        looks[attribute(sheet, "name")] = look
    return looks


def _read_sheet(root: Element, look: SheetLook) -> None:
    for column in _inside(root, "cols", "col"):
        if _is_true(attribute(column, "hidden")):
            first, last = whole(attribute(column, "min")), min(whole(attribute(column, "max")), _MAX_COLUMNS)
            look.hidden_columns |= set(range(first - 1, last))
    for row in _inside(root, "sheetData", "row"):
        if _is_true(attribute(row, "hidden")):
            look.hidden_rows.add(whole(attribute(row, "r")) - 1)


def _inside(root: Element, name: str, inner: str) -> Iterator[Element]:
    return (one for outer in children(root, name) for one in children(outer, inner))


def _relation_of(sheet: Element) -> str:
    """Return the relation's id: the attribute `id` of the relationships' namespace, not `sheetId`."""
    return next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")


def _is_true(text: str) -> bool:
    return text in {"1", "true"}
