"""Whether a member of staff has chosen their password themselves; passwords set before count as their own."""

import sqlalchemy as sa
from alembic import op

revision = "a4417be2c0d6"
down_revision = "3d9c55b1f804"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("accounts_staff", schema=None) as batch_op:
        # The default serves the release before, which runs beside this one for a moment and does not know the column.
        batch_op.add_column(
            sa.Column("has_own_password", sa.Boolean(create_constraint=False), nullable=False, server_default=sa.true())
        )


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("accounts_staff", schema=None) as batch_op:
        batch_op.drop_column("has_own_password")
