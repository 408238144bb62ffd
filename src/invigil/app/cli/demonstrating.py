"""`invigil demo`: a complete examination with sample data on the embedded default."""

import random
import threading
from pathlib import Path
from typing import Annotated

import typer

from invigil.app.demo.candidates import enter
from invigil.app.demo.people import CANDIDATE_PASSWORD
from invigil.app.demo.preparing import OPEN_SUBJECT, QUICK_SUBJECT, Prepared
from invigil.app.demo.results import grade_and_release
from invigil.app.demo.running import Demo

SHOWN_TICKETS = 6


def demo(
    folder: Annotated[Path, typer.Option(help="where the demonstration keeps its records; emptied first")] = Path(
        "var/demo"
    ),
    port: Annotated[int, typer.Option(help="port to listen on")] = 8443,
    *,
    once: Annotated[bool, typer.Option("--once", help="end when everything has been shown, e.g. in a test")] = False,
) -> None:
    """Prepare a complete examination with sample data, start it, and print addresses and accounts.

    One sitting is sat at once by 30 simulated candidates, graded and released by two persons; another is open for you.
    """
    show = Demo(folder, port, lambda text: typer.echo(f"· {text}"))
    try:
        show.start()
        prepared = show.prepare()
        tickets = _tickets(show, prepared.exam_id, OPEN_SUBJECT)
        typer.echo(show.describe(tickets[:SHOWN_TICKETS], CANDIDATE_PASSWORD))
        playing = threading.Thread(target=_play, args=(show, prepared), daemon=True)
        playing.start()
        if once:
            playing.join()
        else:
            show.wait()
    except KeyboardInterrupt:
        typer.echo("演示结束。")
    finally:
        show.stop()


def _tickets(show: Demo, exam_id: str, subject: str) -> list[str]:
    admin = show.staff("admin")
    page = admin.get("/api/candidates", exam_id=exam_id, subject_code=subject, page_size=200)
    return [one["ticket_number"] for one in page["items"] if one["subject_code"] == subject]


def _play(show: Demo, prepared: Prepared) -> None:
    """Let the first sitting run its course."""
    source = random.Random(1)  # noqa: S311 - a demonstration, the same every time
    tickets = _tickets(show, prepared.exam_id, QUICK_SUBJECT)
    # Two stay away, one falls silent and is handed in by the server, the others hand in.
    candidates = [enter(show.browser(), ticket, prepared.quick_id) for ticket in tickets[2:]]
    for number, candidate in enumerate(candidates):
        sheet = candidate.answer_some(source, source.uniform(0.7, 1.0))
        if number:
            candidate.hand_in(sheet)
    grade_and_release(show, prepared.quick_id)
    typer.echo("· 第一场已阅卷并由两人发布成绩，可在“成绩”页查看。")
