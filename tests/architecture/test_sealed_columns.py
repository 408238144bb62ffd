"""Every column of bytes either says what opens it, or is known to need no sealing: none can be forgotten (P9)."""

from sqlalchemy import Column, LargeBinary, MetaData, Table

import invigil.app.features
import invigil.app.installation  # noqa: F401 - declares its table
from invigil.platform.db import Sealed, list_sealed_columns, metadata

# Bytes that are no ciphertext of `Keys.seal`, and why they may stand so.
UNSEALED = {
    # Signed and given to its owner, to be verified by anybody offline; names nobody but by id.
    "answering_receipt.statement",
    "answering_receipt.signature",
    "answering_receipt.path",
    "audit_checkpoint.signature",
    "rooms_confirmation.signature",
    # Ciphertext under the paper set's own key, which is sealed in papers_set.key.
    "papers_paper.body",
}
# SHA-256 and HMAC-SHA-256: digests, codes, blind indexes.
DIGEST_BYTES = 32


def find_undeclared(tables: MetaData) -> set[str]:
    """Return the columns of bytes that nobody has thought about."""
    return {
        f"{table.name}.{column.name}"
        for table in tables.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary) and column.type.length != DIGEST_BYTES
    } - UNSEALED


def test_every_column_of_bytes_is_declared() -> None:
    assert find_undeclared(metadata) == set()


def test_an_undeclared_column_would_be_found() -> None:
    tables = MetaData()
    Table("feature_thing", tables, Column("secret", LargeBinary), Column("digest", LargeBinary(32)))
    assert find_undeclared(tables) == {"feature_thing.secret"}


def test_the_list_of_unsealed_columns_only_shrinks() -> None:
    there = {f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns}
    assert there >= UNSEALED


def test_every_place_is_made_of_the_rows_own_key() -> None:
    """What a ciphertext is bound to must not change, and must be another one in every row."""
    for table, column, sealed in list_sealed_columns(metadata):
        key = {one.name: f"<{one.name}>" for one in table.primary_key}
        place = sealed.place_of(key)
        assert all(part in place for part in key.values()), f"{table.name}.{column.name}"


def test_a_purpose_belongs_to_one_feature() -> None:
    for table, _, sealed in list_sealed_columns(metadata):
        assert sealed.purpose.partition(".")[0] == table.name.partition("_")[0]


def test_the_type_says_where_a_cell_stands() -> None:
    assert Sealed("a.b", "t/b/{x}/{y}").place_of({"x": "1", "y": 2, "z": 3}) == "t/b/1/2"
