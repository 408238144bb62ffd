"""Commands in the words of the LTI proctoring vocabulary, and the texts that come with the product."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from invigil.kernel.ids import AttemptId, RoomId, SittingId, StaffId
from invigil.kernel.words import Words


class CommandKind(StrEnum):
    """What a proctor can do to a candidate's attempt. In brackets the LTI control it corresponds to."""

    MESSAGE = "message"
    WARNING = "warning"  # (flag) acknowledged by the candidate
    PAUSE = "pause"  # (pause)
    RESUME = "resume"  # (resume)
    EXTRA_TIME = "extra_time"  # (update)
    LOCK = "lock"  # (pause), time goes on
    UNLOCK = "unlock"  # (resume)
    FORCE_HAND_IN = "force_hand_in"
    RELEASE_SEAT = "release_seat"
    TERMINATE = "terminate"  # (terminate)


# Take effect when a second person agrees.
SECOND_PERSON = frozenset({CommandKind.PAUSE, CommandKind.EXTRA_TIME, CommandKind.TERMINATE})
IMMEDIATE = frozenset(CommandKind) - SECOND_PERSON


class CommandState(StrEnum):
    """PROPOSED -> REJECTED or SENT; SENT -> DELIVERED (the page has it) -> ACKNOWLEDGED (the candidate read it)."""

    PROPOSED = "proposed"
    REJECTED = "rejected"
    SENT = "sent"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"


class ReasonCategory(StrEnum):
    """Why somebody is stopped: the categories of the exports and of the second person's decision."""

    DEVICE = "device"
    IDENTITY = "identity"
    OTHER_PERSON = "other_person"
    MATERIALS = "materials"
    COMMUNICATION = "communication"
    LEFT_SEAT = "left_seat"
    RECORDING_STOPPED = "recording_stopped"
    DISOBEDIENCE = "disobedience"
    TECHNICAL = "technical"
    OTHER = "other"


REASON_CATEGORIES: Mapping[ReasonCategory, Words] = {
    ReasonCategory.DEVICE: Words("使用违规设备或软件", "Forbidden device or software"),
    ReasonCategory.IDENTITY: Words("身份不符或替考", "Not the person registered"),
    ReasonCategory.OTHER_PERSON: Words("他人在场或协助", "Somebody else is there or helps"),
    ReasonCategory.MATERIALS: Words("翻阅资料", "Read forbidden material"),
    ReasonCategory.COMMUNICATION: Words("与他人交流或传递信息", "Talked or passed information on"),
    ReasonCategory.LEFT_SEAT: Words("离开座位或监控范围", "Left the seat or the picture"),
    ReasonCategory.RECORDING_STOPPED: Words("中断或遮挡录制", "Stopped or covered the recording"),
    ReasonCategory.DISOBEDIENCE: Words("不听从监考人员指令", "Did not follow the proctor"),
    ReasonCategory.TECHNICAL: Words("设备或网络故障", "Device or network failed"),
    ReasonCategory.OTHER: Words("其他", "Other"),
}

# Ready words, so that a warning takes two clicks.
CANNED_WARNINGS: Mapping[str, Words] = {
    "keep_in_frame": Words(
        "请保持头部、双手和屏幕都在摄像头画面内。", "Keep your head, both hands and the screen in the picture."
    ),
    "do_not_leave": Words("请不要离开答题页面或切换到其他程序。", "Do not leave the page or switch to other programs."),
    "no_talking": Words("请保持安静，不要与他人交谈。", "Be quiet and talk to nobody."),
    "nobody_else": Words(
        "请确认房间内没有其他人，否则将按违纪处理。",
        "Make sure that nobody else is in the room; otherwise it counts as a breach.",
    ),
    "no_materials": Words(
        "请收起与考试无关的书籍、纸张和电子设备。",
        "Put away books, paper and devices that do not belong to the examination.",
    ),
    "uncover_camera": Words(
        "摄像头被遮挡或画面过暗，请立即调整。", "Your camera is covered or too dark; correct it now."
    ),
    "restore_recording": Words(
        "您的录制已中断，请按页面提示立即恢复。", "Your recording has stopped; follow the page to resume it now."
    ),
    "place_phone": Words(
        "请将手机放回指定位置，保持侧后方拍摄并接通电源。",
        "Put the phone back in its place, behind you at the side, and plug it in.",
    ),
    "look_at_screen": Words("请注意视线，不要长时间看向屏幕以外。", "Keep your eyes on the screen."),
    "final_warning": Words(
        "这是最后一次警告，再次违反考场纪律将终止您的考试。",
        "This is the last warning; after the next breach your examination ends.",
    ),
}


@dataclass(frozen=True, slots=True)
class Command:
    """A command to one attempt.

    id: as the page knows it. order_id: of everything ordered at once; made by the console, so that a repeat changes nothing.
    minutes: of extra time, else 0. evidence: ids of notes and signals (termination).
    """

    id: str
    order_id: str
    kind: CommandKind
    sitting_id: SittingId
    room_id: RoomId
    attempt_id: AttemptId
    text: str
    reason_category: str
    reason: str
    minutes: int
    evidence: tuple[str, ...]
    by: StaffId
    at: datetime
    state: CommandState
    requires_ack: bool
    delivered_at: datetime | None = None
    acknowledged_at: datetime | None = None
    decided_by: str = ""
    decided_at: datetime | None = None


class ProposalState(StrEnum):
    """PROPOSED -> APPLIED or REJECTED; both are final."""

    PROPOSED = "proposed"
    APPLIED = "applied"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A command that waits for, or had, its second person."""

    command: Command
    state: ProposalState


@dataclass(frozen=True, slots=True)
class Order:
    """What a proctor asks for, before it is written for each attempt. attempt_ids: unique, at least one."""

    order_id: str
    kind: CommandKind
    attempt_ids: tuple[AttemptId, ...]
    text: str = ""
    reason_category: str = ""
    reason: str = ""
    minutes: int = 0
    confirm: str = ""
    evidence: tuple[str, ...] = field(default=())
