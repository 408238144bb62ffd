"""The first sitting of the demonstration runs its course."""

import random

from invigil.app.demo.candidates import enter
from invigil.app.demo.preparing import QUICK_SUBJECT, Prepared
from invigil.app.demo.results import grade_and_release
from invigil.app.demo.running import Demo, Say


def list_tickets(show: Demo, exam_id: str, subject: str) -> list[str]:
    """Return the ticket numbers of the subject's candidates."""
    admin = show.staff("admin")
    page = admin.get("/api/candidates", exam_id=exam_id, subject_code=subject, page_size=200)
    return [one["ticket_number"] for one in page["items"] if one["subject_code"] == subject]


def play(show: Demo, prepared: Prepared, say: Say) -> None:
    """Let 30 simulated candidates sit the first sitting; grade and release it."""
    source = random.Random(1)  # noqa: S311 - a demonstration, the same every time
    tickets = list_tickets(show, prepared.exam_id, QUICK_SUBJECT)
    # Two stay away, one falls silent and is handed in by the server, the others hand in.
    candidates = [enter(show.browser(), ticket, prepared.quick_id) for ticket in tickets[2:]]
    for number, candidate in enumerate(candidates):
        sheet = candidate.answer_some(source, source.uniform(0.7, 1.0))
        if number:
            candidate.hand_in(sheet)
    grade_and_release(show, prepared.quick_id)
    say("第一场已阅卷并由两人发布成绩，可在“成绩”页查看。")
