"""The states of a sitting and what leads out of each."""

from dataclasses import dataclass
from enum import StrEnum

from invigil.kernel.principals import Role
from invigil.kernel.words import Words


class SittingState(StrEnum):
    """Where a sitting stands.

    draft → locked (a second administrator confirms what the first proposed).
    locked → open (administrator; agreement registered, papers locked), → draft (administrator, typed confirmation).
    open → running (by time, at T0), → locked (administrator before T0, typed confirmation).
    running → closed (by time, after the last deadline and the grace for late saves).
    closed → graded (grading).
    graded → released (grading, two persons), → closed (grading, to mark anew).
    released → graded (grading, results withdrawn with a reason).
    """

    DRAFT = "draft"
    LOCKED = "locked"
    OPEN = "open"
    RUNNING = "running"
    CLOSED = "closed"
    GRADED = "graded"
    RELEASED = "released"


STATE_NAMES_ZH = {
    SittingState.DRAFT: "草稿",
    SittingState.LOCKED: "已锁定",
    SittingState.OPEN: "已开放",
    SittingState.RUNNING: "考核中",
    SittingState.CLOSED: "已结束",
    SittingState.GRADED: "已评分",
    SittingState.RELEASED: "已发布",
}


class Mover(StrEnum):
    """Who takes a sitting along a path."""

    STAFF = "staff"
    TIME = "time"
    GRADING = "grading"


@dataclass(frozen=True, slots=True)
class Path:
    """One way from a state to another.

    roles: who of the staff may; empty where time or grading moves. persons: how many different persons it takes.
    needs_title: the examination's title must be typed as confirmation. conditions: what must hold, for the console.
    """

    origin: SittingState
    target: SittingState
    mover: Mover
    roles: frozenset[Role] = frozenset()
    persons: int = 1
    needs_title: bool = False
    conditions: tuple[Words, ...] = ()


_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})

PATHS: tuple[Path, ...] = (
    Path(
        SittingState.DRAFT,
        SittingState.LOCKED,
        Mover.STAFF,
        _ADMINISTRATOR,
        persons=2,
        conditions=(
            Words("至少一个科目", "at least one subject"),
            Words("场次规则通过检查", "the rules pass their checks"),
            Words("开考时间未到", "the start has not come"),
            Words("由另一位考务管理员确认", "another administrator confirms"),
        ),
    ),
    Path(
        SittingState.LOCKED,
        SittingState.OPEN,
        Mover.STAFF,
        _ADMINISTRATOR,
        conditions=(
            Words("《考核承办协议》已登记", "the agreement is entered"),
            Words("每个科目的试卷已锁定", "the papers of each subject are locked"),
            Words("考核尚未结束", "the sitting is not over"),
        ),
    ),
    Path(SittingState.LOCKED, SittingState.DRAFT, Mover.STAFF, _ADMINISTRATOR, needs_title=True),
    Path(
        SittingState.OPEN, SittingState.RUNNING, Mover.TIME, conditions=(Words("到达开考时间", "the start has come"),)
    ),
    Path(
        SittingState.OPEN,
        SittingState.LOCKED,
        Mover.STAFF,
        _ADMINISTRATOR,
        needs_title=True,
        conditions=(Words("开考时间未到", "the start has not come"),),
    ),
    Path(
        SittingState.RUNNING,
        SittingState.CLOSED,
        Mover.TIME,
        conditions=(Words("最后一位考生的截止时间已过", "the last candidate's deadline has passed"),),
    ),
    Path(
        SittingState.CLOSED,
        SittingState.GRADED,
        Mover.GRADING,
        conditions=(Words("全部答卷已评分", "all answer sheets are graded"),),
    ),
    Path(
        SittingState.GRADED,
        SittingState.RELEASED,
        Mover.GRADING,
        persons=2,
        conditions=(Words("两人确认发布", "two persons confirm the release"),),
    ),
    Path(SittingState.GRADED, SittingState.CLOSED, Mover.GRADING, conditions=(Words("重新评分", "graded again"),)),
    Path(
        SittingState.RELEASED,
        SittingState.GRADED,
        Mover.GRADING,
        conditions=(Words("撤回成绩并说明原因", "the results are withdrawn, with a reason"),),
    ),
)
