"""What jobs are called and say, in English as well; empty for jobs of earlier releases."""

import sqlalchemy as sa
from alembic import op

revision = "7e2f41d0a6c9"
down_revision = "c5b0a91d3e27"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("jobs_job", schema=None) as batch_op:
        # The default serves the release before, which runs beside this one for a moment and does not know the columns.
        batch_op.add_column(sa.Column("title_en", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("message_en", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("jobs_job", schema=None) as batch_op:
        batch_op.drop_column("message_en")
        batch_op.drop_column("title_en")
