"""What the kinds of steps are called when people read the log (S3.18)."""

from collections.abc import Mapping

from invigil.kernel.words import Words

STEP_NAMES: Mapping[str, Words] = {
    # the PC page
    "entered": Words("进入考试", "Entered"),
    "reloaded": Words("刷新页面", "Reloaded the page"),
    "paper_opened": Words("打开试卷", "Opened the paper"),
    "question_opened": Words("查看试题", "Opened a question"),
    "question_flagged": Words("标记试题", "Flagged a question"),
    "answer_changed": Words("修改答案", "Changed an answer"),
    "media_played": Words("播放音视频", "Played sound or film"),
    "picture_zoomed": Words("放大图片", "Enlarged a picture"),
    "calculator_opened": Words("打开计算器", "Opened the calculator"),
    "display_changed": Words("调整显示", "Changed the display"),
    "network_lost": Words("网络断开", "Lost the network"),
    "network_restored": Words("网络恢复", "Network is back"),
    "command_shown": Words("收到考场指令", "A command was shown"),
    "command_acknowledged": Words("确认考场指令", "Acknowledged a command"),
    "hand_raised": Words("举手", "Raised a hand"),
    "hand_in_asked": Words("点击交卷", "Asked to hand in"),
    "handed_in": Words("交卷", "Handed in"),
    "rescue_exported": Words("导出应急答卷", "Exported the emergency file"),
    "screen_left": Words("离开答题页面", "Left the page"),
    "screen_returned": Words("回到答题页面", "Came back to the page"),
    "fullscreen_entered": Words("进入全屏", "Entered full screen"),
    "fullscreen_left": Words("退出全屏", "Left full screen"),
    "copy": Words("复制", "Copied"),
    "cut": Words("剪切", "Cut"),
    "paste": Words("粘贴", "Pasted"),
    "print_screen": Words("按下截屏键", "Pressed print screen"),
    "second_tab": Words("打开第二个页面", "Opened a second page"),
    "second_screen": Words("连接第二块屏幕", "A second screen is connected"),
    "virtual_camera": Words("疑似虚拟摄像头", "The camera looks virtual"),
    "developer_tools": Words("疑似打开开发者工具", "Developer tools may be open"),
    "clock_jump": Words("电脑时钟变动", "The computer's clock jumped"),
    "page_frozen": Words("页面被挂起", "The page was frozen"),
    "seat_revoked": Words("座位转到另一页面", "The seat went to another page"),
    # checking in, on both devices
    "check_passed": Words("检测通过", "A check passed"),
    "check_warned": Words("检测有提示", "A check warned"),
    "check_failed": Words("检测未通过", "A check failed"),
    "check_in_done": Words("完成设备检测", "Finished checking in"),
    "device_chosen": Words("选择设备", "Chose a device"),
    "phone_paired": Words("手机连接成功", "The phone was paired"),
    "phone_replaced": Words("更换手机", "Another phone took over"),
    "phone_finished": Words("手机录制结束", "The phone finished"),
    # the phone
    "phone_hidden": Words("手机离开监控页面", "The phone's page was left"),
    "page_hidden": Words("手机页面切到后台", "The phone's page was hidden"),
    "page_shown": Words("手机页面回到前台", "The phone's page is shown again"),
    "orientation_changed": Words("手机方向改变", "The phone was turned"),
    "wake_lock_lost": Words("屏幕常亮失效", "The wake lock was lost"),
    "battery_low": Words("电量不足", "Battery low"),
    "charger_unplugged": Words("拔下电源", "Unplugged the charger"),
    # recording, on both devices
    "recording_started": Words("开始录制", "Recording started"),
    "recording_stopped": Words("录制中断", "Recording stopped"),
    "recording_ended": Words("录制结束", "Recording ended"),
}


def name_of_step(kind: str) -> Words:
    """Return how a kind of step is called; a kind that a newer page knows is called by its own name."""
    return STEP_NAMES.get(kind) or Words(kind, kind)
