"""Why the file of an import was refused, in English as well; empty for what earlier releases refused."""

import sqlalchemy as sa
from alembic import op

revision = "3d9c55b1f804"
down_revision = "7e2f41d0a6c9"
branch_labels = None
depends_on = None
TABLES = ("candidates_import", "questions_import")


def upgrade() -> None:
    """Apply."""
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            # The default serves the release before, which runs beside this one for a moment and does not know the column.
            batch_op.add_column(sa.Column("refusal_en", sa.String(length=500), nullable=False, server_default=""))


def downgrade() -> None:
    """Undo."""
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("refusal_en")
