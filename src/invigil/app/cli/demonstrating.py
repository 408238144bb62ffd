"""`invigil demo`: a complete examination with sample data on the embedded default."""

import threading
from pathlib import Path
from typing import Annotated

import typer

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

    One sitting is sat at once by 30 simulated candidates, graded and released by two persons; another is open for you, and
    simulated candidates sit in its room, so that its wall of pictures lives.
    """
    # Loaded when asked for: other commands need none of it.
    from invigil.app.demo.living import live  # noqa: PLC0415
    from invigil.app.demo.people import CANDIDATE_PASSWORD  # noqa: PLC0415
    from invigil.app.demo.playing import list_tickets, play  # noqa: PLC0415
    from invigil.app.demo.preparing import OPEN_SUBJECT  # noqa: PLC0415
    from invigil.app.demo.running import Demo  # noqa: PLC0415

    def play_and_say() -> None:
        play(show, prepared)
        typer.echo("· 第一场已阅卷并由两人发布成绩，可在“成绩”页查看。")

    show = Demo(folder, port, lambda text: typer.echo(f"· {text}"))
    try:
        show.start()
        prepared = show.prepare()
        tickets = list_tickets(show, prepared.exam_id, OPEN_SUBJECT)
        watching = show.watcher_of(prepared.open_id)
        typer.echo(show.describe(tickets[:SHOWN_TICKETS], CANDIDATE_PASSWORD, watching))
        playing = threading.Thread(target=play_and_say, daemon=True)
        playing.start()
        if not once:
            others = (show, prepared.open_id, tickets[SHOWN_TICKETS:])
            threading.Thread(target=live, args=others, daemon=True).start()
        if once:
            playing.join()
        else:
            show.wait()
    except KeyboardInterrupt:
        typer.echo("演示结束。")
    finally:
        show.stop()
