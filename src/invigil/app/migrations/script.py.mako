"""${message}."""

import sqlalchemy as sa
from alembic import op

from invigil.platform.db import JsonDocument, UtcInstant  # noqa: F401 - some revisions need them

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Undo."""
    ${downgrades if downgrades else "pass"}
