"""One Alembic history for SQLite and PostgreSQL."""

import asyncio
from collections.abc import Callable

from alembic import command
from alembic.config import Config

from invigil.app.installation import MIGRATIONS
from invigil.platform.keys import Keys


def alembic_config(database_url: str) -> Config:
    """Return Alembic's configuration for this database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    return config


async def upgrade(database_url: str, load_keys: Callable[[], Keys] | None = None) -> None:
    """Bring the database to the newest schema; nothing happens when it is there already.

    load_keys: called only when a step must seal records that are there; fresh databases need no key.
    Raises: KeyringError - such a step cannot have the keys; the database stays as it was.
    """
    config = alembic_config(database_url)
    config.attributes["load_keys"] = load_keys
    await asyncio.to_thread(command.upgrade, config, "head")
