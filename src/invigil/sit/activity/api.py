"""The operation log's facade."""

from invigil.sit.activity.model import Importance, LoggedStep
from invigil.sit.activity.names import StepName, name_of_step
from invigil.sit.activity.service import ActivityWriter
from invigil.sit.activity.store import list_steps

__all__ = ["ActivityWriter", "Importance", "LoggedStep", "StepName", "list_steps", "name_of_step"]
