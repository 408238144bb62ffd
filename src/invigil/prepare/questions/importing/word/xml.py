"""Parsing the XML parts of Office files; names are compared without their namespace, so strict files read as well."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from invigil.kernel.refusals import Refusal


class OfficeFileBroken(Refusal):
    """A part of the file is not well-formed, or tries to define entities."""

    code = "questions.import.office_file_broken"
    zh = "文件内容损坏或不安全，已拒绝读取。请用 Word 或 Excel 重新另存后再导入。"
    en = "The file is damaged or unsafe; save it again with Word or Excel."


def parse_xml(content: bytes) -> Element:
    """Return the root element.

    Raises: OfficeFileBroken - not well-formed, or with a document type, entities or external references.
    """
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as fault:
        raise OfficeFileBroken from fault
    return root


def name_of(element: Element) -> str:
    """Return the element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """Return an attribute's value whatever its namespace; "" when it is not there."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return value
    return ""


def children(element: Element, name: str) -> Iterator[Element]:
    """Yield the direct children of this name."""
    return (child for child in element if name_of(child) == name)


def child(element: Element | None, *path: str) -> Element | None:
    """Return the first element along a path of names, or None."""
    for name in path:
        if element is None:
            return None
        element = next(children(element, name), None)
    return element


def value_at(element: Element | None, *path: str) -> str:
    """Return the `val` attribute at the end of the path; "" when it is not there."""
    found = child(element, *path)
    return attribute(found, "val") if found is not None else ""
