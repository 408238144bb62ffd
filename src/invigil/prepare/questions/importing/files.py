"""Chooses the reader by the file's content; a zip may bring one document together with its media."""

from posixpath import basename

import msgspec

from invigil.kernel.refusals import Refusal
from invigil.prepare.questions.importing.doubts import doubt
from invigil.prepare.questions.importing.excel import read_excel
from invigil.prepare.questions.importing.media import looks_like_picture, read_medium, read_pictures, sound_or_film
from invigil.prepare.questions.importing.model import ParsedFile, ParsedQuestion, Picture
from invigil.prepare.questions.importing.text import decode_text, parse_lines
from invigil.prepare.questions.importing.word import read_word
from invigil.prepare.questions.importing.word.document import OfficePackage
from invigil.prepare.questions.rules import media_of

_MEDIA_ENDINGS = (
    ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".mp3", ".m4a", ".ogg", ".oga", ".wav", ".mp4", ".webm", ".m4v",
)  # fmt: skip


class OldWordFormat(Refusal):
    """Word 97-2003, Excel 97-2003, or an encrypted Office file."""

    code = "questions.import.old_format"
    zh = "这是旧格式（.doc、.xls）或加密的 Office 文件，无法读取。请用 Word 或 WPS 打开，另存为 .docx 或 .xlsx（不加密码）后再导入。"
    en = "This is an old (.doc, .xls) or encrypted Office file; save it as .docx or .xlsx without a password."


class FormatNotAccepted(Refusal):
    """A format that we do not read."""

    code = "questions.import.format_not_accepted"
    zh = "不支持 {kind} 文件，请使用 .docx、.xlsx、.txt，或含有这些文件和媒体的 .zip。"
    en = "{kind} files are not accepted; use .docx, .xlsx, .txt, or a .zip with one of these and its media."


class BundleUnclear(Refusal):
    """A zip must hold exactly one file of questions."""

    code = "questions.import.bundle_unclear"
    zh = "压缩包里应当只有一个题目文件（.docx、.xlsx 或 .txt），现在有 {count} 个。"
    en = "The zip must hold exactly one file of questions, not {count}."


def read_file(content: bytes) -> ParsedFile:
    """Return what is understood of a file of questions.

    The content decides what it is; a file's name proves nothing.
    Raises: Refusal - a format that is not read, a damaged or hostile file.
    """
    if content.startswith(b"PK"):
        return _read_archive(content)
    for magic, refusal in (
        (b"\xd0\xcf\x11\xe0", OldWordFormat()),
        (b"%PDF", FormatNotAccepted(kind="PDF")),
        (b"{\\rtf", FormatNotAccepted(kind="RTF")),
    ):
        if content.startswith(magic):
            raise refusal
    return check_media(parse_lines(decode_text(content)))


def _read_archive(content: bytes) -> ParsedFile:
    package = OfficePackage(content)
    names = package.names()
    if any(name.startswith("word/") for name in names):
        return check_media(_read_docx(content))
    if any(name.startswith("xl/") for name in names):
        return check_media(read_excel(content, package))
    return _read_bundle(package)


def _read_docx(content: bytes) -> ParsedFile:
    word = read_word(content)
    pictures = read_pictures(word.pictures)
    return parse_lines(word.lines, pictures, findings=word.findings, margins=word.margins)


def _read_bundle(package: OfficePackage) -> ParsedFile:
    files = [name for name in package.names() if not name.endswith("/") and _is_wanted(name)]
    documents = [name for name in files if name.lower().endswith((".docx", ".xlsx", ".txt", ".doc", ".xls"))]
    if len(documents) != 1:
        raise BundleUnclear(count=len(documents))
    parsed = read_file(package.read(documents[0]))
    attachments = [
        _read_attachment(basename(name), package.read(name)) for name in files if name.lower().endswith(_MEDIA_ENDINGS)
    ]
    return check_media(msgspec.structs.replace(parsed, attachments=tuple(attachments)))


def _is_wanted(name: str) -> bool:
    # macOS adds shadow files, Word leaves lock files.
    return not name.startswith("__MACOSX/") and not basename(name).startswith((".", "~$"))


def _read_attachment(name: str, content: bytes) -> Picture:
    try:
        return (
            read_medium(name, content)
            if sound_or_film(content) or looks_like_picture(content)
            else Picture(name, "", b"")
        )
    except Refusal:
        return Picture(name, "", b"")


def check_media(parsed: ParsedFile) -> ParsedFile:
    """Return the file with a doubt at every question whose medium is not there, and media types filled in."""
    known = {one.name for one in (*parsed.pictures, *parsed.attachments) if one.media_type}
    pictures = {one.name for one in parsed.pictures}
    questions = []
    for question in parsed.questions:
        kept = tuple(one for one in question.doubts if one.code != "media_missing")
        missing = [name for name in media_of(question.draft) if name not in known and name not in pictures]
        doubts = kept + tuple(doubt("media_missing", question.lines[:1], name=name) for name in missing)
        questions.append(ParsedQuestion(question.number, question.lines, question.draft, doubts))
    return msgspec.structs.replace(parsed, questions=tuple(questions))
