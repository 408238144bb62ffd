"""Columns of ciphertext say what opens them, so that every one of them can be found and sealed anew."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Column, LargeBinary, MetaData, Table
from sqlalchemy.types import TypeDecorator


class Sealed(TypeDecorator[bytes]):
    """Ciphertext of `Keys.seal`.

    purpose: as given to `Keys.seal`. place: the same for `bound_to`, with the names of the row's columns in braces,
    e.g. "rooms_relative/name/{id}". only: (column, value) of the rows in which this column is ciphertext at all.
    An empty value is not ciphertext: the row has none yet.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, purpose: str, place: str, *, only: tuple[str, str] | None = None) -> None:
        super().__init__()
        self.purpose = purpose
        self.place = place
        self.only = only

    def place_of(self, row: Mapping[str, Any]) -> str:
        """Return the place to which the cell of this row is bound; `row` has the columns that `place` names."""
        return self.place.format_map(row)


class SealedColumn(NamedTuple):
    """One declared column of ciphertext with its table."""

    table: Table
    column: Column[bytes]
    sealed: Sealed


def list_sealed_columns(metadata: MetaData) -> Iterator[SealedColumn]:
    """Yield every declared column of ciphertext, tables in the order of their names."""
    for name in sorted(metadata.tables):
        table = metadata.tables[name]
        for column in table.columns:
            if isinstance(column.type, Sealed):
                yield SealedColumn(table, column, column.type)
