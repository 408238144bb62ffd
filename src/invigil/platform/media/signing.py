"""Presigned PUTs that bind the content: Signature Version 4 with the content's SHA-256 among the signed headers.

obstore signs addresses, but no headers; the AWS libraries that do would be fifty times this file. A store that knows
`x-amz-checksum-sha256` (AWS, MinIO, Ceph, Swift) compares it with what arrives and keeps nothing else.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

CHECKSUM_HEADER = "x-amz-checksum-sha256"
_ALGORITHM, _SERVICE, _REQUEST = "AWS4-HMAC-SHA256", "s3", "aws4_request"
_SIGNED_HEADERS = f"host;{CHECKSUM_HEADER}"


class CredentialsMissingError(Exception):
    """The environment names no key for the object store."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who signs. session_token: empty for a lasting key."""

    key_id: str
    secret: str = field(repr=False)
    region: str
    session_token: str = field(default="", repr=False)


def read_credentials(environment: Mapping[str, str] | None = None) -> Credentials:
    """Return what the usual AWS_… variables say.

    Raises: CredentialsMissingError.
    """
    given = os.environ if environment is None else environment
    key_id, secret = given.get("AWS_ACCESS_KEY_ID", ""), given.get("AWS_SECRET_ACCESS_KEY", "")
    if not (key_id and secret):
        raise CredentialsMissingError("AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY")
    region = given.get("AWS_REGION") or given.get("AWS_DEFAULT_REGION") or "us-east-1"
    return Credentials(key_id, secret, region, given.get("AWS_SESSION_TOKEN", ""))


def checksum_headers(sha256: str) -> dict[str, str]:
    """Return what the page must send beside the content. sha256: hexadecimal."""
    return {CHECKSUM_HEADER: base64.b64encode(bytes.fromhex(sha256)).decode()}


def presign_put(url: str, sha256: str, credentials: Credentials, *, now: datetime, lasts: timedelta) -> str:
    """Return the address under which exactly this content may be PUT, with `checksum_headers`.

    url: of the object, percent-encoded; a query is left out. sha256: hexadecimal. now: aware.
    """
    parts = urlsplit(url)
    at = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{at[:8]}/{credentials.region}/{_SERVICE}/{_REQUEST}"
    given = {
        "X-Amz-Algorithm": _ALGORITHM,
        "X-Amz-Credential": f"{credentials.key_id}/{scope}",
        "X-Amz-Date": at,
        "X-Amz-Expires": str(int(lasts.total_seconds())),
        "X-Amz-SignedHeaders": _SIGNED_HEADERS,
    }
    if credentials.session_token:
        given["X-Amz-Security-Token"] = credentials.session_token
    query = "&".join(f"{_encode(name)}={_encode(value)}" for name, value in sorted(given.items()))
    headers = f"host:{parts.netloc}\n{CHECKSUM_HEADER}:{checksum_headers(sha256)[CHECKSUM_HEADER]}\n"
    request = "\n".join(["PUT", parts.path, query, headers, _SIGNED_HEADERS, "UNSIGNED-PAYLOAD"])
    message = "\n".join([_ALGORITHM, at, scope, hashlib.sha256(request.encode()).hexdigest()])
    code = hmac.new(_key(credentials, at[:8]), message.encode(), hashlib.sha256).hexdigest()
    return f"{parts.scheme}://{parts.netloc}{parts.path}?{query}&X-Amz-Signature={code}"


def _key(credentials: Credentials, day: str) -> bytes:
    key = f"AWS4{credentials.secret}".encode()
    for part in (day, credentials.region, _SERVICE, _REQUEST):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def _encode(text: str) -> str:
    return quote(text, safe="-_.~")
