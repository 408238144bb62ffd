"""`invigil serve`, `migrate`, `openapi`."""

import asyncio

import typer

from invigil.app.composition import load_keys
from invigil.platform.keys import KeyringError
from invigil.platform.settings import Settings


def serve() -> None:
    """Start the web process over HTTPS, with background jobs unless INVIGIL_RUNS_JOBS=false."""
    # Loaded when asked for: other commands need none of it.
    from invigil.app.serving import UnsafeDemoError, run_server  # noqa: PLC0415

    try:
        code = run_server(Settings())
    except (UnsafeDemoError, OSError) as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from fault
    raise typer.Exit(code)


def migrate() -> None:
    """Make or upgrade the database (SQLite or PostgreSQL); safe to run again.

    A step that seals records which stand there in clear needs the keyring; it says so when it cannot find it.
    """
    from invigil.app.migrating import upgrade  # noqa: PLC0415

    settings = Settings()
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    try:
        asyncio.run(upgrade(settings.database_url, lambda: load_keys(settings)))
    except KeyringError as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from fault
    typer.echo(f"数据库已是最新结构：{settings.database_url.rpartition('@')[2]}")
