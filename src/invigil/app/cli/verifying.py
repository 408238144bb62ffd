"""`invigil verify-receipt`: the independent verifier of hand-in receipts; needs no server, no database, no network (P2).

It shares no code with what makes receipts: canonical JSON and SHA-256 by the standard library, Ed25519 by `cryptography`.
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

# Receipts that were committed together share one signature, over these words and the root above them (ADR-0013).
BATCH = b"invigil receipts 1\n"
HASH_BYTES = 32
STEP_BYTES = 1 + HASH_BYTES


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

    document: {"receipt", "signature", "path"?, "sheet"?}. key: base64url, 32 bytes.
    Raises: ReceiptFault.
    """
    public = _bytes(key)
    signed = _climb(_canonical(document["receipt"]), _bytes(document.get("path") or ""))
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(_bytes(document["signature"]), signed)
    except (InvalidSignature, ValueError) as fault:
        raise ReceiptFault("签名与内容或公钥不符") from fault
    sheet = document.get("sheet")
    if sheet is not None and hashlib.sha256(_canonical(sheet)).hexdigest() != document["receipt"]["sheet_sha256"]:
        raise ReceiptFault("答题卡与回执不符")
    return hashlib.sha256(public).hexdigest()[:16]


def _climb(statement: bytes, path: bytes) -> bytes:
    """Return what was signed: the statement itself, or with a path the root to which it leads.

    path: steps of 33 bytes from the statement up, each the side of the sibling (0 left, 1 right) and its SHA-256.
    """
    if not path:
        return statement
    if len(path) % STEP_BYTES:
        raise ReceiptFault("批次路径不完整")
    node = hashlib.sha256(b"\x00" + statement).digest()
    for start in range(0, len(path), STEP_BYTES):
        side, sibling = path[start], path[start + 1 : start + STEP_BYTES]
        if side > 1:
            raise ReceiptFault("批次路径有误")
        node = hashlib.sha256(b"\x01" + (node + sibling if side else sibling + node)).digest()
    return BATCH + node


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as fault:
        raise ReceiptFault("不是 base64url") from fault
