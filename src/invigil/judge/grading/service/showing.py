"""Results as people see them: staff with names, the candidate only the own released one, two runs side by side."""

from collections.abc import Sequence
from html import unescape
from typing import NamedTuple

from invigil.base.audit.api import record
from invigil.judge.grading.model import Result, Run
from invigil.judge.grading.rules.refusals import ResultNotFound, RunNotFound
from invigil.judge.grading.service.grading import open_marks
from invigil.judge.grading.service.runs import access_run
from invigil.judge.grading.store import results as store
from invigil.judge.grading.store.runs import find_released, list_runs
from invigil.kernel.ids import CandidateId, SittingId
from invigil.kernel.points import Points
from invigil.kernel.principals import Principal, Role
from invigil.platform.db import Transaction
from invigil.prepare.candidates.api import PublicCard, read_public_cards
from invigil.prepare.exams.api import Sitting, access_sitting
from invigil.prepare.papers.api import list_places, load_grading_set
from invigil.prepare.questions.api import load_contents, text_of

EXCERPT_CHARACTERS = 60


class NamedResult(NamedTuple):
    """A result and whose it is; card: None when the candidate is no longer registered."""

    result: Result
    card: PublicCard | None


class ItemMark(NamedTuple):
    """What one item earned."""

    id: str
    section: str
    earned: Points
    possible: Points


class Difference(NamedTuple):
    """One candidate in two runs; a side is None where the candidate has no result in that run."""

    candidate_id: CandidateId
    before: Result | None
    after: Result | None

    @property
    def is_flip(self) -> bool:
        """Whether passing changed."""
        return (self.before is not None and self.before.is_passed) != (self.after is not None and self.after.is_passed)


class OwnResult(NamedTuple):
    """A candidate's released result and where it was earned."""

    sitting: Sitting
    run: Run
    result: Result


async def name_results(tx: Transaction, results: Sequence[Result]) -> list[NamedResult]:
    """Return the results with their candidates."""
    cards = await read_public_cards(tx, [result.candidate_id for result in results])
    return [NamedResult(result, cards.get(result.candidate_id)) for result in results]


async def read_result(
    tx: Transaction, who: Principal, run_id: str, candidate_id: str
) -> tuple[NamedResult, list[ItemMark]]:
    """Return one candidate's result item by item; the reading is recorded.

    Raises: RunNotFound; ResultNotFound.
    """
    run = await access_run(tx, run_id)
    found = await store.find_result(tx, run_id, candidate_id)
    if found is None:
        raise ResultNotFound
    result, sealed = found
    blueprint = (await load_grading_set(tx, result.paper_set_id)).blueprint
    marks = open_marks(tx, run_id, candidate_id, sealed)
    items = [
        ItemMark(place.id, blueprint.sections[place.section].title, earned, possible)
        for place, (earned, possible) in zip(list_places(blueprint), marks, strict=True)
    ]
    await record(tx, who, act="grading.result.read", on=candidate_id, details={"run": run.id})
    return (await name_results(tx, [result]))[0], items


async def read_excerpts(tx: Transaction, who: Principal, version_ids: Sequence[str]) -> dict[tuple[str, int], str]:
    """Return the first words of questions by (version, part), for who may read questions; nothing for anybody else.

    Source: N (need to know).
    """
    if Role.ADMINISTRATOR not in who.roles:
        return {}
    excerpts: dict[tuple[str, int], str] = {}
    for version_id, content in (await load_contents(tx, list(dict.fromkeys(version_ids)))).items():
        stems = [sub.blocks for sub in content.sub_questions] or [content.blocks]
        excerpts |= {(version_id, part): _shorten(text_of(stem)) for part, stem in enumerate(stems)}
    return excerpts


def _shorten(text: str) -> str:
    plain = " ".join(unescape(text).split())
    return plain if len(plain) <= EXCERPT_CHARACTERS else plain[: EXCERPT_CHARACTERS - 1] + "…"


async def compare(tx: Transaction, before_id: str, after_id: str) -> list[Difference]:
    """Return whose score or outcome differs between two runs of one sitting, flips first.

    Raises: RunNotFound - also for runs of two sittings.
    """
    before, after = await access_run(tx, before_id), await access_run(tx, after_id)
    if before.sitting_id != after.sitting_id:
        raise RunNotFound
    old = {result.candidate_id: result for result in await store.list_results(tx, before.id)}
    new = {result.candidate_id: result for result in await store.list_results(tx, after.id)}
    differences = [
        Difference(candidate_id, old.get(candidate_id), new.get(candidate_id))
        for candidate_id in sorted(old.keys() | new.keys())
        if old.get(candidate_id) != new.get(candidate_id)
    ]
    return sorted(differences, key=lambda difference: not difference.is_flip)


async def list_own_results(tx: Transaction, candidate_id: str) -> list[OwnResult]:
    """Return what a candidate may see: released results of sittings that show them, newest first."""
    found = []
    for run, result in await store.list_released_of(tx, candidate_id):
        sitting = await access_sitting(tx, run.sitting_id)
        if sitting.rules.shows_result:
            found.append(OwnResult(sitting, run, result))
    return found


async def read_result_of(tx: Transaction, sitting_id: SittingId, candidate_id: str) -> Result | None:
    """Return what a candidate may see of one sitting; None before release, or where the sitting does not show results."""
    return next((own.result for own in await list_own_results(tx, candidate_id) if own.sitting.id == sitting_id), None)


async def read_released_results(tx: Transaction, sitting_id: SittingId) -> tuple[Run, list[Result]] | None:
    """Return the released run of a sitting and its results; None when nothing is released."""
    run = await find_released(tx, sitting_id)
    return None if run is None else (run, await store.list_results(tx, run.id))


async def read_newest_results(tx: Transaction, sitting_id: SittingId) -> tuple[Run, list[Result]] | None:
    """Return the newest graded run, released or not, for those who may see unreleased results; None when nothing is graded."""
    runs = [run for run in await list_runs(tx, sitting_id) if run.graded_at is not None]
    return None if not runs else (runs[-1], await store.list_results(tx, runs[-1].id))
