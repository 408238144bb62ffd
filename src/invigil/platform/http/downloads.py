"""Answers that are files."""

from urllib.parse import quote

from starlette.responses import Response


def file_response(content: bytes, file_name: str, media_type: str) -> Response:
    """Return a download under a file name of any script, which no browser interprets and no cache keeps."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=media_type, headers=headers)
