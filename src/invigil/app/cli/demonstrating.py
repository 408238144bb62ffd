"""`invigil demo`: a complete examination with sample data on the embedded default."""

import threading
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

    def play_and_say() -> None:
        play(show, prepared)
        typer.echo("· 第一场已阅卷并由两人发布成绩，可在“成绩”页查看。")

    if with_candidates and (missing := list_missing()):
        typer.echo(
            f"考生浏览器需要 {'、'.join(missing)}，请先运行 scripts/setup test（missing: run scripts/setup test）",
            err=True,
        )
        raise typer.Exit(1)
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
            browsed, others = tickets[SHOWN_TICKETS:][:with_candidates], tickets[SHOWN_TICKETS + with_candidates :]
            threading.Thread(target=live, args=(show, prepared.open_id, others), daemon=True).start()
            if browsed:
                attending = (show, OPEN_TITLE, browsed, lambda text: typer.echo(f"· {text}"))
                threading.Thread(target=attend, args=attending, daemon=True).start()
        if once:
            playing.join()
        else:
            show.wait()
    except KeyboardInterrupt:
        typer.echo("演示结束。")
    finally:
        show.stop()
