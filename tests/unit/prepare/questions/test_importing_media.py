"""Media are what their bytes say."""

import io

import pytest
from PIL import Image

from invigil.app.sample.questions import FOLDER
from invigil.kernel.refusals import Refusal
from invigil.prepare.questions.importing import media, pictures
from invigil.prepare.questions.importing.files import read_file
from invigil.prepare.questions.importing.media import read_medium, sound_or_film
from tests.unit.prepare.questions.documents import picture


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"ID3\x04" + bytes(60), "audio/mpeg"),
        (b"\xff\xfb\x90" + bytes(60), "audio/mpeg"),
        (b"\x00\x00\x00\x18ftypM4A " + bytes(60), "audio/mp4"),
        (b"\x00\x00\x00\x18ftypisom" + bytes(60), "video/mp4"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(60), None),
        (b"OggS" + bytes(60), "audio/ogg"),
        (b"\x1a\x45\xdf\xa3\x01\x00webm" + bytes(60), "video/webm"),
        (b"\x1a\x45\xdf\xa3\x01\x00matroska" + bytes(60), None),
        (b"RIFF\x00\x00\x00\x00WAVE" + bytes(60), "audio/wav"),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_sound_and_film_are_told_by_their_first_bytes(head: bytes, expected: str | None) -> None:
    assert sound_or_film(head) == expected


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF"])
def test_pictures_become_png_or_jpeg(form: str) -> None:
    found = read_medium("x", picture(form=form))
    assert found.media_type == ("image/jpeg" if form == "JPEG" else "image/png")
    with Image.open(io.BytesIO(found.data)) as shown:
        assert shown.size == (40, 20)


def test_transparency_stays() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(read_medium("x", out.getvalue()).data)) as shown:
        assert shown.mode == "RGBA"


def test_huge_pictures_are_refused_before_they_are_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_PIXELS", 700)
    with pytest.raises(Refusal) as refused:
        read_medium("x", picture())
    assert refused.value.code == "questions.media.picture_too_large"


def test_pillow_s_own_bomb_limit_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(Refusal) as refused:
        read_medium("x", picture())
    assert refused.value.code == "questions.media.picture_too_large"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xd8\xff" + bytes(50), "questions.media.picture_unreadable"),
        (picture()[:40], "questions.media.picture_unreadable"),
        (b"GIF89a" + bytes(3), "questions.media.picture_unreadable"),
        (b"%!PS-Adobe-3.0 EPSF", "questions.media.not_accepted"),
    ],
)
def test_broken_pictures_are_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_medium("x", content)
    assert refused.value.code == code


def test_too_many_bytes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "MAX_AUDIO_BYTES", 50)
    with pytest.raises(Refusal) as refused:
        read_medium("x", b"ID3" + bytes(60))
    assert refused.value.code == "questions.media.too_large"


def test_media_marks_of_a_text() -> None:
    (question,) = read_file(
        "单选题\n1、听【音频：a.mp3；限播2次；说明：广播】选【图片: b.png】（A）\nA、【图片：c.png】\nB、无".encode()
    ).questions
    kinds = [
        (block.kind.value, block.blob, block.alt, block.play_limit) for block in question.draft.blocks if block.blob
    ]
    assert kinds == [("audio", "a.mp3", "广播", 2), ("picture", "b.png", "", None)]
    assert question.draft.options[0].blocks[0].blob == "c.png"
    assert [doubt.code for doubt in question.doubts] == ["media_missing"] * 3


def test_sample_media_are_small_and_what_they_say() -> None:
    types = {path.name: read_medium(path.name, path.read_bytes()).media_type for path in (FOLDER / "media").iterdir()}
    assert types["evacuation.mp3"] == "audio/mpeg"
    assert types["crane.webm"] == "video/webm"
    assert sum(media_type == "image/png" for media_type in types.values()) >= 8
    assert all(path.stat().st_size < 300_000 for path in (FOLDER / "media").iterdir())
