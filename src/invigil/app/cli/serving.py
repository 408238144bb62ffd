"""`invigil serve`, `migrate`, `openapi`."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from invigil.app.composition import build_ports
from invigil.app.migrating import upgrade
from invigil.app.serving import run_server
from invigil.app.web import create_app
from invigil.platform.keys import Keys
from invigil.platform.keys.keyring import new_material
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


def openapi(path: Annotated[Path | None, typer.Argument(help="where to write; default: print")] = None) -> None:
    """Write the management interface's OpenAPI document, from which the console's client is generated."""
    app = create_app(build_ports(Settings(), Keys(new_material())))
    text = json.dumps(app.openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if path is None:
        typer.echo(text, nl=False)
    else:
        path.write_text(text)
