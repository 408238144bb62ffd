"""What the kinds of steps are called when people read the log (S3.18)."""

from collections.abc import Mapping
from typing import NamedTuple


class StepName(NamedTuple):
    """A name in both languages."""

    zh: str
    en: str


STEP_NAMES: Mapping[str, StepName] = {
    # the PC page
    "entered": StepName("进入考试", "Entered"),
    "reloaded": StepName("刷新页面", "Reloaded the page"),
    "paper_opened": StepName("打开试卷", "Opened the paper"),
    "question_opened": StepName("查看试题", "Opened a question"),
    "question_flagged": StepName("标记试题", "Flagged a question"),
    "answer_changed": StepName("修改答案", "Changed an answer"),
    "media_played": StepName("播放音视频", "Played sound or film"),
    "picture_zoomed": StepName("放大图片", "Enlarged a picture"),
    "calculator_opened": StepName("打开计算器", "Opened the calculator"),
    "display_changed": StepName("调整显示", "Changed the display"),
    "network_lost": StepName("网络断开", "Lost the network"),
    "network_restored": StepName("网络恢复", "Network is back"),
    "command_shown": StepName("收到考场指令", "A command was shown"),
    "command_acknowledged": StepName("确认考场指令", "Acknowledged a command"),
    "hand_raised": StepName("举手", "Raised a hand"),
    "hand_in_asked": StepName("点击交卷", "Asked to hand in"),
    "handed_in": StepName("交卷", "Handed in"),
    "rescue_exported": StepName("导出应急答卷", "Exported the emergency file"),
    "screen_left": StepName("离开答题页面", "Left the page"),
    "screen_returned": StepName("回到答题页面", "Came back to the page"),
    "fullscreen_entered": StepName("进入全屏", "Entered full screen"),
    "fullscreen_left": StepName("退出全屏", "Left full screen"),
    "focus_lost": StepName("窗口失去焦点", "The window lost focus"),
    "copy": StepName("复制", "Copied"),
    "cut": StepName("剪切", "Cut"),
    "paste": StepName("粘贴", "Pasted"),
    "print_screen": StepName("按下截屏键", "Pressed print screen"),
    "second_tab": StepName("打开第二个页面", "Opened a second page"),
    "second_screen": StepName("连接第二块屏幕", "A second screen is connected"),
    "virtual_camera": StepName("疑似虚拟摄像头", "The camera looks virtual"),
    "developer_tools": StepName("疑似打开开发者工具", "Developer tools may be open"),
    "clock_jump": StepName("电脑时钟变动", "The computer's clock jumped"),
    "page_frozen": StepName("页面被挂起", "The page was frozen"),
    "seat_revoked": StepName("座位转到另一页面", "The seat went to another page"),
    # checking in, on both devices
    "check_passed": StepName("检测通过", "A check passed"),
    "check_warned": StepName("检测有提示", "A check warned"),
    "check_failed": StepName("检测未通过", "A check failed"),
    "check_in_done": StepName("完成设备检测", "Finished checking in"),
    "device_chosen": StepName("选择设备", "Chose a device"),
    "phone_paired": StepName("手机连接成功", "The phone was paired"),
    "phone_replaced": StepName("更换手机", "Another phone took over"),
    "phone_finished": StepName("手机录制结束", "The phone finished"),
    # the phone
    "phone_hidden": StepName("手机离开监控页面", "The phone's page was left"),
    "page_hidden": StepName("手机页面切到后台", "The phone's page was hidden"),
    "page_shown": StepName("手机页面回到前台", "The phone's page is shown again"),
    "orientation_changed": StepName("手机方向改变", "The phone was turned"),
    "wake_lock_lost": StepName("屏幕常亮失效", "The wake lock was lost"),
    "battery_low": StepName("电量不足", "Battery low"),
    "charger_unplugged": StepName("拔下电源", "Unplugged the charger"),
    # recording, on both devices
    "recording_started": StepName("开始录制", "Recording started"),
    "recording_stopped": StepName("录制中断", "Recording stopped"),
}


def name_of_step(kind: str) -> StepName:
    """Return how a kind of step is called; a kind that a newer page knows is called by its own name."""
    return STEP_NAMES.get(kind) or StepName(kind, kind)
