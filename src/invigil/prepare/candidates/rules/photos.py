"""What an identity photo must be, judged from measured facts; and whose it is, by its file name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from invigil.kernel.words import Words
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
    """One thing to say of a photo; an error keeps it out. en: empty for what an earlier release found."""

    severity: Severity
    code: str
    zh: str
    en: str = ""


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
        return [
            _error(
                "unreadable",
                Words(
                    "图片无法打开：已损坏，或不是 JPG/PNG 图片",
                    "The picture cannot be opened: damaged, or no JPG or PNG",
                ),
            )
        ]
    findings: list[PhotoFinding] = []
    if facts.width < MIN_WIDTH or facts.height < MIN_HEIGHT:
        zh = f"图片太小（{facts.width}×{facts.height}），至少需要 {MIN_WIDTH}×{MIN_HEIGHT} 像素"
        en = f"The picture is too small ({facts.width}×{facts.height}); at least {MIN_WIDTH}×{MIN_HEIGHT} pixels are needed"
        findings.append(_error("too_small", Words(zh, en)))
    if facts.contrast < LEAST_CONTRAST:
        findings.append(
            _error(
                "blank",
                Words(
                    "图片几乎是一片空白或全黑，看不出人像", "The picture is nearly blank or black; no face can be seen"
                ),
            )
        )
    elif facts.brightness < DARKEST:
        findings.append(
            _warning(
                "too_dark", Words("照片过暗，可能影响人脸比对", "The photo is dark, which may hinder comparing faces")
            )
        )
    elif facts.brightness > BRIGHTEST:
        findings.append(
            _warning(
                "too_bright",
                Words("照片过亮，可能影响人脸比对", "The photo is bright, which may hinder comparing faces"),
            )
        )
    if not MIN_RATIO_PERCENT <= facts.height * 100 // max(1, facts.width) <= MAX_RATIO_PERCENT:
        findings.append(
            _warning(
                "wrong_ratio",
                Words(
                    f"长宽比不是证件照的比例（{facts.width}×{facts.height}）",
                    f"Not in the proportions of an identity photo ({facts.width}×{facts.height})",
                ),
            )
        )
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
            findings[position] = _error(
                "same_picture",
                Words(
                    "与另一名考生的照片完全相同，请核对是谁的照片",
                    "The very photo of another candidate; check whose it is",
                ),
            )
        elif any(_is_nearly_equal(facts, other) for other in others):
            findings[position] = _warning(
                "similar_picture",
                Words("与另一名考生的照片几乎相同，请核对", "Nearly the photo of another candidate; check"),
            )
    return findings


def unmatched(name: str) -> PhotoFinding:
    """Return the finding of a picture that belongs to nobody."""
    if not identity_of(name):
        return _error(
            "no_identity", Words("文件名中没有身份证号，无法对应考生", "The file's name holds no identity number")
        )
    return _error(
        "unmatched",
        Words("本次考试没有这个身份证号的考生", "The examination has no candidate with this identity number"),
    )


def not_a_picture() -> PhotoFinding:
    """Return the finding of a file that is no picture."""
    return _error("not_a_picture", Words("不是 JPG 或 PNG 图片", "Not a JPG or PNG picture"))


def second_file() -> PhotoFinding:
    """Return the finding of a further file for the same person."""
    return _error(
        "several_files",
        Words("同一身份证号有多张照片，已采用前面一张", "Several photos of one identity number; the first is taken"),
    )


def _near(shape: int) -> list[int]:
    """Return the hash and every hash that differs from it in one bit."""
    return [shape, *(shape ^ (1 << bit) for bit in range(64))]


def _is_nearly_equal(one: PictureFacts, other: PictureFacts) -> bool:
    total = sum(abs(a - b) for a, b in zip(one.thumbnail, other.thumbnail, strict=True))
    return total < SAME_PICTURE_DIFFERENCE * len(one.thumbnail)


def _error(code: str, said: Words) -> PhotoFinding:
    return PhotoFinding(Severity.ERROR, code, said.zh, said.en)


def _warning(code: str, said: Words) -> PhotoFinding:
    return PhotoFinding(Severity.WARNING, code, said.zh, said.en)
