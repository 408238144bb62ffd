"""What a signal is, and the table of kinds. Adding a kind needs a line here and somebody who raises it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from invigil.kernel.ids import AttemptId, RoomId, SittingId
from invigil.kernel.refusals import Refusal

# low: worth a look later; medium: look now; high: act now. Never "cheated": a person judges that.
Severity = Literal["low", "medium", "high"]
Source = Literal["page", "phone", "server", "recording"]

SEVERITIES: tuple[Severity, ...] = ("low", "medium", "high")
WEIGHTS: Mapping[Severity, int] = {"low": 1, "medium": 4, "high": 10}


@dataclass(frozen=True, slots=True)
class SignalKind:
    """A kind of signal.

    source: who notices it. merged_within: the same again within this is counted, not shown anew; zero: every one is shown.
    """

    severity: Severity
    zh: str
    en: str
    source: Source
    merged_within: timedelta = timedelta(seconds=60)


_ONCE = timedelta(hours=12)

SIGNAL_KINDS: Mapping[str, SignalKind] = {
    # the PC page
    "screen_left": SignalKind("medium", "离开答题页面", "Left the page", "page", timedelta(seconds=10)),
    "fullscreen_left": SignalKind("medium", "退出全屏", "Left full screen", "page"),
    "copy": SignalKind("medium", "复制内容", "Copied", "page"),
    "cut": SignalKind("medium", "剪切内容", "Cut", "page"),
    "paste": SignalKind("medium", "粘贴内容", "Pasted", "page"),
    "print_screen": SignalKind("medium", "按下截屏键", "Pressed the print-screen key", "page"),
    "second_tab": SignalKind("medium", "打开第二个答题页面", "Opened a second page of the attempt", "page"),
    "second_screen": SignalKind("high", "连接了第二块屏幕", "A second screen is connected", "page", timedelta(minutes=10)),
    "virtual_camera": SignalKind("high", "疑似虚拟摄像头", "The camera looks virtual", "page", _ONCE),
    "developer_tools": SignalKind("low", "疑似打开开发者工具", "Developer tools may be open", "page", timedelta(minutes=10)),
    "clock_jump": SignalKind("low", "电脑时钟被调整", "The computer's clock jumped", "page"),
    "reloaded": SignalKind("low", "刷新答题页面", "Reloaded the page", "page"),
    "page_frozen": SignalKind("low", "答题页面被挂起", "The page was frozen", "page"),
    # the phone
    "phone_hidden": SignalKind("high", "手机离开监控页面", "The phone's page was hidden", "phone"),
    "phone_moved": SignalKind("low", "手机被移动", "The phone was moved", "phone"),
    "phone_replaced": SignalKind("high", "更换手机", "Another phone took over", "server", timedelta(0)),
    "phone_battery_low": SignalKind("low", "手机电量不足", "The phone's battery is low", "phone", timedelta(minutes=10)),
    # the recording
    "track_stopped": SignalKind("high", "录制中断", "A recorded track has stopped", "recording", timedelta(0)),
    "segment_conflict": SignalKind("high", "录制分段内容冲突", "A recorded segment was sent twice with other content", "recording"),
    # the server
    "seat_moved": SignalKind("medium", "在另一台电脑或页面继续", "Goes on at another page or computer", "server", timedelta(0)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RaisedSignal:
    """A signal on its way in. at: when it happened, server's clock. device: "pc" or "phone"."""

    kind: str
    at: datetime
    device: str
    item: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Signal:
    """A stored signal. first at `at`, lately at `last_at`, `count` times. handled_at: a person has dealt with it."""

    id: str
    attempt_id: AttemptId
    sitting_id: SittingId
    room_id: RoomId
    kind: str
    severity: Severity
    device: str
    at: datetime
    last_at: datetime
    count: int
    item: str
    detail: str
    handled_by: str
    handled_at: datetime | None
    handling: str

    @property
    def is_open(self) -> bool:
        """Nobody has dealt with it yet."""
        return self.handled_at is None


@dataclass(frozen=True, slots=True)
class SignalsChanged:
    """Signals of an attempt are new or have changed."""

    attempt_id: AttemptId
    room_id: RoomId
    sitting_id: SittingId


class SignalNotFound(Refusal):
    """There is no such signal in a room of theirs."""

    code, status = "signals.not_found", 404
    zh = "没有找到这条异常信号。"
    en = "There is no such signal."


class SignalHandled(Refusal):
    """Somebody has dealt with it."""

    code, status = "signals.already_handled", 409
    zh = "这条异常信号已由 {name} 处理。"
    en = "{name} has dealt with this signal already."
