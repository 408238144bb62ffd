"""How often each sound or film of an attempt was played."""

import sqlalchemy as sa
from alembic import op

revision = "b85e58811d55"
down_revision = "e24290c4eae2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "answering_play",
        sa.Column("attempt_id", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("play_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", "place", name=op.f("pk_answering_play")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("answering_play")
