"""《考场安排确认单》: what the board signs (C3.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from invigil.kernel.ids import ExamId


class PlanState(StrEnum):
    """Whether the rooms of an examination's real sittings can be changed.

    editable → submitted (administrator). submitted → signed (board official), → editable (returned or withdrawn).
    signed → editable (administrator, with a reason: what is signed stays, the next version must be signed again).
    """

    EDITABLE = "editable"
    SUBMITTED = "submitted"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """Where the rooms of an examination stand. reason: of the last amendment or return, may be empty."""

    exam_id: ExamId
    state: PlanState
    reason: str
    changed_at: datetime | None


class ConfirmationState(StrEnum):
    """submitted → signed or returned; signed → superseded by the next signed version."""

    SUBMITTED = "submitted"
    SIGNED = "signed"
    RETURNED = "returned"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One version of the confirmation sheet.

    number: the document number. content: canonical, frozen; digest: its hexadecimal SHA-256.
    signature: 64 bytes, ours over the content once the official has signed; empty before.
    """

    id: str
    exam_id: ExamId
    version: int
    number: str
    state: ConfirmationState
    content: Mapping[str, Any]
    digest: str
    submitted_by: str
    submitted_at: datetime
    signed_by: str
    signed_at: datetime | None
    signature: bytes
    reason: str
