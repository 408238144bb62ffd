"""Models and browsers that are known: a table, first match wins; what is not in it is warned of (S3.9).

"Works" says what the vendors' documentation promises of camera, recording and wake lock. The table has not been tried on a shelf of
real phones yet; whoever does, changes a row here.
"""

import re
from dataclasses import dataclass

from invigil.sit.checkin.model import Judgement, Verdict

PASS, WARN, FAIL = Verdict.PASS, Verdict.WARN, Verdict.FAIL


@dataclass(frozen=True, slots=True)
class KnownBrowser:
    """One row. pattern: of the user agent; its group "v" is the version. since: the row holds from this version on."""

    name: str
    pattern: re.Pattern[str]
    since: float
    verdict: Verdict
    reason: str


def _row(name: str, pattern: str, since: float, verdict: Verdict, reason: str) -> KnownBrowser:
    return KnownBrowser(name, re.compile(pattern), since, verdict, reason)


_IOS = r"(?:iPhone|iPad|iPod).*? OS (?P<v>\d+[_.]?\d*)"
PHONES: tuple[KnownBrowser, ...] = (
    # Pages inside other programs lose the camera when the program goes to the background or asks its own questions.
    _row("微信", r"MicroMessenger/(?P<v>\d+)", 0, WARN, "model_inside_app"),
    _row("QQ", r"\bQQ/(?P<v>\d+)", 0, WARN, "model_inside_app"),
    _row("支付宝", r"AlipayClient/(?P<v>\d+)", 0, WARN, "model_inside_app"),
    _row("钉钉", r"DingTalk/(?P<v>\d+)", 0, WARN, "model_inside_app"),
    _row("iPhone · Chrome", rf"{_IOS}.*CriOS/", 16.4, WARN, "model_prefer_safari"),
    _row("iPhone · Edge", rf"{_IOS}.*EdgiOS/", 16.4, WARN, "model_prefer_safari"),
    _row("iPhone · Safari", rf"{_IOS}.*Version/.*Safari/", 16.4, PASS, "model_works"),
    _row("iPhone · Safari", rf"{_IOS}.*Version/.*Safari/", 14.3, WARN, "model_old"),
    _row("iPhone", _IOS, 14.3, WARN, "model_unknown"),
    _row("iPhone", _IOS, 0, FAIL, "model_too_old"),
    _row("华为浏览器", r"HuaweiBrowser/(?P<v>\d+)", 0, WARN, "model_unknown"),
    _row("小米浏览器", r"MiuiBrowser/(?P<v>\d+)", 0, WARN, "model_unknown"),
    _row("OPPO 浏览器", r"HeyTapBrowser/(?P<v>\d+)", 0, WARN, "model_unknown"),
    _row("vivo 浏览器", r"VivoBrowser/(?P<v>\d+)", 0, WARN, "model_unknown"),
    _row("UC 浏览器", r"UCBrowser/(?P<v>\d+)", 0, WARN, "model_unknown"),
    _row("QQ 浏览器", r"MQQBrowser/(?P<v>\d+)", 0, WARN, "model_unknown"),
    _row("三星浏览器", r"Android.*SamsungBrowser/(?P<v>\d+)", 16, PASS, "model_works"),
    _row("安卓 · Edge", r"Android.*EdgA/(?P<v>\d+)", 90, PASS, "model_works"),
    _row("安卓 · Firefox", r"Android.*Firefox/(?P<v>\d+)", 0, WARN, "model_unknown"),
    _row("安卓 · Chrome", r"Android.*Chrome/(?P<v>\d+)", 90, PASS, "model_works"),
    _row("安卓 · Chrome", r"Android.*Chrome/(?P<v>\d+)", 0, FAIL, "model_too_old"),
)

# The whole screen and full-screen signals need Chromium on the PC (ADR-0015).
COMPUTERS: tuple[KnownBrowser, ...] = (
    _row("手机浏览器", r"(?P<v>)(?:Android|iPhone|iPad|HarmonyOS).*Mobile", 0, FAIL, "browser_not_computer"),
    _row("Safe Exam Browser", r"SEB/(?P<v>\d+)", 0, WARN, "browser_unknown"),
    _row("Firefox", r"Firefox/(?P<v>\d+)", 0, FAIL, "browser_other"),
    _row(
        "360 / QQ / 搜狗浏览器",
        r"(?P<v>)(?:QIHU|360SE|360EE|QQBrowser|MetaSr|LBBROWSER|2345Explorer)",
        0,
        WARN,
        "browser_unknown",
    ),
    _row("Edge", r"Edg/(?P<v>\d+)", 110, PASS, "browser_works"),
    _row("Edge", r"Edg/(?P<v>\d+)", 0, WARN, "browser_old"),
    _row("Opera", r"OPR/(?P<v>\d+)", 0, WARN, "browser_unknown"),
    _row("Chrome", r"Chrome/(?P<v>\d+)", 110, PASS, "browser_works"),
    _row("Chrome", r"Chrome/(?P<v>\d+)", 94, WARN, "browser_old"),
    _row("Chrome", r"Chrome/(?P<v>\d+)", 0, FAIL, "browser_too_old"),
    _row("Safari", r"Version/(?P<v>\d+).*Safari/", 0, FAIL, "browser_other"),
)


def judge_phone(user_agent: str) -> Judgement:
    """Return what is known of a phone's model and browser."""
    row = _find(PHONES, user_agent)
    return Judgement(WARN, "model_unknown") if row is None else Judgement(row.verdict, row.reason)


def judge_computer(user_agent: str) -> Judgement:
    """Return what is known of a PC's browser."""
    row = _find(COMPUTERS, user_agent)
    return Judgement(WARN, "browser_unknown") if row is None else Judgement(row.verdict, row.reason)


def name_phone(user_agent: str) -> str:
    """Return how people call this phone and browser, e.g. "iPhone · Safari 17.5"; "未知机型" for what is not in the table."""
    row = _find(PHONES, user_agent)
    if row is None:
        return "未知机型"
    version = _version(row, user_agent)
    model = re.search(r"Android [\d.]+; (?:zh-[a-z]{2}; )?([^;)]{2,40}?)(?: Build|;|\))", user_agent)
    named = (
        row.name if model is None or model.group(1) == "K" else f"{model.group(1)} · {row.name.removeprefix('安卓 · ')}"
    )
    return f"{named} {version:g}" if version else named


def _find(table: tuple[KnownBrowser, ...], user_agent: str) -> KnownBrowser | None:
    return next(
        (row for row in table if row.pattern.search(user_agent) and _version(row, user_agent) >= row.since), None
    )


def _version(row: KnownBrowser, user_agent: str) -> float:
    found = row.pattern.search(user_agent)
    text = "" if found is None else (found.group("v") or "").replace("_", ".")
    try:
        return float(text)
    except ValueError:
        return 0.0
