"""What an examination is, and the refusals of this feature."""

from invigil.prepare.exams.model.entities import (
    Agreement,
    Exam,
    MockBooked,
    MockClearance,
    MockClearanceKind,
    MockSlot,
    Sitting,
    SittingKind,
    SittingMoved,
    Subject,
    Transition,
)
from invigil.prepare.exams.model.profiles import BEIJING_PROFILE, PROFILES, Profile, ProfileSubject
from invigil.prepare.exams.model.sitting_rules import (
    Orientation,
    PictureRules,
    RecordingRules,
    RuleFault,
    SittingRules,
    StopRule,
    Track,
)
from invigil.prepare.exams.model.states import PATHS, STATE_NAMES_ZH, Mover, Path, SittingState

__all__ = [
    "BEIJING_PROFILE",
    "PATHS",
    "PROFILES",
    "STATE_NAMES_ZH",
    "Agreement",
    "Exam",
    "MockBooked",
    "MockClearance",
    "MockClearanceKind",
    "MockSlot",
    "Mover",
    "Orientation",
    "Path",
    "PictureRules",
    "Profile",
    "ProfileSubject",
    "RecordingRules",
    "RuleFault",
    "Sitting",
    "SittingKind",
    "SittingMoved",
    "SittingRules",
    "SittingState",
    "StopRule",
    "Subject",
    "Track",
    "Transition",
]
