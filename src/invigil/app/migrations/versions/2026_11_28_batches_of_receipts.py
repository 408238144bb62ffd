"""Receipts that were signed together carry a path to the root that was signed (ADR-0013)."""

import sqlalchemy as sa
from alembic import op

revision = "50872cf8392e"
down_revision = "01ebcc606377"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("answering_receipt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("path", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("answering_receipt", schema=None) as batch_op:
        batch_op.drop_column("path")
