"""`invigil serve`, `migrate`, `openapi`."""

import asyncio

import typer

from invigil.app.migrating import upgrade
from invigil.app.serving import run_server
from invigil.platform.settings import Settings


def serve() -> None:
    """Start the web process over HTTPS, with background jobs unless INVIGIL_RUNS_JOBS=false."""
    settings = Settings()
    run_server(settings)


def migrate() -> None:
    """Make or upgrade the database (SQLite or PostgreSQL); safe to run again."""
    settings = Settings()
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(upgrade(settings.database_url))
    typer.echo(f"数据库已是最新结构：{settings.database_url.rpartition('@')[2]}")
