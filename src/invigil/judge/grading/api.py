"""The grading feature's facade."""

from invigil.judge.grading.model import Change, Correction, MarkingKey, Result, Run, RunState
from invigil.judge.grading.rules.marking import make_key_table
from invigil.judge.grading.rules.pipeline import CHUNK, grade_chunk, join_graded
from invigil.judge.grading.rules.statistics import compute_item_statistics, compute_paper_statistics
from invigil.judge.grading.service.releasing import approve_release, propose_release
from invigil.judge.grading.service.runs import begin_run
from invigil.judge.grading.service.showing import (
    list_own_results,
    read_newest_results,
    read_released_results,
    read_result_of,
)
from invigil.judge.grading.store.runs import find_released

__all__ = [
    "CHUNK",
    "Change",
    "Correction",
    "MarkingKey",
    "Result",
    "Run",
    "RunState",
    "approve_release",
    "begin_run",
    "compute_item_statistics",
    "compute_paper_statistics",
    "find_released",
    "grade_chunk",
    "join_graded",
    "list_own_results",
    "make_key_table",
    "propose_release",
    "read_newest_results",
    "read_released_results",
    "read_result_of",
]
