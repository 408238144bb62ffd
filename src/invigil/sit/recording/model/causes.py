"""Why a track is not recorded for a while: a closed list, so that nothing is ever missing without a reason."""

from collections.abc import Mapping
from enum import StrEnum


class GapCause(StrEnum):
    """The cause of a gap, and why a take ended."""

    NOT_GRANTED = "not_granted"
    ENDED_BY_USER = "ended_by_user"
    DEVICE_LOST = "device_lost"
    MUTED = "muted"
    PAGE_HIDDEN = "page_hidden"
    RELOAD = "reload"
    PAGE_CLOSED = "page_closed"
    KILLED = "killed"
    OFFLINE_OVER_QUOTA = "offline_over_quota"
    QUOTA = "quota"
    ENCODER_FAILED = "encoder_failed"
    PAUSED_BY_RULE = "paused_by_rule"
    FINISHED = "finished"
    REPLACED = "replaced"
    NOT_STARTED = "not_started"
    UPLOAD_PENDING = "upload_pending"


CAUSES_ZH: Mapping[GapCause, str] = {
    GapCause.NOT_GRANTED: "考生未授权",
    GapCause.ENDED_BY_USER: "考生停止了录制",
    GapCause.DEVICE_LOST: "设备断开",
    GapCause.MUTED: "设备无画面或被系统静止",
    GapCause.PAGE_HIDDEN: "页面被切到后台",
    GapCause.RELOAD: "页面刷新",
    GapCause.PAGE_CLOSED: "页面关闭",
    GapCause.KILLED: "浏览器异常退出",
    GapCause.OFFLINE_OVER_QUOTA: "断网过久，本机空间不足",
    GapCause.QUOTA: "本机空间不足",
    GapCause.ENCODER_FAILED: "浏览器编码失败",
    GapCause.PAUSED_BY_RULE: "按规则暂停录制",
    GapCause.FINISHED: "录制已正常结束",
    GapCause.REPLACED: "换了设备或画面来源",
    GapCause.NOT_STARTED: "尚未开始录制",
    GapCause.UPLOAD_PENDING: "等待上传",
}

CAUSES_EN: Mapping[GapCause, str] = {
    GapCause.NOT_GRANTED: "permission not granted",
    GapCause.ENDED_BY_USER: "stopped by the candidate",
    GapCause.DEVICE_LOST: "device lost",
    GapCause.MUTED: "device gives no picture",
    GapCause.PAGE_HIDDEN: "page in the background",
    GapCause.RELOAD: "page reloaded",
    GapCause.PAGE_CLOSED: "page closed",
    GapCause.KILLED: "browser ended abruptly",
    GapCause.OFFLINE_OVER_QUOTA: "offline for too long, local space used up",
    GapCause.QUOTA: "local space used up",
    GapCause.ENCODER_FAILED: "encoder failed",
    GapCause.PAUSED_BY_RULE: "paused by rule",
    GapCause.FINISHED: "ended regularly",
    GapCause.REPLACED: "device or source changed",
    GapCause.NOT_STARTED: "not started",
    GapCause.UPLOAD_PENDING: "waiting for upload",
}
