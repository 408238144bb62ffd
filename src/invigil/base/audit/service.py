"""Recording acts, and proving that the record is whole."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from invigil.base.audit import store
from invigil.base.audit.model import GENESIS, AuditCheckpoint, AuditRecord, Finding
from invigil.base.audit.rules import encode_checkpoint, encode_record, find_faults
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.platform.keys import is_signature

PURPOSE = "audit.chain"
BATCH = 5_000


async def record(
    tx: Transaction, who: Principal, *, act: str, on: str = "", details: Mapping[str, object] | None = None
) -> int:
    """Append an act to the chain and return its position; it becomes durable with the act itself, or neither does.

    act: "feature.object.action". details: small, JSON, no secrets and no personal data.
    Source: S3.18, N, P11.
    """
    await tx.lock("audit")
    position, previous = await store.read_head(tx) or (0, GENESIS)
    draft = AuditRecord(position + 1, tx.now, who.kind, who.id, act, on, dict(details or {}), previous, b"")
    await store.append(tx, replace(draft, code=tx.keys.mac(encode_record(draft), purpose=PURPOSE)))
    return draft.position


async def checkpoint(tx: Transaction) -> AuditCheckpoint | None:
    """Sign the chain's present end; None when nothing came since the last checkpoint."""
    await tx.lock("audit")
    head = await store.read_head(tx)
    latest = await store.read_checkpoints(tx)
    if head is None or (latest and latest[-1].position == head[0]):
        return None
    position, code = head
    statement = encode_checkpoint(position, tx.now.isoformat(timespec="microseconds"), code)
    signed = AuditCheckpoint(position, tx.now, code, tx.keys.sign(statement))
    await store.append_checkpoint(tx, signed)
    return signed


async def verify(tx: Transaction, outside_checkpoints: Iterable[AuditCheckpoint] = ()) -> tuple[int, list[Finding]]:
    """Return the number of records and every fault found; an empty list means an intact chain.

    outside_checkpoints: those kept outside the database, which show a chain that was cut off together with its own.
    """
    keys = tx.keys
    chain: list[AuditRecord] = []
    while batch := await store.read_chain(tx, chain[-1].position if chain else 0, BATCH):
        chain.extend(batch)
    checkpoints = [*await store.read_checkpoints(tx), *outside_checkpoints]
    findings = find_faults(
        chain,
        checkpoints,
        lambda message: keys.mac(message, purpose=PURPOSE),
        lambda signature, message: is_signature(signature, message, keys.signing_public_key),
    )
    return len(chain), list(findings)
