"""The rules of one sitting, as data."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class Orientation(StrEnum):
    """How the candidate must place the phone (S3.8)."""

    LANDSCAPE = "landscape"
    PORTRAIT = "portrait"
    EITHER = "either"


class Track(StrEnum):
    """What is recorded of a candidate (S3.3)."""

    SCREEN = "screen"
    CAMERA = "camera"  # of the PC, with its microphone
    PHONE = "phone"  # of the phone, with its microphone


class StopRule(StrEnum):
    """What happens when a required track stops during the sitting."""

    WARN = "warn"  # the candidate is told what to do, the proctor sees it
    PAUSE = "pause"  # the candidate cannot go on answering until it runs again; the time goes on
    ALLOW = "allow"  # it is written down and nothing else


@dataclass(frozen=True, slots=True)
class PictureRules:
    """What is asked of a picture. width, height: pixels. kbps: asked of the encoder, which delivers less at few frames per second."""

    width: int
    height: int
    frames_per_s: int
    kbps: int


@dataclass(frozen=True, slots=True)
class RecordingRules:
    """How the tracks of a sitting are recorded.

    segment_length: how often a track is cut, > 0. phone_preview_percent: how much of the recorded width the phone shows (S3.12).
    retention_days: how long recordings are kept after the sitting. needs_second_review: whether a verdict needs a second person.
    Defaults: measured in Chromium; H.264 at these rates costs 0.3 of a core and 130 MB an hour for all three tracks.
    """

    screen: PictureRules = PictureRules(1280, 720, 3, 150)
    camera: PictureRules = PictureRules(640, 480, 10, 350)
    phone: PictureRules = PictureRules(640, 480, 10, 350)
    audio_kbps: int = 24
    segment_length: timedelta = timedelta(seconds=4)
    on_track_stopped: StopRule = StopRule.WARN
    phone_preview_percent: int = 60
    retention_days: int = 180
    needs_second_review: bool = False


ALL_TRACKS = (Track.SCREEN, Track.CAMERA, Track.PHONE)

CONSENT_VERSION = "2026-1"
CONSENT_TEXT = """\
一、本次考核为居家闭卷在线考核。考核期间，系统记录您的登录、作答、离开页面等每一步操作及其时间；场次要求录制的，\
系统还将录制您的答题屏幕、电脑与手机摄像头的音视频，并在录制开始前另行提示。
二、记录内容仅用于本次考核的监考、复查与争议处理，加密保存；保存期满或收到考核组织单位的书面指令后销毁。
三、需要比对人脸的，系统将事先另行征得您的单独同意；您也可以不同意，改由监考人员人工核验身份，不影响您参加考核。
四、请独立完成作答，不得接受他人帮助、查阅资料、离开答题页面或切换到其他程序。违反考核纪律的，按有关规定处理。
五、您已知悉并同意以上内容，承诺遵守考核纪律，所提供的信息真实有效。"""


@dataclass(frozen=True, slots=True)
class SittingRules:
    """What holds for every candidate of a sitting.

    duration: working time without extra time, > 0.
    early_hand_in_after: a hand-in is accepted from T0 + this on (S3.10).
    late_entry_within: a candidate may begin until T0 + this; zero: nobody may come after T0.
    late_entry_keeps_duration: whoever begins late still has the whole duration; otherwise all end together.
    screen_left_warnings: how many times leaving the page is only warned of; from the next on it is shown to the proctor as a breach.
    tracks_required: may be empty (a practice without recording); no duplicates, in the order of ALL_TRACKS.
    allows_extra_time: whether staff may ask for extra time at all; a fault on the candidate's side gives none (local rule).
    save_grace: how long after the deadline a save made before it may still arrive.
    Source: S3.3, S3.8, S3.10.
    """

    duration: timedelta = timedelta(minutes=90)
    early_hand_in_after: timedelta = timedelta(minutes=30)
    late_entry_within: timedelta = timedelta(minutes=30)
    late_entry_keeps_duration: bool = False
    screen_left_warnings: int = 3
    has_calculator: bool = False
    may_review_after: bool = False
    shows_result: bool = True
    orientation: Orientation = Orientation.LANDSCAPE
    tracks_required: tuple[Track, ...] = field(default=ALL_TRACKS)
    consent_version: str = CONSENT_VERSION
    consent_text: str = CONSENT_TEXT
    allows_several_screens: bool = False
    allows_extra_time: bool = False
    save_grace: timedelta = timedelta(seconds=60)
    recording: RecordingRules = RecordingRules()


@dataclass(frozen=True, slots=True)
class RuleFault:
    """One rule that cannot stand; `field` is a field name of SittingRules, or `recording.` and one of RecordingRules."""

    field: str
    zh: str
    en: str
