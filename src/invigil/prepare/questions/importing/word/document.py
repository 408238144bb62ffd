"""The Word file as a package of parts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath
from xml.etree.ElementTree import Element

from invigil.kernel.refusals import Refusal
from invigil.kernel.words import Words
from invigil.platform.sandbox import ArchiveLimits, ArchiveMember, check_archive, extract_member
from invigil.prepare.questions.importing.folding import without_private
from invigil.prepare.questions.importing.model import Doubt
from invigil.prepare.questions.importing.unplaced import MARGINS
from invigil.prepare.questions.importing.word.numbering import read_numbering
from invigil.prepare.questions.importing.word.paragraphs import LineWriter, text_of
from invigil.prepare.questions.importing.word.xml import attribute, child, children, name_of, parse_xml

MEGABYTE = 1024 * 1024
LIMITS = ArchiveLimits(members=4_000, member_bytes=64 * MEGABYTE, total_bytes=256 * MEGABYTE)


class NotAWordDocument(Refusal):
    """The archive holds no Word document."""

    code = "questions.import.not_a_word_document"
    zh = "文件里没有 Word 正文，请确认是 .docx 文件。"
    en = "There is no Word document in the file."


class MacroNotAccepted(Refusal):
    """The document carries a macro."""

    code = "questions.import.macro"
    zh = "文件含有宏，不能导入。请另存为不含宏的 .docx 或 .xlsx 后再试。"
    en = "The file carries macros; save it without them."


@dataclass(frozen=True)
class WordText:
    """Lines with private marks, and the pictures in the order of their marks (raw bytes; b"" when missing).

    findings: what could not be brought over, each with its line. margins: texts beside the body, and why they are left out.
    """

    lines: list[str]
    pictures: list[bytes]
    findings: list[Doubt] = field(default_factory=list)
    margins: list[tuple[str, Words]] = field(default_factory=list)


class OfficePackage:
    """The parts of an Office file by name; nothing is inflated before the archive's tables have been checked."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._members: dict[str, ArchiveMember] = {member.name: member for member in check_archive(content, LIMITS)}
        if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in self._members):
            raise MacroNotAccepted

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def names(self) -> list[str]:
        """Return the parts' names in order."""
        return list(self._members)

    def read(self, name: str) -> bytes:
        """Return a part's bytes; b"" when there is no such part."""
        member = self._members.get(name)
        return extract_member(self._content, member) if member else b""

    def parse(self, name: str) -> Element | None:
        """Return a part's root element; None when there is no such part."""
        return parse_xml(self.read(name)) if name in self._members else None


def read_word(content: bytes) -> WordText:
    """Return the text of a .docx with its pictures.

    Raises: the sandbox's archive refusals; OfficeFileBroken; MacroNotAccepted; NotAWordDocument.
    """
    package = OfficePackage(content)
    main = _main_part(package)
    document = package.parse(main)
    body = child(document, "body")
    if body is None:
        raise NotAWordDocument
    folder = dirname(main)
    numbering = read_numbering(package.parse(f"{folder}/numbering.xml"), package.parse(f"{folder}/styles.xml"))
    writer = LineWriter(numbering, _targets(package, main), notes=_notes(package, folder))
    writer.write_body(body)
    pictures = [package.read(part) for part in writer.parts]
    return WordText(writer.lines, pictures, writer.findings, list(_margins(package, folder)))


def _notes(package: OfficePackage, folder: str) -> dict[tuple[str, str], str]:
    """Return the texts of footnotes and endnotes by reference element and id."""
    notes: dict[tuple[str, str], str] = {}
    for kind in ("footnote", "endnote"):
        root = package.parse(f"{folder}/{kind}s.xml")
        for note in children(root, kind) if root is not None else ():
            notes[f"{kind}Reference", attribute(note, "id")] = text_of(note)
    return notes


def _margins(package: OfficePackage, folder: str) -> Iterator[tuple[str, Words]]:
    """Yield the texts of page headers, page footers and comments: they belong to no question, but nothing goes silently."""
    for part, what in MARGINS.items():
        seen: set[str] = set()
        for name in package.names():
            if not re.fullmatch(rf"{re.escape(folder)}/{part}\d*\.xml", name) or (root := package.parse(name)) is None:
                continue
            for paragraph in (one for one in root.iter() if name_of(one) == "p"):
                text = without_private(text_of(paragraph)).strip()
                if text and text not in seen:
                    seen.add(text)
                    yield text, what


def _main_part(package: OfficePackage) -> str:
    relations = package.parse("_rels/.rels")
    for relation in children(relations, "Relationship") if relations is not None else ():
        if attribute(relation, "Type").endswith("/officeDocument"):
            return attribute(relation, "Target").lstrip("/")
    if "word/document.xml" in package:
        return "word/document.xml"
    raise NotAWordDocument


def _targets(package: OfficePackage, main: str) -> dict[str, str]:
    folder, name = dirname(main), main.rpartition("/")[2]
    relations = package.parse(f"{folder}/_rels/{name}.rels")
    targets = {}
    for relation in children(relations, "Relationship") if relations is not None else ():
        if attribute(relation, "TargetMode") != "External" and attribute(relation, "Type").endswith("/image"):
            target = attribute(relation, "Target")
            targets[attribute(relation, "Id")] = (
                target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
            )
    return targets
