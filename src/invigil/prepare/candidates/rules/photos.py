"""What an identity photo must be, judged from measured facts; and whose it is, by its file name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from invigil.prepare.candidates.model import Severity
from invigil.prepare.candidates.rules.cells import clean_code

# A face comparison needs about 80 pixels between the ears; a one-inch photo scanned at 300 dpi has 295 × 413.
MIN_WIDTH, MIN_HEIGHT = 150, 200
# Height by width in percent. One inch is 140, two inches 141, the identity card's own photo 123.
MIN_RATIO_PERCENT, MAX_RATIO_PERCENT = 110, 165
# Mean grey level and its standard deviation, 0…255.
DARKEST, BRIGHTEST, LEAST_CONTRAST = 50, 225, 12
# Mean difference of two thumbnails' values, 0…255, below which one picture was saved twice. Saving a JPEG again moves it by
# less than 1, two persons before the same wall differ by more than 4.
SAME_PICTURE_DIFFERENCE = 2
_PICTURES = (".jpg", ".jpeg", ".png")
_JUNK = re.compile(r"(?:^|/)(?:__MACOSX/|\.|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dX](?!\d)")


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What the sandbox measured of one picture.

    is_readable: false: every other field is zero or empty. width, height: pixels, as meant to be seen. brightness, contrast:
    mean and standard deviation of grey, 0…255. fingerprint: SHA-256 of the pixels. shape: 64-bit difference hash, by which
    nearly equal pictures are found. thumbnail: 16 × 16 RGB, 768 bytes, by which they are compared.
    jpeg: the picture encoded anew, at most 480 × 640, without metadata. kept_width, kept_height: its pixels.
    """

    is_readable: bool
    width: int = 0
    height: int = 0
    brightness: int = 0
    contrast: int = 0
    fingerprint: bytes = b""
    shape: int = 0
    thumbnail: bytes = b""
    jpeg: bytes = b""
    kept_width: int = 0
    kept_height: int = 0


@dataclass(frozen=True, slots=True)
class PhotoFinding:
    """One thing to say of a photo; an error keeps it out."""

    severity: Severity
    code: str
    zh: str


def is_junk(name: str) -> bool:
    """Tell whether an archive entry is what macOS or Windows left behind."""
    return _JUNK.search(name) is not None


def is_picture(name: str) -> bool:
    """Tell whether the entry's name says JPEG or PNG."""
    return name.lower().endswith(_PICTURES)


def identity_of(name: str) -> str:
    """Return the identity number in the file's own name (folders do not count); "" when there is none, or several."""
    stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    found = set(_IDENTITY.findall(clean_code(stem)))
    return found.pop() if len(found) == 1 else ""


def judge_picture(facts: PictureFacts) -> list[PhotoFinding]:
    """Return everything wrong with one picture by itself, errors first."""
    if not facts.is_readable:
        return [_error("unreadable", "图片无法打开：已损坏，或不是 JPG/PNG 图片")]
    findings: list[PhotoFinding] = []
    if facts.width < MIN_WIDTH or facts.height < MIN_HEIGHT:
        zh = f"图片太小（{facts.width}×{facts.height}），至少需要 {MIN_WIDTH}×{MIN_HEIGHT} 像素"
        findings.append(_error("too_small", zh))
    if facts.contrast < LEAST_CONTRAST:
        findings.append(_error("blank", "图片几乎是一片空白或全黑，看不出人像"))
    elif facts.brightness < DARKEST:
        findings.append(_warning("too_dark", "照片过暗，可能影响人脸比对"))
    elif facts.brightness > BRIGHTEST:
        findings.append(_warning("too_bright", "照片过亮，可能影响人脸比对"))
    if not MIN_RATIO_PERCENT <= facts.height * 100 // max(1, facts.width) <= MAX_RATIO_PERCENT:
        findings.append(_warning("wrong_ratio", f"长宽比不是证件照的比例（{facts.width}×{facts.height}）"))
    return findings


def find_same_pictures(pictures: Sequence[tuple[str, PictureFacts]]) -> dict[int, PhotoFinding]:
    """Return, by position, the finding of every picture that another person has as well.

    pictures: identity number and facts, in order. Equal pixels are an error for all who share them; nearly equal ones a warning.
    """
    findings: dict[int, PhotoFinding] = {}
    by_shape: dict[int, list[int]] = {}
    for position, (_, facts) in enumerate(pictures):
        if facts.is_readable:
            by_shape.setdefault(facts.shape, []).append(position)
    for position, (identity, facts) in enumerate(pictures):
        others = [
            pictures[other][1]
            for shape in _near(facts.shape)
            for other in by_shape.get(shape, ())
            if facts.is_readable and pictures[other][0] != identity
        ]
        if any(other.fingerprint == facts.fingerprint for other in others):
            findings[position] = _error("same_picture", "与另一名考生的照片完全相同，请核对是谁的照片")
        elif any(_is_nearly_equal(facts, other) for other in others):
            findings[position] = _warning("similar_picture", "与另一名考生的照片几乎相同，请核对")
    return findings


def unmatched(name: str) -> PhotoFinding:
    """Return the finding of a picture that belongs to nobody."""
    if not identity_of(name):
        return _error("no_identity", "文件名中没有身份证号，无法对应考生")
    return _error("unmatched", "本次考试没有这个身份证号的考生")


def not_a_picture() -> PhotoFinding:
    """Return the finding of a file that is no picture."""
    return _error("not_a_picture", "不是 JPG 或 PNG 图片")


def second_file() -> PhotoFinding:
    """Return the finding of a further file for the same person."""
    return _error("several_files", "同一身份证号有多张照片，已采用前面一张")


def _near(shape: int) -> list[int]:
    """Return the hash and every hash that differs from it in one bit."""
    return [shape, *(shape ^ (1 << bit) for bit in range(64))]


def _is_nearly_equal(one: PictureFacts, other: PictureFacts) -> bool:
    total = sum(abs(a - b) for a, b in zip(one.thumbnail, other.thumbnail, strict=True))
    return total < SAME_PICTURE_DIFFERENCE * len(one.thumbnail)


def _error(code: str, zh: str) -> PhotoFinding:
    return PhotoFinding(Severity.ERROR, code, zh)


def _warning(code: str, zh: str) -> PhotoFinding:
    return PhotoFinding(Severity.WARNING, code, zh)
