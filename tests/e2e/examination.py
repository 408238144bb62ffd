"""The examination that the scenarios sit: prepared by API steps, with the answers that only its makers know."""

import html
import re
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from invigil.app.demo.preparing import (
    OPEN_SUBJECT,
    QUICK_SUBJECT,
    TITLE,
    Prepared,
    open_sittings,
    prepare_examination,
)
from invigil.app.demo.running import Demo
from invigil.app.sample.questions import read_sample_files
from tests.unit.prepare.questions.test_questions_rules import XSS

# People must be able to sit down before T0 and to finish, on a slow machine too: how long three logins take tells how slow.
LEAST_WAIT_S = 30
LEAST_MINUTES, MOST_MINUTES = 2, 4
EXTRA_MINUTES = 1
HOSTILE_AREA, HOSTILE_STEM = "页面安全", "恶意题干"
MOST_VECTORS = 16

# A question as it can be recognised on the page: stems repeat (看图…), stem and options together do not.
Shown = tuple[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Examination:
    """The examination. tickets: ticket numbers by subject, in order."""

    prepared: Prepared
    tickets: dict[str, list[str]]
    right_answers: dict[Shown, str]


def open_examination(show: Demo, **of_quick: object) -> Examination:
    """Open its sittings: everything before them is in the stock that the server began with.

    of_quick: rules of the quick sitting that differ.
    """
    begun = time.monotonic()
    team = show.team()
    slowness = time.monotonic() - begun
    minutes = min(MOST_MINUTES, LEAST_MINUTES + int(slowness / 2))
    wait = timedelta(seconds=max(LEAST_WAIT_S, 12 * slowness))
    quick = {
        "starts_in": wait,
        "duration_minutes": minutes,
        "late_entry_within_minutes": minutes,
        "allows_extra_time": True,
        "tracks_required": [],
    } | of_quick
    # What is recorded is checked in first (test_checkin.py); these two sittings are about answering.
    opened: dict[str, Any] = {"starts_in": wait, "early_hand_in_after_minutes": 0, "tracks_required": []}
    prepared = open_sittings(team, say_nothing, find_exam(show), quick=quick, opened=opened)
    tickets = {subject: read_tickets(show, prepared.exam_id, subject) for subject in (QUICK_SUBJECT, OPEN_SUBJECT)}
    return Examination(prepared, tickets, read_right_answers())


def stock_up(show: Demo) -> None:
    """Prepare an examination up to its sittings; one question of every paper of the open sitting is hostile."""
    team = show.team()
    team.first.post("/api/questions", hostile_question())
    prepare_examination(team, say_nothing, {OPEN_SUBJECT: {HOSTILE_AREA: 1}})


def find_exam(show: Demo) -> str:
    """Return the id of the stock's examination."""
    exams = show.staff("admin").get("/api/exams")["items"]
    return next(str(one["id"]) for one in exams if one["title"] == TITLE)


def say_nothing(_text: str) -> None:
    """Tests have no use for the steps that the demonstration tells."""


def hostile_question() -> dict[str, Any]:
    """A question whose author tries to run programs in the pages that show it."""

    def text(content: str) -> list[dict[str, str]]:
        return [{"kind": "text", "html": content}]

    stem = [text(f"{HOSTILE_STEM}：{vector}")[0] for vector in XSS[:MOST_VECTORS]]
    options = [{"key": key, "blocks": text(f"{key}{vector}")} for key, vector in zip("ABCD", XSS[:4], strict=True)]
    return {
        "type": "single",
        "blocks": stem,
        "options": options,
        "answer": {"choices": ["A"]},
        "subject_codes": [OPEN_SUBJECT],
        "knowledge_area": HOSTILE_AREA,
        "difficulty": 3,
        "source": "",
    }


def read_tickets(show: Demo, exam_id: str, subject: str) -> list[str]:
    """Return the ticket numbers of this subject's candidates."""
    page = show.staff("admin").get("/api/candidates", exam_id=exam_id, subject_code=subject, page_size=200)
    return sorted(one["ticket_number"] for one in page["items"] if one["subject_code"] == subject)


def read_right_answers() -> dict[Shown, str]:
    """Return the text of the right option of each single-choice question of the sample bank, without white space."""
    answers: dict[Shown, str] = {}
    for file in read_sample_files():
        for draft in (question.draft for question in file.questions):
            if draft.type == "single" and draft.answer is not None and draft.answer.choices:
                options = {option.key: _text(option.blocks) for option in draft.options}
                answers[_text(draft.blocks), frozenset(options.values())] = options[draft.answer.choices[0]]
    return answers


def squeeze(text: str) -> str:
    """Return the text without white space, as texts from a page and from a file can be compared."""
    return re.sub(r"\s", "", text)


def _text(blocks: Any) -> str:
    return squeeze("".join(html.unescape(re.sub(r"<[^>]+>", "", block.html or "")) for block in blocks))
