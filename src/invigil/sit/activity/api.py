"""The operation log's facade."""

from invigil.sit.activity.details import TRACK_NAMES, say_cause, say_detail
from invigil.sit.activity.model import Importance, LoggedStep, StepsKept
from invigil.sit.activity.names import STEP_NAMES, name_of_step
from invigil.sit.activity.service import ActivityWriter, list_last_steps, list_steps
from invigil.sit.activity.store import read_last_step

__all__ = [
    "STEP_NAMES",
    "TRACK_NAMES",
    "ActivityWriter",
    "Importance",
    "LoggedStep",
    "StepsKept",
    "list_last_steps",
    "list_steps",
    "name_of_step",
    "read_last_step",
    "say_cause",
    "say_detail",
]
