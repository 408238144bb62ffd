"""One MetaData for every feature's tables, and the column types that mean the same on both engines."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Dialect, MetaData, Text
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class UtcInstant(TypeDecorator[datetime]):
    """An aware UTC instant, stored as whole microseconds since 1970: no zone to lose, the same order on both engines."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - given by SQLAlchemy
        """Turn the instant into microseconds; a naive one is a fault of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime given to the database")
        return to_microseconds(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 - given by SQLAlchemy
        """Turn microseconds into the instant."""
        return None if value is None else _EPOCH + timedelta(microseconds=int(value))


def to_microseconds(instant: datetime) -> int:
    """Return the number that UtcInstant stores, for statements written by hand."""
    return (instant - _EPOCH) // _MICROSECOND


class JsonDocument(TypeDecorator[Any]):
    """A JSON value kept as text, never queried inside."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:  # noqa: ANN401, ARG002 - given by SQLAlchemy
        """Write the value with sorted keys."""
        return None if value is None else msgspec.json.encode(value, order="sorted").decode()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any | None:  # noqa: ANN401, ARG002 - given by SQLAlchemy
        """Read the value."""
        return None if value is None else msgspec.json.decode(value)
