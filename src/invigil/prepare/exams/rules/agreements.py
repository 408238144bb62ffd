"""What may be kept as the scan of an agreement."""

from invigil.prepare.exams.model.refusals import AgreementFileUnacceptable

LARGEST_SCAN_MB = 50

_SIGNS = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


def check_scan(content: bytes) -> str:
    """Return the media type of a scan, told by its first bytes and never by its name.

    Raises: AgreementFileUnacceptable - empty, larger than 50 MB, or neither PDF nor JPEG nor PNG.
    """
    if len(content) <= LARGEST_SCAN_MB << 20:
        for sign, media_type in _SIGNS:
            if content.startswith(sign):
                return media_type
    raise AgreementFileUnacceptable(limit_mb=LARGEST_SCAN_MB)
