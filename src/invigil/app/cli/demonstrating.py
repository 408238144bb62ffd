"""`invigil demo`: a complete examination with sample data on the embedded default."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

SHOWN_TICKETS = 6
# Each is a browser with a screen of its own: half a processor and 400 MB.
MOST_BROWSED = 12


def demo(
    folder: Annotated[Path, typer.Option(help="where the demonstration keeps its records; emptied first")] = Path(
        "var/demo"
    ),
    port: Annotated[int, typer.Option(help="port to listen on")] = 8443,
    *,
    with_candidates: Annotated[
        int,
        typer.Option(
            min=0, max=MOST_BROWSED, help="so many candidates sit in real browsers, with computer and phone, recorded"
        ),
    ] = 0,
    once: Annotated[bool, typer.Option("--once", help="end when everything has been shown, e.g. in a test")] = False,
) -> None:
    """Prepare a complete examination with sample data, start it, and print addresses and accounts.

    One sitting is sat at once by 30 simulated candidates, graded and released by two persons; another is open for you, and
    simulated candidates sit in its room, so that its wall of pictures lives. With --with-candidates some of them are real
    browsers, each with a computer and a phone, checked in and recorded: their recordings can be reviewed and taken out.
    """
    # Loaded when asked for: other commands need none of it.
    from invigil.app.demo.attending import attend, list_missing  # noqa: PLC0415
    from invigil.app.demo.living import live  # noqa: PLC0415
    from invigil.app.demo.people import CANDIDATE_PASSWORD  # noqa: PLC0415
    from invigil.app.demo.playing import list_tickets, play  # noqa: PLC0415
    from invigil.app.demo.preparing import OPEN_SUBJECT, OPEN_TITLE  # noqa: PLC0415
    from invigil.app.demo.running import Demo  # noqa: PLC0415

    if with_candidates:
        _refuse_missing(list_missing())

    def say(text: str) -> None:
        typer.echo(f"· {text}")

    show = Demo(folder, port, say)
    try:
        show.start()
        prepared = show.prepare()
        tickets = list_tickets(show, prepared.exam_id, OPEN_SUBJECT)
        watching = show.watcher_of(prepared.open_id)
        typer.echo(show.describe(tickets[:SHOWN_TICKETS], CANDIDATE_PASSWORD, watching))
        playing = _beside(play, show, prepared, say)
        if once:
            playing.join()
            return
        browsed, others = tickets[SHOWN_TICKETS:][:with_candidates], tickets[SHOWN_TICKETS + with_candidates :]
        _beside(live, show, prepared.open_id, others)
        if browsed:
            _beside(attend, show, OPEN_TITLE, browsed, say)
        show.wait()
    except KeyboardInterrupt:
        typer.echo("演示结束。")
    finally:
        show.stop()


def _refuse_missing(missing: list[str]) -> None:
    if missing:
        told = f"考生浏览器需要 {'、'.join(missing)}，请先运行 scripts/setup test（missing: run scripts/setup test）"
        typer.echo(told, err=True)
        raise typer.Exit(1)


def _beside(work: Callable[..., None], *arguments: object) -> threading.Thread:
    """Start work that ends with the process, and return its thread."""
    thread = threading.Thread(target=work, args=arguments, daemon=True)
    thread.start()
    return thread
