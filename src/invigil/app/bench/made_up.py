"""Made-up pools and blueprints of a real examination's size, for the benchmarks of papers and grading."""

import numpy as np

from invigil.kernel.points import Points
from invigil.prepare.papers.api import Blueprint, Pool, PoolQuestion, QuestionType

AREAS = tuple(f"知识点{number:02}" for number in range(1, 13))
SIZES = {QuestionType.SINGLE: (900, 4), QuestionType.MULTIPLE: (600, 5), QuestionType.TRUE_FALSE: (500, 0)}


def make_pool() -> Pool:
    """Return 2,000 questions over 12 knowledge areas and 5 difficulties."""
    random = np.random.Generator(np.random.PCG64(2025))
    questions = [
        PoolQuestion(
            f"qv_{kind.value}_{number:04}",
            f"q_{kind.value}_{number:04}",
            kind,
            AREAS[int(random.integers(len(AREAS)))],
            int(random.integers(1, 6)),
            (options,),
        )
        for kind, (count, options) in SIZES.items()
        for number in range(count)
    ]
    return Pool(tuple(sorted(questions)))


def make_blueprint() -> Blueprint:
    """Return 100 questions: 50 single, 20 multiple, 30 true/false, with area and difficulty quotas on the largest part."""
    by_area = dict(zip(AREAS, (5, 5, 5, 5, 4, 4, 4, 4, 4, 4, 3, 3), strict=True))
    return Blueprint.model_validate(
        {
            "title": "安管人员考核",
            "subject_code": "C1",
            "pass_mark": Points.parse("60"),
            "difficulty_band": {"lowest": 280, "highest": 320},
            "sections": [
                {
                    "title": "单选题",
                    "type": "single",
                    "count": 50,
                    "points_each": "1",
                    "by_area": by_area,
                    "by_difficulty": {1: 8, 2: 12, 3: 14, 4: 10, 5: 6},
                },
                {
                    "title": "多选题",
                    "type": "multiple",
                    "count": 20,
                    "points_each": "1",
                    "credit": "half_if_subset",
                    "by_area": {AREAS[0]: 3, AREAS[1]: 3},
                },
                {"title": "判断题", "type": "true_false", "count": 30, "points_each": "1"},
            ],
        }
    )
