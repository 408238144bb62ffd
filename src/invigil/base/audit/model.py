"""What an audit record is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

# The record before the first one: 32 zero bytes.
GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One act.

    position: 1, 2, 3 … without a hole.
    act: "feature.object.action"; on: the identifier of what it was done to, may be empty.
    details: small JSON object; never a secret, a name, an identity number or a phone number.
    code: 32 bytes, the keyed hash of everything above and of the previous record's code.
    """

    position: int
    at: datetime
    actor_kind: str
    actor_id: str
    act: str
    on: str
    details: Mapping[str, object]
    previous: bytes
    code: bytes


@dataclass(frozen=True, slots=True)
class AuditCheckpoint:
    """A signed statement: "at this instant the chain was this long and ended in this code"."""

    position: int
    at: datetime
    code: bytes
    signature: bytes


class FindingKind(StrEnum):
    """What verification can find."""

    HOLE = "hole"  # a position is missing: deleted
    BROKEN_LINK = "broken_link"  # does not continue the record before: inserted, deleted or reordered
    CHANGED = "changed"  # the content does not match its code: edited
    CUT_OFF = "cut_off"  # a checkpoint speaks of a record that is no longer there
    CHECKPOINT_DIFFERS = "checkpoint_differs"  # the record at the checkpoint is another one
    CHECKPOINT_FORGED = "checkpoint_forged"  # the checkpoint's signature is not ours


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with the chain, and at which position."""

    kind: FindingKind
    position: int
