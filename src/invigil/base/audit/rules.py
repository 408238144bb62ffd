"""The chain's law, pure: what a record's code covers, and what an intact chain looks like."""

from collections.abc import Callable, Iterable, Iterator

from invigil.base.audit.model import GENESIS, AuditCheckpoint, AuditRecord, Finding, FindingKind
from invigil.kernel.canonical import encode_canonical

ComputeMac = Callable[[bytes], bytes]
IsSigned = Callable[[bytes, bytes], bool]


def encode_record(record: AuditRecord) -> bytes:
    """Return the canonical bytes that a record's code is computed over: everything but the code itself."""
    return encode_canonical(
        {
            "position": record.position,
            "at": record.at.isoformat(timespec="microseconds"),
            "actor_kind": record.actor_kind,
            "actor_id": record.actor_id,
            "act": record.act,
            "on": record.on,
            "details": record.details,
            "previous": record.previous.hex(),
        }
    )


def encode_checkpoint(position: int, at: str, code: bytes) -> bytes:
    """Return the canonical bytes that a checkpoint's signature covers; `at` is ISO 8601 with microseconds."""
    return encode_canonical({"at": at, "code": code.hex(), "position": position})


def find_faults(
    records: Iterable[AuditRecord], checkpoints: Iterable[AuditCheckpoint], compute_mac: ComputeMac, is_signed: IsSigned
) -> Iterator[Finding]:
    """Yield everything wrong with the chain; nothing when it is intact.

    records: the whole chain in order of position.
    checkpoints: any order; those kept outside the database also show a chain that was cut off at its end.
    Source: P11.
    """
    codes: dict[int, bytes] = {}
    previous, expected = GENESIS, 1
    for record in records:
        if record.position != expected:
            yield Finding(FindingKind.HOLE, expected)
        elif record.previous != previous:
            yield Finding(FindingKind.BROKEN_LINK, record.position)
        if compute_mac(encode_record(record)) != record.code:
            yield Finding(FindingKind.CHANGED, record.position)
        codes[record.position] = record.code
        previous, expected = record.code, record.position + 1
    for checkpoint in checkpoints:
        yield from _find_checkpoint_faults(checkpoint, codes, is_signed)


def _find_checkpoint_faults(
    checkpoint: AuditCheckpoint, codes: dict[int, bytes], is_signed: IsSigned
) -> Iterator[Finding]:
    at = checkpoint.at.isoformat(timespec="microseconds")
    if not is_signed(checkpoint.signature, encode_checkpoint(checkpoint.position, at, checkpoint.code)):
        yield Finding(FindingKind.CHECKPOINT_FORGED, checkpoint.position)
    elif checkpoint.position not in codes:
        yield Finding(FindingKind.CUT_OFF, checkpoint.position)
    elif codes[checkpoint.position] != checkpoint.code:
        yield Finding(FindingKind.CHECKPOINT_DIFFERS, checkpoint.position)
