"""Profiles: what an examination of a kind starts from. Data; adding one needs no code."""

from collections.abc import Mapping
from dataclasses import dataclass

from invigil.prepare.exams.model.sitting_rules import SittingRules


@dataclass(frozen=True, slots=True)
class ProfileSubject:
    """A subject that an examination of this profile has."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Profile:
    """The starting point of an examination; everything can be changed afterwards."""

    name: str
    title_zh: str
    subjects: tuple[ProfileSubject, ...]
    rules: SittingRules
    is_mock_required: bool


# The Beijing plan of 2025: closed book at home, 90 minutes, whoever misses or fails the mock forfeits the examination.
BEIJING_PROFILE = Profile(
    name="beijing",
    title_zh="北京市建筑施工企业安管人员考核",
    subjects=(
        ProfileSubject("A", "企业主要负责人（A类）"),
        ProfileSubject("B", "项目负责人（B类）"),
        ProfileSubject("C1", "机械类专职安全生产管理人员（C1类）"),
        ProfileSubject("C2", "土建类专职安全生产管理人员（C2类）"),
        ProfileSubject("C3", "综合类专职安全生产管理人员（C3类）"),
    ),
    rules=SittingRules(),
    is_mock_required=True,
)

PLAIN_PROFILE = Profile(name="plain", title_zh="通用考试", subjects=(), rules=SittingRules(), is_mock_required=False)

PROFILES: Mapping[str, Profile] = {profile.name: profile for profile in (BEIJING_PROFILE, PLAIN_PROFILE)}
