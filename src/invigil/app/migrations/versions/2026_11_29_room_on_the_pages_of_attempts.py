"""Room on PostgreSQL's pages of attempts, so that ending one writes no index; for rows written from now on."""

import sqlalchemy as sa
from alembic import op

revision = "c5b0a91d3e27"
down_revision = "b28132f2aeee"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text("ALTER TABLE answering_attempt SET (fillfactor = 50)"))


def downgrade() -> None:
    """Undo."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text("ALTER TABLE answering_attempt RESET (fillfactor)"))
