"""Deal papers from shuffled decks: whole batches at once, one paper per candidate, every question shown about as often.

A *batch* is the set of candidates dealt together; later candidates make a batch of their own and change nothing before it.
Inside a batch each deck is dealt on and on: candidates come in a random order of the deck's own, each takes the next cards, and
the deck is shuffled anew whenever a hand ends exactly with the deck. So a hand never holds a card twice, and at any moment the
most and the least shown card of a deck differ by at most one showing.

Fairness measure: in one batch a question is shown at most ceil(F) times, F = cards taken from its deck / cards in the deck.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from invigil.prepare.papers.model import Blueprint, Pool
from invigil.prepare.papers.rules.allotment import VARIANTS
from invigil.prepare.papers.rules.draws import Draws, Numbers
from invigil.prepare.papers.rules.permutations import MAX_SHUFFLED_OPTIONS, count_orders
from invigil.prepare.papers.rules.planning import Deck, Plan


class Batch(NamedTuple):
    """The papers of one batch, candidate by candidate in the order of `candidate_ids`.

    questions: uint16 [candidate, question], places in the pool, in presented order.
    orders: uint16 [candidate, item], the code of each item's option order (`permutations`); 0 where nothing is shuffled.
    """

    candidate_ids: tuple[str, ...]
    questions: NDArray[np.uint16]
    orders: NDArray[np.uint16]


def deal(
    blueprint: Blueprint, pool: Pool, plan: Plan, *, seed: bytes, batch: int, candidate_ids: Sequence[str]
) -> Batch:
    """Deal one paper to each candidate: the same arguments give the same papers, in whatever order the candidates come.

    seed: 32 recorded bytes; batch: number of the batch in its set; candidate_ids: unique, may be empty.
    Raises: ValueError - a candidate comes twice.
    """
    people = tuple(sorted(candidate_ids))
    if len(set(people)) < len(people):
        raise ValueError("a candidate comes twice")
    variant_of = Draws(seed, batch, "variants").shuffled(len(people)) % VARIANTS
    questions = np.zeros((len(people), plan.question_count), np.uint16)
    for number, deck in enumerate(plan.decks):
        _deal_deck(questions, deck, variant_of, Draws(seed, batch, "deck", number))
    for column, place in plan.fixed:
        questions[:, column] = place
    if blueprint.shuffle_items:
        _shuffle_items(questions, plan.section_sizes, Draws(seed, batch, "items"))
    else:
        _sort_items(questions, plan.section_sizes)
    orders = _draw_orders(blueprint, pool, questions, Draws(seed, batch, "options"))
    return Batch(people, questions, orders)


def _deal_deck(questions: NDArray[np.uint16], deck: Deck, variant_of: Numbers, draws: Draws) -> None:
    size = len(deck.places)
    turns = draws.shuffled(len(variant_of))
    takes = deck.takes[variant_of[turns]]
    turns, takes = turns[takes > 0], takes[takes > 0]
    if not len(turns):
        return
    ends = np.cumsum(takes)
    is_new_deck = np.concatenate(([0], (ends % size == 0)[:-1]))
    epochs = np.cumsum(is_new_deck)
    shuffled = deck.places[draws.shuffled_rows(int(epochs[-1]) + 1, size)].astype(np.uint16)
    slots = deck.slots[variant_of[turns]]
    for card in range(deck.slots.shape[1]):
        has_card = takes > card
        place = (ends[has_card] - takes[has_card] + card) % size
        questions[turns[has_card], slots[has_card, card]] = shuffled[epochs[has_card], place]


def _shuffle_items(questions: NDArray[np.uint16], section_sizes: Sequence[int], draws: Draws) -> None:
    first = 0
    for size in section_sizes:
        part = questions[:, first : first + size]
        part[:] = np.take_along_axis(part, draws.shuffled_rows(len(part), size), axis=1)
        first += size


def _sort_items(questions: NDArray[np.uint16], section_sizes: Sequence[int]) -> None:
    first = 0
    for size in section_sizes:
        questions[:, first : first + size].sort(axis=1)
        first += size


def _draw_orders(blueprint: Blueprint, pool: Pool, questions: NDArray[np.uint16], draws: Draws) -> NDArray[np.uint16]:
    if not blueprint.shuffle_options:
        return np.zeros((len(questions), blueprint.item_count), np.uint16)
    limits = order_limits(pool)
    columns = []
    first = 0
    for section in blueprint.sections:
        part = limits[questions[:, first : first + section.count], : section.items_per_case]
        columns.append(part.reshape(len(questions), section.item_count))
        first += section.count
    return draws.below(np.concatenate(columns, axis=1))


def order_limits(pool: Pool) -> NDArray[np.uint64]:
    """Return [question, item] how many option orders there are; 1 where nothing is shuffled or there is no such item."""
    most = max((len(question.option_counts) for question in pool.questions), default=1)
    limits = np.ones((len(pool.questions), most), np.uint64)
    for place, question in enumerate(pool.questions):
        for item, count in enumerate(question.option_counts):
            limits[place, item] = count_orders(count) if count <= MAX_SHUFFLED_OPTIONS else 1
    return limits


def count_showings(batch: Batch, pool: Pool) -> Numbers:
    """Return how often each question of the pool stands in the batch's papers."""
    return np.bincount(batch.questions.ravel(), minlength=len(pool.questions))
