"""The papers feature's facade."""

from invigil.prepare.papers.model import Blueprint, CreditRule, Pool, PoolQuestion, QuestionType
from invigil.prepare.papers.rules.dealing import Batch, deal
from invigil.prepare.papers.rules.encoding import decode_papers, encode_batch
from invigil.prepare.papers.rules.layout import ItemPlace, list_places
from invigil.prepare.papers.rules.permutations import MAX_SHUFFLED_OPTIONS, order_of, order_table
from invigil.prepare.papers.rules.planning import Plan, make_plan
from invigil.prepare.papers.rules.sealing import may_release_key

__all__ = [
    "MAX_SHUFFLED_OPTIONS",
    "Batch",
    "Blueprint",
    "CreditRule",
    "ItemPlace",
    "Plan",
    "Pool",
    "PoolQuestion",
    "QuestionType",
    "deal",
    "decode_papers",
    "encode_batch",
    "list_places",
    "make_plan",
    "may_release_key",
    "order_of",
    "order_table",
]
