"""What kind of medium some bytes are, told by the bytes and never by the name."""

from collections.abc import Sequence

from invigil.kernel.refusals import Refusal
from invigil.prepare.questions.importing.model import Picture
from invigil.prepare.questions.importing.pictures import rewrite_picture

MAX_PICTURES = 2_000
MEGABYTE = 1024 * 1024
MAX_PICTURE_BYTES = 10 * MEGABYTE
MAX_AUDIO_BYTES = 20 * MEGABYTE
MAX_VIDEO_BYTES = 60 * MEGABYTE
_M4A_BRANDS = {b"M4A ", b"M4B "}
_MP4_BRANDS = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash", b"M4V ", b"MSNV"}


class MediumNotAccepted(Refusal):
    """The bytes are neither a picture nor audio nor video that browsers play."""

    code = "questions.media.not_accepted"
    zh = "不支持这种文件。图片请用 PNG、JPEG、WebP，音频请用 MP3、M4A、OGG，视频请用 MP4 或 WebM。"
    en = "This kind of file is not accepted; use PNG, JPEG, WebP, MP3, M4A, OGG, MP4 or WebM."


class MediumTooLarge(Refusal):
    """The medium has more bytes than a question may carry."""

    code = "questions.media.too_large"
    status = 413
    zh = "文件超过 {limit} MB，请压缩后再上传。"
    en = "The file is beyond {limit} MB."


class TooManyPictures(Refusal):
    """More pictures than one import takes."""

    code = "questions.import.too_many_pictures"
    zh = "文件里的图片超过 {limit} 张，请分成几个文件导入。"
    en = "More than {limit} pictures; split the file."


def read_pictures(contents: Sequence[bytes]) -> tuple[Picture, ...]:
    """Return the pictures inside a document in the order of their marks, written anew.

    A picture that cannot be shown does not stop the import; the questions that show it carry a doubt.
    Raises: TooManyPictures.
    """
    if len(contents) > MAX_PICTURES:
        raise TooManyPictures(limit=MAX_PICTURES)
    return tuple(_read_picture(f"picture-{number}", content) for number, content in enumerate(contents, start=1))


def _read_picture(name: str, content: bytes) -> Picture:
    try:
        return Picture(name, *rewrite_picture(content)) if looks_like_picture(content) else Picture(name, "", b"")
    except Refusal:
        return Picture(name, "", b"")


def read_medium(name: str, content: bytes) -> Picture:
    """Return the medium with its true type; a picture is written anew.

    Raises: MediumNotAccepted, MediumTooLarge, PictureUnreadable, PictureTooLarge.
    """
    media_type = sound_or_film(content)
    if media_type is None:
        _check_size(content, MAX_PICTURE_BYTES)
        if not looks_like_picture(content):
            raise MediumNotAccepted
        media_type, content = rewrite_picture(content)
        return Picture(name, media_type, content)
    _check_size(content, MAX_AUDIO_BYTES if media_type.startswith("audio/") else MAX_VIDEO_BYTES)
    return Picture(name, media_type, content)


def _check_size(content: bytes, limit: int) -> None:
    if len(content) > limit:
        raise MediumTooLarge(limit=limit // MEGABYTE)


def looks_like_picture(content: bytes) -> bool:
    """Tell whether the bytes begin like a format that `pictures` decodes."""
    return content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")) or (
        content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    )


def sound_or_film(content: bytes) -> str | None:
    """Return the media type of audio or video that Chromium plays, or None."""
    head = content[:64]
    if head.startswith(b"ID3") or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return "audio/mpeg"
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return "audio/mp4" if brand in _M4A_BRANDS else "video/mp4" if brand in _MP4_BRANDS else None
    if head.startswith(b"OggS"):
        return "video/ogg" if b"theora" in content[:128] else "audio/ogg"
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head:
        return "video/webm"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "audio/wav"
    return None
