"""seal corrections of grading runs.

Corrected keys stood as JSON in clear. The column is filled anew with ciphertext, and what held the clear text is written
over: on SQLite by secure_delete and an emptied log, on PostgreSQL by writing the table anew.
"""

import sqlalchemy as sa
from alembic import context, op

from invigil.platform.keys import KeyringError

revision = "3f6a1c0d9b27"
down_revision = "745d1017ddbc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        op.execute(sa.text("PRAGMA secure_delete = ON"))
    # Before anything is changed: on SQLite what is done stays done, and this may refuse.
    sealed = _seal_all(connection)
    op.add_column("grading_run", sa.Column("sealed", sa.LargeBinary(), nullable=True))
    for run_id, ciphertext in sealed.items():
        connection.execute(
            sa.text("UPDATE grading_run SET sealed = :sealed WHERE id = :id"), {"sealed": ciphertext, "id": run_id}
        )
    with op.batch_alter_table("grading_run", schema=None) as batch_op:
        batch_op.drop_column("corrections")
        batch_op.alter_column("sealed", new_column_name="corrections", existing_type=sa.LargeBinary(), nullable=False)
    if not is_sqlite:
        # A rewriting ALTER: rows that VACUUM has not reached yet would keep the clear text.
        op.execute(sa.text("CLUSTER grading_run USING pk_grading_run"))


def _seal_all(connection: sa.Connection) -> dict[str, bytes]:
    rows = connection.execute(sa.text("SELECT id, corrections FROM grading_run")).all()
    if not rows:
        return {}
    load_keys = context.config.attributes.get("load_keys")
    if load_keys is None:
        raise KeyringError("升级需要密钥环，请用 invigil migrate 执行（this step seals records and needs the keyring）")
    keys = load_keys()
    return {
        run_id: keys.seal(
            corrections.encode(), purpose="grading.corrections", bound_to=f"grading_run/corrections/{run_id}"
        )
        for run_id, corrections in rows
    }
