"""The grading feature's facade."""

from invigil.judge.grading.model import MarkingKey
from invigil.judge.grading.rules.marking import make_key_table
from invigil.judge.grading.rules.pipeline import CHUNK, grade_chunk, join_graded
from invigil.judge.grading.rules.statistics import compute_item_statistics, compute_paper_statistics

__all__ = [
    "CHUNK",
    "MarkingKey",
    "compute_item_statistics",
    "compute_paper_statistics",
    "grade_chunk",
    "join_graded",
    "make_key_table",
]
