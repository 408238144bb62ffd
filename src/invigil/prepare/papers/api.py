"""The papers feature's facade."""

from invigil.prepare.papers.model import Blueprint, CreditRule, Pool, PoolQuestion, QuestionType
from invigil.prepare.papers.rules.layout import ItemPlace, list_places
from invigil.prepare.papers.rules.permutations import MAX_SHUFFLED_OPTIONS, order_of, order_table
from invigil.prepare.papers.rules.sealing import may_release_key

__all__ = [
    "MAX_SHUFFLED_OPTIONS",
    "Blueprint",
    "CreditRule",
    "ItemPlace",
    "Pool",
    "PoolQuestion",
    "QuestionType",
    "list_places",
    "may_release_key",
    "order_of",
    "order_table",
]
