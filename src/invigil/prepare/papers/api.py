"""The papers feature's facade."""

from invigil.prepare.papers.model import (
    Blueprint,
    CreditRule,
    PaperSet,
    PaperSetState,
    PointsText,
    Pool,
    PoolQuestion,
    QuestionType,
    SealedPaper,
)
from invigil.prepare.papers.rules.dealing import Batch, deal
from invigil.prepare.papers.rules.encoding import decode_papers, encode_batch
from invigil.prepare.papers.rules.layout import ItemPlace, list_places
from invigil.prepare.papers.rules.permutations import MAX_SHUFFLED_OPTIONS, order_of, order_table
from invigil.prepare.papers.rules.planning import Plan, make_plan
from invigil.prepare.papers.rules.refusals import PaperMissing, PaperSetNotFound, PaperSetNotLocked
from invigil.prepare.papers.rules.sealing import may_release_key
from invigil.prepare.papers.service.bank import Medium, open_answer_keys, open_contents
from invigil.prepare.papers.service.blueprints import create_blueprint
from invigil.prepare.papers.service.dealing import deal_all, generate, leave_dealing
from invigil.prepare.papers.service.opening import (
    GradingSet,
    count_items,
    derive_paper_key,
    load_grading_set,
    load_paper_media,
    load_papers,
    load_sealed_paper,
    open_paper,
)
from invigil.prepare.papers.service.sets import (
    access_set,
    begin_generation,
    create_set,
    draw_up,
    keep_drawn,
    lock,
    proof,
)

__all__ = [
    "MAX_SHUFFLED_OPTIONS",
    "Batch",
    "Blueprint",
    "CreditRule",
    "GradingSet",
    "ItemPlace",
    "Medium",
    "PaperMissing",
    "PaperSet",
    "PaperSetNotFound",
    "PaperSetNotLocked",
    "PaperSetState",
    "Plan",
    "PointsText",
    "Pool",
    "PoolQuestion",
    "QuestionType",
    "SealedPaper",
    "access_set",
    "begin_generation",
    "count_items",
    "create_blueprint",
    "create_set",
    "deal",
    "deal_all",
    "decode_papers",
    "derive_paper_key",
    "draw_up",
    "encode_batch",
    "generate",
    "keep_drawn",
    "leave_dealing",
    "list_places",
    "load_grading_set",
    "load_paper_media",
    "load_papers",
    "load_sealed_paper",
    "lock",
    "make_plan",
    "may_release_key",
    "open_answer_keys",
    "open_contents",
    "open_paper",
    "order_of",
    "order_table",
    "proof",
]
