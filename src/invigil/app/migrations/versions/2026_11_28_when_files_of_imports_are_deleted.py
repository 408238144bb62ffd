"""When an import was over, and when its files were deleted by date."""

import sqlalchemy as sa
from alembic import op

from invigil.platform.db.schema import UtcInstant

revision = "b28132f2aeee"
down_revision = "b85e58811d55"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("candidates_import", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source_deleted_at", UtcInstant(), nullable=True))
    with op.batch_alter_table("questions_import", schema=None) as batch_op:
        batch_op.add_column(sa.Column("changed_at", UtcInstant(), nullable=True))
        batch_op.add_column(sa.Column("source_deleted_at", UtcInstant(), nullable=True))
    # The last change was not kept; counted from the upload it is at the earliest, and at most a day's work away.
    op.execute(sa.text("UPDATE questions_import SET changed_at = created_at"))
    with op.batch_alter_table("questions_import", schema=None) as batch_op:
        batch_op.alter_column("changed_at", existing_type=UtcInstant(), nullable=False)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("questions_import", schema=None) as batch_op:
        batch_op.drop_column("source_deleted_at")
        batch_op.drop_column("changed_at")
    with op.batch_alter_table("candidates_import", schema=None) as batch_op:
        batch_op.drop_column("source_deleted_at")
