"""The examinations' facade."""

from invigil.prepare.exams.model import (
    BEIJING_PROFILE,
    Exam,
    MockSlot,
    Orientation,
    Sitting,
    SittingKind,
    SittingRules,
    SittingState,
    Subject,
    Track,
)
from invigil.prepare.exams.rules.states import compute_sitting_state
from invigil.prepare.exams.service.sittings import access_sitting, list_sittings_of_exam, move_last_deadline

__all__ = [
    "BEIJING_PROFILE",
    "Exam",
    "MockSlot",
    "Orientation",
    "Sitting",
    "SittingKind",
    "SittingRules",
    "SittingState",
    "Subject",
    "Track",
    "access_sitting",
    "compute_sitting_state",
    "list_sittings_of_exam",
    "move_last_deadline",
]
