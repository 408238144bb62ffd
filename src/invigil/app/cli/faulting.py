"""`invigil fault …`: break the real system on purpose, and say what was lost."""

import asyncio
from pathlib import Path
from statistics import median
from typing import Annotated

import typer

from invigil.app.cli.benching import DatabaseName

app = typer.Typer(no_args_is_help=True, help="故障试验：在真实的服务上制造故障，检查是否有已确认的答案丢失。")

# Long runs leave the server time to work between two kills; the short form in the tests does not.
KILL_EVERY_S = (2.0, 20.0)


@app.command("crash")
def crash(
    database: Annotated[DatabaseName, typer.Option(help="which database to run on")] = DatabaseName.SQLITE,
    minutes: Annotated[float, typer.Option(help="how long the seats answer")] = 10.0,
    seats: Annotated[int, typer.Option(help="scripted candidates")] = 200,
    seed: Annotated[int, typer.Option(help="the same seed breaks things in the same rhythm")] = 2025,
    history: Annotated[Path, typer.Option(help="where the history of the run is kept")] = Path(
        "var/crash-history.jsonl"
    ),
    *,
    kill_postgresql: Annotated[bool, typer.Option(help="kill PostgreSQL as well (it gets a folder of its own)")] = True,
) -> None:
    """Kill the web process, or the whole server, with -9 at random instants while candidates save and hand in, then check that nothing was lost.

    Leaves with 1 when a promise was broken. Runs on a throw-away installation, never on yours.
    """
    # Loaded when asked for: the command line must start fast.
    from invigil.app.faults.crash import CrashPlan, run_crash  # noqa: PLC0415

    plan = CrashPlan(
        database=database.value,
        seats=seats,
        seconds=minutes * 60,
        seed=seed,
        kill_every_s=KILL_EVERY_S,
        at_least_kills=1,
        kills_postgresql=kill_postgresql and database is DatabaseName.POSTGRESQL,
    )
    history.parent.mkdir(parents=True, exist_ok=True)
    report = asyncio.run(run_crash(plan, history))
    typer.echo(
        f"{database.value}：{report.kills} 次故障，{report.acknowledged} 次已确认，{report.refused} 次被拒绝，"
        f"{report.unanswered} 次没有答复；丢失 {report.lost}（0 lost is the promise）"
    )
    for words, seconds in (("网页进程被杀", report.web_restarts_s), ("全部被杀", report.cold_starts_s)):
        if seconds:
            typer.echo(f"  {words} {len(seconds)} 次：恢复中位数 {median(seconds):.2f} 秒，最慢 {max(seconds):.2f} 秒")
    for violation in report.violations[:20]:
        typer.echo(f"  {violation.law} {violation.seat} seq {violation.seq}: {violation.sentence}")
    raise typer.Exit(1 if report.lost else 0)


@app.command("failover")
def failover(
    minutes: Annotated[float, typer.Option(help="how long the seats answer")] = 1.0,
    seats: Annotated[int, typer.Option(help="scripted candidates")] = 200,
    seed: Annotated[int, typer.Option(help="the same seed gives the same answers")] = 2025,
    history: Annotated[Path, typer.Option(help="where the history of the run is kept")] = Path(
        "var/failover-history.jsonl"
    ),
) -> None:
    """Kill the primary PostgreSQL half way, let its synchronous standby take over, and check that nothing was lost.

    Leaves with 1 when a promise was broken. Makes and removes two servers of its own.
    """
    # Loaded when asked for: the command line must start fast.
    from invigil.app.faults.failover import run_failover  # noqa: PLC0415

    history.parent.mkdir(parents=True, exist_ok=True)
    report = asyncio.run(run_failover(history, seats=seats, seconds=minutes * 60, seed=seed))
    typer.echo(
        f"{report.acknowledged} 次已确认，其中 {report.acknowledged_after} 次在备库接管之后；接管后 {report.healed_s:.1f} 秒恢复保存；"
        f"丢失 {len(report.violations)}（0 lost is the promise）"
    )
    raise typer.Exit(1 if report.violations else 0)
