"""What the details of steps and signals say when people read them: pages send codes, nobody is shown one (S3.18)."""

import re
from collections.abc import Callable, Mapping

from invigil.kernel.words import NOTHING_TO_SAY, Words
from invigil.sit.checkin.api import CHECK_NAMES_EN, CHECK_NAMES_ZH, REASONS, CheckKind
from invigil.sit.recording.api import CAUSES_EN, CAUSES_ZH, GapCause

TRACK_NAMES: Mapping[str, Words] = {
    "screen": Words("屏幕", "Screen"),
    "camera": Words("摄像头", "Camera"),
    "phone": Words("手机", "Phone"),
}

# Everything that pages say by one word: which command was shown, how the page was left, how the phone lies, what was displayed.
_CODES: Mapping[str, Words] = {
    "message": Words("通知", "message"),
    "warning": Words("警告", "warning"),
    "pause": Words("暂停考试", "pause"),
    "resume": Words("恢复考试", "resume"),
    "extra_time": Words("延长时间", "extra time"),
    "reopen": Words("重新开放作答", "reopened"),
    "lock": Words("锁定", "lock"),
    "unlock": Words("解锁", "unlock"),
    "force_hand_in": Words("强制交卷", "forced hand-in"),
    "terminate": Words("终止考试", "termination"),
    "seat_revoked": Words("座位转到另一页面", "the seat went to another page"),
    "screen_left": Words("离开页面提醒", "reminder after leaving the page"),
    "blur": Words("切换到其他窗口", "went to another window"),
    "hidden": Words("切换标签页或最小化", "went to another tab, or minimised"),
    "landscape": Words("横向", "landscape"),
    "portrait": Words("竖向", "portrait"),
    "key": Words("键盘作答", "by keyboard"),
    "text_size_1": Words("标准字号", "normal text"),
    "text_size_2": Words("大字号", "large text"),
    "text_size_3": Words("特大字号", "larger text"),
    "light": Words("普通配色", "normal colours"),
    "contrast": Words("高对比度", "high contrast"),
}

_BATTERY = re.compile(r"0?\.\d+|[01]")
_SECONDS_MS = 1000


def say_detail(kind: str, detail: str) -> Words:
    """Return what a detail says.

    kind: of the step or signal. detail: as the page sent it; what is no code (a camera's name, a receipt's number, a letter) is said
    as it stands. Never raises: pages of another version may send anything.
    """
    if not detail:
        return NOTHING_TO_SAY
    say = _BY_KIND.get(kind)
    return (say(detail) if say else None) or _say_code(detail) or Words(detail, detail)


def say_cause(cause: str) -> Words:
    """Return why a track is not recorded; "" for none, and an unknown cause as it stands."""
    if cause not in _CAUSES:
        return Words(cause, cause)
    return Words(CAUSES_ZH[GapCause(cause)], CAUSES_EN[GapCause(cause)])


def _say_code(detail: str) -> Words | None:
    return _CODES.get(detail) or TRACK_NAMES.get(detail)


def _say_track(detail: str) -> Words | None:
    """`camera`, `camera/not_granted`, `camera: not_granted`."""
    track, _, cause = re.sub(r":\s*", "/", detail, count=1).partition("/")
    name = TRACK_NAMES.get(track)
    if name is None or not cause:
        return name
    why = say_cause(cause)
    return Words(f"{name.zh}：{why.zh}", f"{name.en}: {why.en}")


def _say_check(detail: str) -> Words | None:
    """`camera/picture_dark`."""
    kind, _, reason = detail.partition("/")
    if kind not in _CHECKS:
        return None
    name, said = CheckKind(kind), REASONS.get(reason)
    zh, en = (said.zh, said.en) if said else (reason, reason)
    return Words(f"{CHECK_NAMES_ZH[name]}：{zh}", f"{CHECK_NAMES_EN[name]}: {en}")


def _say_away(seconds: float) -> Words:
    return Words(f"离开 {seconds:.0f} 秒", f"away for {seconds:.0f} s")


def _say_away_ms(detail: str) -> Words | None:
    return _say_away(max(1, int(detail) / _SECONDS_MS)) if detail.isdecimal() else None


def _say_away_seconds(detail: str) -> Words | None:
    return _say_away(int(detail)) if detail.isdecimal() else None


def _say_jump(detail: str) -> Words | None:
    found = re.fullmatch(r"(-?\d+) ms", detail)
    if found is None:
        return None
    seconds = int(found[1]) / _SECONDS_MS
    forward = seconds > 0
    said = f"{abs(seconds):.1f}"
    return Words(f"{'调快' if forward else '调慢'} {said} 秒", f"{said} s {'forward' if forward else 'back'}")


def _say_battery(detail: str) -> Words | None:
    if not _BATTERY.fullmatch(detail):
        return None
    percent = f"{float(detail):.0%}"
    return Words(percent, percent)


def _say_plays(detail: str) -> Words | None:
    return Words(f"第 {detail} 次", f"time {detail}") if detail.isdecimal() else None


def _say_answer(detail: str) -> Words | None:
    found = re.fullmatch(r"blank (\d+)", detail)
    return Words(f"第 {found[1]} 空", f"blank {found[1]}") if found else None


_CAUSES = frozenset(cause.value for cause in GapCause)
_CHECKS = frozenset(check.value for check in CheckKind)
_BY_KIND: Mapping[str, Callable[[str], Words | None]] = {
    "track_stopped": _say_track,
    "recording_started": _say_track,
    "recording_stopped": _say_track,
    "recording_ended": _say_track,
    "check_passed": _say_check,
    "check_warned": _say_check,
    "check_failed": _say_check,
    "screen_returned": _say_away_ms,
    "page_shown": _say_away_seconds,
    "clock_jump": _say_jump,
    "battery_low": _say_battery,
    "phone_battery_low": _say_battery,
    "media_played": _say_plays,
    "answer_changed": _say_answer,
}
