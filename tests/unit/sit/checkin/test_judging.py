"""What measurements are judged to be (S3.8, S3.9): the shared vectors, boundary by boundary, and that no value breaks a rule."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invigil.prepare.exams.model import Orientation, Track
from invigil.sit.checkin.model import PC_CHECKS, PHONE_CHECKS, CheckKind, Device, Judgement, Verdict
from invigil.sit.checkin.model.checks import CHECK_NAMES_ZH
from invigil.sit.checkin.model.reasons import REASONS
from invigil.sit.checkin.model.refusals import CheckUnknown, MeasurementInvalid
from invigil.sit.checkin.rules import browsers
from invigil.sit.checkin.rules.judging import Asked, judge, judge_orientation
from invigil.sit.checkin.rules.needed import list_needed, mask_name
from invigil.sit.checkin.rules.reading import MAY_BE_UNKNOWN, MEASURED_NAMES, read_measured

VECTORS = json.loads((Path(__file__).parents[3] / "vectors/checkin.json").read_text())
CASES = [(kind, case) for kind, cases in VECTORS.items() if kind != "about" for case in cases]
ASKED = Asked(Orientation.LANDSCAPE, allows_several_screens=False)
DEVICES = {kind: Device.PHONE if CheckKind(kind) not in PC_CHECKS else Device.PC for kind in VECTORS if kind != "about"}


@pytest.mark.parametrize(("kind", "case"), CASES, ids=[f"{kind}-{place}" for place, (kind, _) in enumerate(CASES)])
def test_vectors(kind: str, case: dict[str, Any]) -> None:
    measured = read_measured(DEVICES[kind], CheckKind(kind), case["measured"])
    found = judge(DEVICES[kind], CheckKind(kind), measured, ASKED)
    assert (found.verdict.value, found.reason) == (case["verdict"], case["reason"])


@pytest.mark.parametrize(
    ("wanted", "lies", "verdict", "reason"),
    [
        (Orientation.LANDSCAPE, "landscape", "pass", "orientation_good"),
        (Orientation.LANDSCAPE, "portrait", "fail", "orientation_not_landscape"),
        (Orientation.PORTRAIT, "portrait", "pass", "orientation_good"),
        (Orientation.PORTRAIT, "landscape", "fail", "orientation_not_portrait"),
        (Orientation.EITHER, "portrait", "pass", "orientation_good"),
        (Orientation.EITHER, "landscape", "pass", "orientation_good"),
    ],
)
def test_the_phone_lies_as_the_sitting_demands(wanted: Orientation, lies: str, verdict: str, reason: str) -> None:
    assert judge_orientation(lies, wanted) == Judgement(Verdict(verdict), reason)


@pytest.mark.parametrize(
    ("surface", "is_extended", "allows_several", "reason"),
    [
        ("", None, False, "screen_not_shared"),
        ("window", False, False, "screen_not_whole"),
        ("browser", False, True, "screen_not_whole"),
        ("monitor", True, False, "screen_several"),
        ("monitor", True, True, "screen_good"),
        ("monitor", False, False, "screen_good"),
        ("monitor", None, False, "screen_good"),
    ],
)
def test_the_whole_screen_is_shared(surface: str, is_extended: bool | None, allows_several: bool, reason: str) -> None:
    measured = read_measured(Device.PC, CheckKind.SCREEN, {"surface": surface, "is_extended": is_extended})
    asked = Asked(Orientation.EITHER, allows_several_screens=allows_several)
    assert judge(Device.PC, CheckKind.SCREEN, measured, asked).reason == reason


IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS {os} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) {rest}"
SAFARI = "Version/17.5 Mobile/15E148 Safari/604.1"
ANDROID = "Mozilla/5.0 (Linux; Android 14; {model}) AppleWebKit/537.36 (KHTML, like Gecko) {rest}"


@pytest.mark.parametrize(
    ("user_agent", "reason", "name"),
    [
        (IPHONE.format(os="17_5", rest=SAFARI), "model_works", "iPhone · Safari 17.5"),
        (IPHONE.format(os="16_4", rest=SAFARI), "model_works", "iPhone · Safari 16.4"),
        (IPHONE.format(os="16_3", rest=SAFARI), "model_old", "iPhone · Safari 16.3"),
        (IPHONE.format(os="14_2", rest=SAFARI), "model_too_old", "iPhone 14.2"),
        (IPHONE.format(os="17_5", rest="CriOS/120 Mobile Safari/604.1"), "model_prefer_safari", "iPhone · Chrome 17.5"),
        (IPHONE.format(os="17_5", rest="Mobile/15E148 MicroMessenger/8.0.49"), "model_inside_app", "微信 8"),
        (
            ANDROID.format(model="Pixel 7", rest="Chrome/126.0 Mobile Safari/537.36"),
            "model_works",
            "Pixel 7 · Chrome 126",
        ),
        (ANDROID.format(model="K", rest="Chrome/126.0 Mobile Safari/537.36"), "model_works", "安卓 · Chrome 126"),
        (ANDROID.format(model="K", rest="Chrome/89.0 Mobile Safari/537.36"), "model_too_old", "安卓 · Chrome 89"),
        (ANDROID.format(model="V2", rest="Chrome/99 Mobile VivoBrowser/20.1"), "model_unknown", "V2 · vivo 浏览器 20"),
        ("a phone of the future", "model_unknown", "未知机型"),
        ("", "model_unknown", "未知机型"),
    ],
)
def test_models_that_are_known_and_those_that_are_not(user_agent: str, reason: str, name: str) -> None:
    assert (browsers.judge_phone(user_agent).reason, browsers.name_phone(user_agent)) == (reason, name)


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36", "browser_works"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36 Edg/126.0", "browser_works"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/100.0 Safari/537.36", "browser_old"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/86.0 Safari/537.36 360SE", "browser_unknown"),
        ("Mozilla/5.0 (Windows NT 6.1) Chrome/80.0 Safari/537.36", "browser_too_old"),
        ("Mozilla/5.0 (Windows NT 10.0; rv:127.0) Gecko/20100101 Firefox/127.0", "browser_other"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/17.4 Safari/605.1.15", "browser_other"),
        (IPHONE.format(os="17_5", rest=SAFARI), "browser_not_computer"),
        ("", "browser_unknown"),
    ],
)
def test_browsers_of_computers(program: str, reason: str) -> None:
    assert browsers.judge_computer(program).reason == reason


def test_a_browser_that_cannot_capture_fails_whatever_its_name() -> None:
    for device, kind in ((Device.PC, CheckKind.BROWSER), (Device.PHONE, CheckKind.MODEL)):
        measured = {"user_agent": IPHONE.format(os="17_5", rest=SAFARI), "can_capture": False}
        assert judge(device, kind, measured, ASKED) == Judgement(Verdict.FAIL, "browser_unable")


def test_every_reason_has_its_words_and_every_kind_its_name() -> None:
    rows = {row.reason for row in (*browsers.PHONES, *browsers.COMPUTERS)}
    assert rows | {case["reason"] for _kind, case in CASES} <= set(REASONS)
    assert set(CHECK_NAMES_ZH) == set(CheckKind) == {*PC_CHECKS, *PHONE_CHECKS}


_SCALARS = st.one_of(
    st.none(), st.booleans(), st.floats(), st.text(max_size=20), st.integers(), st.lists(st.integers())
)


@given(
    device=st.sampled_from(Device),
    kind=st.sampled_from(CheckKind),
    extra=st.dictionaries(st.text(max_size=8), _SCALARS, max_size=3),
    data=st.data(),
)
def test_what_is_read_can_be_judged_and_has_words(
    device: Device, kind: CheckKind, extra: dict[str, Any], data: st.DataObject
) -> None:
    values = {name: data.draw(_SCALARS | st.just(wanted())) for name, wanted in MEASURED_NAMES.get(kind, {}).items()}
    try:
        measured = read_measured(device, kind, values | extra)
    except (CheckUnknown, MeasurementInvalid):
        return
    assert judge(device, kind, measured, ASKED).reason in REASONS


@pytest.mark.parametrize("kind", sorted(MEASURED_NAMES))
def test_a_report_without_a_measurement_is_refused(kind: CheckKind) -> None:
    device = Device.PC if kind in PC_CHECKS else Device.PHONE
    whole = {name: wanted() for name, wanted in MEASURED_NAMES[kind].items()}
    read_measured(device, kind, whole)
    for name in whole:
        if (kind, name) not in MAY_BE_UNKNOWN:
            with pytest.raises(MeasurementInvalid):
                read_measured(device, kind, {other: value for other, value in whole.items() if other != name})


@pytest.mark.parametrize(
    ("device", "kind"),
    [(Device.PHONE, CheckKind.SCREEN), (Device.PC, CheckKind.WAKE_LOCK), (Device.PC, CheckKind.PHONE)],
)
def test_a_device_reports_its_own_checks_only(device: Device, kind: CheckKind) -> None:
    with pytest.raises(CheckUnknown):
        read_measured(device, kind, {})


@pytest.mark.parametrize(
    ("tracks", "pc", "phone"),
    [
        ((), [], 0),
        ((Track.SCREEN,), ["browser", "network", "screen"], 0),
        ((Track.CAMERA,), ["browser", "network", "camera", "picture", "microphone", "speaker"], 0),
        ((Track.PHONE,), ["browser", "network", "phone"], len(PHONE_CHECKS)),
    ],
)
def test_only_what_is_recorded_is_checked(tracks: tuple[Track, ...], pc: list[str], phone: int) -> None:
    assert [kind.value for kind in list_needed(Device.PC, tracks)] == pc
    assert len(list_needed(Device.PHONE, tracks)) == phone


@pytest.mark.parametrize(("name", "masked"), [("", ""), ("王", "王＊"), ("王伟", "王＊"), ("欧阳修明", "欧＊＊＊")])
def test_names_are_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked
