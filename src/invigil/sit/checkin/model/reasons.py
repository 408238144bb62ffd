"""What people read about a verdict: what was found, and what to do. Declared once, shown by both pages and the console."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """A finding in both languages; the hint says what to do, "" when there is nothing to do."""

    zh: str
    hint_zh: str
    en: str
    hint_en: str


def _r(zh: str, hint_zh: str, en: str, hint_en: str) -> Reason:
    return Reason(zh, hint_zh, en, hint_en)


REASONS: Mapping[str, Reason] = {
    "picture_good": _r("画面清晰", "", "The picture is good", ""),
    "picture_dark": _r("画面太暗", "请打开房间的灯，或换到光线好的位置。", "Too dark", "Switch on a light."),
    "picture_bright": _r(
        "画面过亮", "镜头正对着灯或窗户，请拉上窗帘或转一个方向。", "Too bright", "Turn away from the window or lamp."
    ),
    "picture_covered": _r(
        "镜头被遮挡",
        "请移开镜头盖、手指、手机壳等遮挡物，并擦净镜头。",
        "The lens is covered",
        "Uncover and wipe the lens.",
    ),
    "picture_blurred": _r(
        "画面模糊", "请擦净镜头，并让镜头离您远一些。", "Blurred", "Wipe the lens and move it further away."
    ),
    "camera_good": _r("摄像头正常", "", "The camera works", ""),
    "camera_missing": _r(
        "没有找到可用的摄像头",
        "请接好摄像头，关闭正在使用它的其他程序，并在浏览器地址栏左侧允许本网站使用摄像头。",
        "No camera",
        "Connect it, close other programs that use it, and allow this site to use it.",
    ),
    "camera_small": _r("摄像头分辨率过低", "请换用另一个摄像头。", "Too few pixels", "Use another camera."),
    "camera_coarse": _r(
        "摄像头分辨率偏低", "可以继续；有更好的摄像头请换用。", "Few pixels", "A better camera is welcome."
    ),
    "camera_virtual": _r(
        "检测到虚拟摄像头",
        "请换用真实的摄像头；继续使用会提示监考人员。",
        "A virtual camera",
        "Use a real camera; the proctor sees this.",
    ),
    "microphone_good": _r("麦克风正常", "", "The microphone works", ""),
    "microphone_missing": _r(
        "没有找到可用的麦克风",
        "请接好麦克风，并在浏览器地址栏左侧允许本网站使用麦克风。",
        "No microphone",
        "Connect it and allow this site to use it.",
    ),
    "microphone_silent": _r(
        "没有听到声音",
        "请对着麦克风大声读一句话；检查麦克风是否静音，或换一个麦克风。",
        "Nothing was heard",
        "Speak up; check mute.",
    ),
    "speaker_good": _r("扬声器正常", "", "The speaker works", ""),
    "speaker_counted": _r("扬声器正常（由考生听辨确认）", "", "The speaker works, as the candidate counted", ""),
    "speaker_unheard": _r(
        "麦克风没有收到提示音",
        "请调高音量并拔下耳机后重试；使用耳机的，请改用“听音计数”。",
        "The tones were not heard",
        "Turn the volume up, unplug headphones, or count the tones.",
    ),
    "speaker_miscounted": _r(
        "听到的次数不对", "请调高音量，再听一次。", "The count is wrong", "Turn the volume up and listen again."
    ),
    "network_good": _r("网络良好", "", "The network is good", ""),
    "network_poor": _r(
        "网络一般",
        "可以继续；请关闭下载和视频，尽量使用网线或靠近路由器。",
        "A poor network",
        "Stop downloads; prefer a cable.",
    ),
    "network_partly": _r("部分上传地址连不上", "可以继续，系统会自动使用其余地址。", "Some access points fail", ""),
    "network_slow": _r(
        "上传速度不足",
        "请关闭其他设备的下载和视频，改用网线，或换用手机热点后重试。",
        "The upload is too slow",
        "Free the line.",
    ),
    "network_lossy": _r(
        "网络丢包严重", "请靠近路由器，或改用网线后重试。", "Too many packets are lost", "Move closer or use a cable."
    ),
    "network_unreachable": _r(
        "连不上录制服务器", "请检查网络后重试；公司网络请换用家用网络。", "No access point", "Check the network."
    ),
    "screen_good": _r("已共享整个屏幕", "", "The whole screen is shared", ""),
    "screen_not_shared": _r(
        "还没有共享屏幕",
        "请点击“共享整个屏幕”，在弹窗中选择“整个屏幕”。",
        "The screen is not shared",
        "Choose “Entire screen”.",
    ),
    "screen_not_whole": _r(
        "共享的不是整个屏幕",
        "请重新共享：在弹窗中点“整个屏幕”，选中屏幕图片，再点“共享”。",
        "Not the whole screen",
        "Choose “Entire screen” and click the picture of your screen.",
    ),
    "screen_several": _r(
        "电脑接了不止一个屏幕",
        "本场考试只允许一个屏幕，请拔下其他显示器或投屏后重试。",
        "Several screens",
        "Disconnect the others.",
    ),
    "not_made": _r("未检测", "", "Not checked", ""),
    "phone_missing": _r("手机未接入", "", "There is no phone", ""),
    "battery_good": _r("电量充足", "", "Enough battery", ""),
    "battery_charging": _r("正在充电", "", "Charging", ""),
    "battery_weak": _r("没有接充电器", "请接上充电器，以免考试中断电。", "No charger", "Connect the charger."),
    "battery_low": _r("电量过低", "请接上充电器后重试。", "The battery is low", "Connect the charger."),
    "battery_unknown": _r(
        "浏览器不提供电量",
        "请自行确认电量在 80% 以上，并接上充电器。",
        "The browser does not tell",
        "Connect the charger.",
    ),
    "orientation_good": _r("方向正确", "", "Well oriented", ""),
    "orientation_not_landscape": _r(
        "手机需要横放", "请把手机横过来；没有反应时请关闭“方向锁定”。", "Turn it sideways", "Unlock rotation."
    ),
    "orientation_not_portrait": _r(
        "手机需要竖放", "请把手机竖起来；没有反应时请关闭“方向锁定”。", "Turn it upright", "Unlock rotation."
    ),
    "wake_lock_held": _r("屏幕保持常亮", "", "The screen stays on", ""),
    "wake_lock_missing": _r(
        "浏览器不支持屏幕常亮",
        "请在手机设置中把“自动锁定/休眠”改为“永不”，考试后再改回。",
        "No wake lock",
        "Set auto-lock to never.",
    ),
    "placement_confirmed": _r("已按示意图摆放", "", "Placed as drawn", ""),
    "placement_open": _r(
        "尚未摆放手机", "请按示意图摆放，让头部、双手和电脑屏幕都在画面内。", "Not placed yet", "Place it as drawn."
    ),
    "model_works": _r("机型与浏览器适用", "", "Model and browser are known to work", ""),
    "model_old": _r("系统版本较旧", "可以继续；请把自动锁定改为“永不”。", "An old system", "Set auto-lock to never."),
    "model_too_old": _r(
        "系统或浏览器版本过旧", "请升级系统或浏览器，或换用另一部手机。", "Too old", "Update, or use another phone."
    ),
    "model_unknown": _r(
        "未经验证的机型或浏览器",
        "可以继续；如画面异常，请换用 Chrome 或 Safari。",
        "Not known",
        "Prefer Chrome or Safari.",
    ),
    "model_inside_app": _r(
        "正在其他应用内打开",
        "请点右上角“…”，选择“在浏览器中打开”，以免切换应用时录制中断。",
        "Opened inside another app",
        "Open it in the browser.",
    ),
    "model_prefer_safari": _r(
        "建议使用 Safari", "可以继续；如画面异常，请用 Safari 重新扫码。", "Prefer Safari", "Scan again with Safari."
    ),
    "browser_works": _r("浏览器适用", "", "The browser works", ""),
    "browser_old": _r(
        "浏览器版本较旧", "可以继续；建议考前升级到最新版。", "An old browser", "Update it before the examination."
    ),
    "browser_too_old": _r("浏览器版本过旧", "请升级到最新版的 Chrome 或 Edge。", "Too old", "Update Chrome or Edge."),
    "browser_other": _r(
        "浏览器不适用", "请改用 Chrome 或 Edge 浏览器重新登录。", "This browser does not work", "Use Chrome or Edge."
    ),
    "browser_unknown": _r(
        "未经验证的浏览器", "可以继续；如有异常，请改用 Chrome 或 Edge。", "Not known", "Prefer Chrome or Edge."
    ),
    "browser_not_computer": _r(
        "请使用电脑作答", "手机用于拍摄，请在电脑上打开本页面。", "Use a computer", "The phone only films."
    ),
    "browser_unable": _r(
        "浏览器缺少必要的功能",
        "请使用最新版的 Chrome 或 Edge（电脑）、Safari 或 Chrome（手机）。",
        "The browser lacks features",
        "Update it.",
    ),
}
