"""Pictures of a workbook and the cells they belong to: inside a cell (Excel, WPS), or floating with a corner above one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import TypeVar
from xml.etree.ElementTree import Element

from invigil.prepare.questions.importing.word.document import OfficePackage
from invigil.prepare.questions.importing.word.xml import attribute, child, children, name_of

# Spreadsheets of WPS keep pictures inside cells, as the result of this function.
CELL_PICTURE = re.compile(r"=?(?:_xlfn\.)?DISPIMG\s*\(\s*\"?([^\",)]*)[^)]*\)?", re.IGNORECASE)
_RICH_VALUES, _LOCAL_PICTURE = "XLRICHVALUE", "_rvRel:LocalImageIdentifier"
_Item = TypeVar("_Item")
_DRAWN = {"pic", "graphicFrame", "sp"}


@dataclass(frozen=True, slots=True)
class CellPicture:
    """A picture and the cell it belongs to, counted from 0.

    part: its name in the package; "" when it cannot be read as a picture (a chart, a shape, an unknown reference).
    floats: it lies over the sheet, and the cell is the one under its upper left corner.
    """

    row: int
    column: int
    part: str
    floats: bool = False


@dataclass(frozen=True, slots=True)
class PictureTables:
    """What the cells of all sheets refer to. by_name: of WPS. by_value: of Excel, by the cell's `vm` - 1; "" for other values."""

    by_name: Mapping[str, str]
    by_value: tuple[str, ...]


def read_picture_tables(package: OfficePackage) -> PictureTables:
    """Return the tables of the workbook; empty ones when no cell holds a picture.

    Raises: OfficeFileBroken.
    """
    return PictureTables(dict(_read_names(package)), tuple(_read_values(package)))


def find_cell_pictures(sheet: Element, tables: PictureTables) -> Iterator[CellPicture]:
    """Yield the pictures inside the cells of a sheet, row by row."""
    for data in children(sheet, "sheetData"):
        for row in children(data, "row"):
            for cell in children(row, "c"):
                if (part := _part_of(cell, tables)) is not None:
                    yield CellPicture(whole(attribute(row, "r")) - 1, column_of(attribute(cell, "r")), part)


def find_floating_pictures(package: OfficePackage, sheet_part: str) -> Iterator[CellPicture]:
    """Yield what floats over a sheet and has a corner in a cell: pictures, and with no part the charts and shapes.

    Raises: OfficeFileBroken.
    """
    for target in read_relations(package, sheet_part).values():
        drawing = package.parse(target) if "/drawings/" in target and target.endswith(".xml") else None
        for anchor in drawing if drawing is not None else ():
            row, column = child(anchor, "from", "row"), child(anchor, "from", "col")
            if row is None or not any(name_of(one) in _DRAWN for one in anchor.iter()):
                continue
            at = whole(row.text or ""), whole(column.text or "") if column is not None else 0
            # The same picture stands twice where a newer form has its fallback beside it.
            for part in dict.fromkeys(_parts_of(anchor, read_relations(package, target))) or ("",):
                yield CellPicture(*at, part, floats=True)


def _parts_of(anchor: Element, targets: Mapping[str, str]) -> Iterator[str]:
    for one in anchor.iter():
        if name_of(one) == "blip":
            yield targets.get(attribute(one, "embed"), "")


def _part_of(cell: Element, tables: PictureTables) -> str | None:
    """Return the part of the picture in a cell; "" when it is unknown, None when the cell holds none."""
    formula = child(cell, "f")
    if formula is not None and (named := CELL_PICTURE.search(formula.text or "")):
        return tables.by_name.get(named[1], "")
    value = whole(attribute(cell, "vm"))
    return (tables.by_value[value - 1] or None) if 0 < value <= len(tables.by_value) else None


def _read_names(package: OfficePackage) -> Iterator[tuple[str, str]]:
    part = "xl/cellimages.xml"
    root = package.parse(part)
    targets = read_relations(package, part)
    for image in root if root is not None else ():
        name = next((attribute(one, "name") for one in image.iter() if name_of(one) == "cNvPr"), "")
        for picture in _parts_of(image, targets):
            yield name, picture


def _read_values(package: OfficePackage) -> Iterator[str]:
    """Yield the part of each value metadata that stands for a picture, "" for the others."""
    metadata = package.parse("xl/metadata.xml")
    if metadata is None:
        return
    types = [attribute(one, "name") for one in _within(metadata, "metadataTypes", "metadataType")]
    futures = {attribute(one, "name"): list(children(one, "bk")) for one in children(metadata, "futureMetadata")}
    pictures = list(_read_rich_values(package))
    for block in _within(metadata, "valueMetadata", "bk"):
        record = child(block, "rc")
        kind = _item(types, whole(attribute(record, "t")) - 1, "") if record is not None else ""
        future = _item(futures.get(kind, []), whole(attribute(record, "v")), None) if record is not None else None
        binding = None if future is None else next((one for one in future.iter() if name_of(one) == "rvb"), None)
        is_picture = kind == _RICH_VALUES and binding is not None
        yield _item(pictures, whole(attribute(binding, "i")), "") if is_picture and binding is not None else ""


def _read_rich_values(package: OfficePackage) -> Iterator[str]:
    folder = "xl/richData"
    values, structures, relations = (
        package.parse(f"{folder}/{name}.xml") for name in ("rdrichvalue", "rdrichvaluestructure", "richValueRel")
    )
    if values is None or structures is None or relations is None:
        return
    targets = read_relations(package, f"{folder}/richValueRel.xml")
    parts = [targets.get(attribute(one, "id"), "") for one in relations]
    keys = [[attribute(key, "n") for key in children(one, "k")] for one in children(structures, "s")]
    for value in children(values, "rv"):
        names = _item(keys, whole(attribute(value, "s")), [])
        texts = [one.text or "" for one in children(value, "v")]
        fields = dict(zip(names, texts, strict=False))
        yield _item(parts, whole(fields[_LOCAL_PICTURE]), "") if _LOCAL_PICTURE in fields else ""


def read_relations(package: OfficePackage, part: str) -> dict[str, str]:
    """Return the parts that a part refers to, by the reference's id.

    Raises: OfficeFileBroken.
    """
    folder, name = dirname(part), part.rpartition("/")[2]
    root = package.parse(f"{folder}/_rels/{name}.rels")
    found = {}
    for one in children(root, "Relationship") if root is not None else ():
        target = attribute(one, "Target")
        found[attribute(one, "Id")] = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
    return found


def column_of(reference: str) -> int:
    """Return the column of a cell reference, from 0: "C7" is 2."""
    column = 0
    for letter in reference.upper()[:3]:
        if not "A" <= letter <= "Z":
            break
        column = column * 26 + ord(letter) - ord("A") + 1
    return max(0, column - 1)


def whole(text: str) -> int:
    """Return a whole number written in a part; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _within(root: Element, name: str, inner: str) -> Iterator[Element]:
    return (one for outer in children(root, name) for one in children(outer, inner))


def _item(items: Sequence[_Item], index: int, otherwise: _Item) -> _Item:
    return items[index] if 0 <= index < len(items) else otherwise
