"""Pictures of unknown origin: looked at, decoded and written anew, so that only pixels survive. Runs in the sandbox."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from invigil.kernel.refusals import Refusal

# Formats that Pillow decodes without helpers; vector formats (WMF, EMF, EPS, SVG) are not among them.
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")
MAX_PIXELS = 40_000_000
MAX_EDGE = 2_000
JPEG_QUALITY = 88


class PictureUnreadable(Refusal):
    """The bytes are no picture that we show."""

    code = "questions.media.picture_unreadable"
    zh = "图片无法读取或格式不支持，请改用 PNG 或 JPEG。"
    en = "The picture cannot be read; use PNG or JPEG."


class PictureTooLarge(Refusal):
    """The picture has more pixels than anything on a page needs."""

    code = "questions.media.picture_too_large"
    zh = "图片尺寸过大（超过 {limit} 万像素），请缩小后再上传。"
    en = "The picture is beyond {limit}0,000 pixels; make it smaller."


def rewrite_picture(content: bytes) -> tuple[str, bytes]:
    """Return media type and bytes of the picture written anew: PNG, or JPEG for what came as JPEG.

    Turned as its camera meant it, no longer than 2,000 pixels, without metadata; animations keep their first frame.
    Raises: PictureUnreadable, PictureTooLarge.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                return _rewrite(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise PictureTooLarge(limit=MAX_PIXELS // 10_000) from fault
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        IndexError,
        KeyError,
        TypeError,
    ) as fault:
        # Pillow's decoders answer broken bytes with any of these.
        raise PictureUnreadable from fault


def _rewrite(picture: Image.Image) -> tuple[str, bytes]:
    if picture.width * picture.height > MAX_PIXELS:
        raise PictureTooLarge(limit=MAX_PIXELS // 10_000)
    is_jpeg = picture.format == "JPEG"
    if is_jpeg:
        picture.draft("RGB", (MAX_EDGE * 2, MAX_EDGE * 2))
    upright = ImageOps.exif_transpose(picture)
    shown = upright.convert("RGB") if is_jpeg else _keep_transparency(upright)
    shown.thumbnail((MAX_EDGE, MAX_EDGE))
    shown.info.clear()
    out = io.BytesIO()
    if is_jpeg:
        shown.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
        return "image/jpeg", out.getvalue()
    shown.save(out, "PNG", optimize=True)
    return "image/png", out.getvalue()


def _keep_transparency(picture: Image.Image) -> Image.Image:
    is_transparent = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    if picture.mode in {"1", "L"} and not is_transparent:
        return picture.copy()
    return picture.convert("RGBA" if is_transparent else "RGB")
