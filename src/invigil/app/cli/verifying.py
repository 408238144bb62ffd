"""`invigil verify-receipt`: the independent verifier of hand-in receipts; needs no server, no database, no network (P2).

It shares no code with what makes receipts: canonical JSON by the standard library, Ed25519 by `cryptography`.
"""

import base64
import binascii
import hashlib
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class ReceiptFault(Exception):  # noqa: N818 - what is wrong with the file
    """Why a receipt does not verify."""


def verify_receipt(
    file: Annotated[Path, typer.Argument(help="the receipt file that the candidate saved (.json)")],
    key: Annotated[
        str,
        typer.Option(help="the board's public key, base64url; without it the key inside the file is used and shown"),
    ] = "",
) -> None:
    """Verify offline that a receipt is genuine and belongs to its answer sheet; exit 1 when it does not."""
    try:
        document = json.loads(file.read_bytes())
        fingerprint = check_receipt(document, key or str(document.get("signing_key", "")))
    except (OSError, ValueError, KeyError, TypeError, ReceiptFault) as fault:
        typer.echo(f"回执无效（not genuine）：{fault}", err=True)
        raise typer.Exit(1) from fault
    receipt = document["receipt"]
    typer.echo(
        f"回执有效（genuine）：{receipt['number']}，交卷时间 {receipt['handed_in_at']}，答题卡 {receipt['sheet_sha256']}"
    )
    if not key:
        typer.echo(
            f"所用公钥来自文件本身，指纹 {fingerprint}；请与考核机构公布的指纹核对（compare it with the published one）"
        )


def check_receipt(document: dict[str, Any], key: str) -> str:
    """Pass when signature and sheet belong together; return the key's fingerprint.

    document: {"receipt", "signature", "sheet"?}. key: base64url, 32 bytes.
    Raises: ReceiptFault.
    """
    public = _bytes(key)
    statement = _canonical(document["receipt"])
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(_bytes(document["signature"]), statement)
    except (InvalidSignature, ValueError) as fault:
        raise ReceiptFault("签名与内容或公钥不符") from fault
    sheet = document.get("sheet")
    if sheet is not None and hashlib.sha256(_canonical(sheet)).hexdigest() != document["receipt"]["sheet_sha256"]:
        raise ReceiptFault("答题卡与回执不符")
    return hashlib.sha256(public).hexdigest()[:16]


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as fault:
        raise ReceiptFault("不是 base64url") from fault
