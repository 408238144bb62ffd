"""What a step is, and which steps matter."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from invigil.kernel.refusals import Refusal

MAX_BATCH = 500


class Importance(StrEnum):
    """How a step is shown in the log."""

    PLAIN = "plain"
    NOTABLE = "notable"
    IMPORTANT = "important"


# Which steps are highlighted (S3.18); what is not listed is plain.
IMPORTANCE: dict[str, Importance] = {
    "entered": Importance.NOTABLE,
    "paper_opened": Importance.NOTABLE,
    "network_lost": Importance.NOTABLE,
    "network_restored": Importance.NOTABLE,
    "command_shown": Importance.NOTABLE,
    "command_acknowledged": Importance.NOTABLE,
    "rescue_exported": Importance.IMPORTANT,
    "hand_in_asked": Importance.NOTABLE,
    "handed_in": Importance.IMPORTANT,
    "screen_left": Importance.IMPORTANT,
    "screen_returned": Importance.NOTABLE,
    "fullscreen_left": Importance.IMPORTANT,
    "fullscreen_entered": Importance.NOTABLE,
    "second_tab": Importance.IMPORTANT,
    "second_screen": Importance.IMPORTANT,
    "virtual_camera": Importance.IMPORTANT,
    "developer_tools": Importance.NOTABLE,
    "clock_jump": Importance.NOTABLE,
    "print_screen": Importance.IMPORTANT,
    "page_frozen": Importance.NOTABLE,
    "phone_hidden": Importance.IMPORTANT,
    "hand_raised": Importance.NOTABLE,
    "copy": Importance.IMPORTANT,
    "cut": Importance.IMPORTANT,
    "paste": Importance.IMPORTANT,
    "reloaded": Importance.NOTABLE,
    "seat_revoked": Importance.IMPORTANT,
    # Checking in, on both devices.
    "check_passed": Importance.PLAIN,
    "check_warned": Importance.NOTABLE,
    "check_failed": Importance.NOTABLE,
    "check_in_done": Importance.NOTABLE,
    "device_chosen": Importance.PLAIN,
    "phone_paired": Importance.NOTABLE,
    "phone_replaced": Importance.IMPORTANT,
    "phone_finished": Importance.NOTABLE,
    "page_hidden": Importance.IMPORTANT,
    "page_shown": Importance.NOTABLE,
    "orientation_changed": Importance.NOTABLE,
    "wake_lock_lost": Importance.NOTABLE,
    "battery_low": Importance.NOTABLE,
    "charger_unplugged": Importance.NOTABLE,
    "recording_started": Importance.NOTABLE,
    "recording_stopped": Importance.IMPORTANT,
    "recording_ended": Importance.NOTABLE,
}


class Step(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One step as the page sends it. n: grows by one per attempt and page store; at_client: ISO 8601, the page's clock."""

    n: int
    at_client: str
    kind: str
    item: str = ""
    detail: str = ""


class StepForm(msgspec.Struct, forbid_unknown_fields=True):
    """A batch of steps."""

    events: list[Step]


@dataclass(frozen=True, slots=True)
class LoggedStep:
    """One step as it is kept. device: "pc" or "phone". n: tells it from the others of its device; far above all that pages give where
    the server wrote it itself.
    """

    n: int
    device: str
    at_client: datetime
    at_server: datetime
    kind: str
    item: str
    detail: str
    importance: Importance


@dataclass(frozen=True, slots=True)
class StepsKept:
    """Steps of an attempt are durable; some may have been before (a batch may be sent again)."""

    attempt_id: str
    steps: tuple[LoggedStep, ...]


class StepsInvalid(Refusal):
    """The batch is not well formed."""

    code, status = "activity.steps_invalid", 422
    zh = "操作日志格式不正确。"
    en = "The steps are not well formed."
