"""Whoever can write the database can change the record, but not unseen: every single change is found (P11, I8).

The pure law is tested in tests/unit/base/test_audit_chain.py; here the rows themselves are changed, on both databases.
"""

# ruff: noqa: S608 - the changes are made of this file's own numbers and column names

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import pytest
from sqlalchemy import text

from invigil.base.audit.api import AuditCheckpoint, checkpoint, record, verify
from invigil.kernel.principals import Principal, PrincipalKind, Role
from invigil.platform.db import Transaction
from tests.world import World

LENGTH = 10
WHO = Principal(PrincipalKind.STAFF, "staff_1", "测试员", frozenset({Role.ADMINISTRATOR}))
OTHER_BYTES = "01" * 32


class _UndoError(Exception):
    """Leaves a transaction without committing it."""


async def _write_chain(world: World) -> list[AuditCheckpoint]:
    """Write a chain with two checkpoints and return them, as they are kept outside the database."""
    kept = []
    for number in range(1, LENGTH + 1):
        world.clock.advance(timedelta(seconds=1))
        async with world.ports.db.transaction() as tx:
            await record(tx, WHO, act="candidates.identity_number.unmask", on=f"cand_{number}", details={"n": number})
            if number in {LENGTH // 2, LENGTH}:
                made = await checkpoint(tx)
                assert made is not None
                kept.append(made)
    return kept


@asynccontextmanager
async def _undone(world: World) -> AsyncIterator[Transaction]:
    with suppress(_UndoError):
        async with world.ports.db.transaction() as tx:
            yield tx
            _undo()


def _undo() -> None:
    raise _UndoError


def _blob(dialect: str, hexadecimal: str) -> str:
    return f"X'{hexadecimal}'" if dialect == "sqlite" else f"'\\x{hexadecimal}'::bytea"


def _mutations(dialect: str) -> Iterator[str]:
    """Yield every single change that one statement can make to a chain of LENGTH records."""
    other = _blob(dialect, OTHER_BYTES)
    columns = {
        "at": "at + 1", "actor_kind": "'system'", "actor_id": "'staff_2'", "act": "'candidates.photo.view'",
        "subject_id": "'cand_99'", "details": "'{}'", "previous": other, "code": other,
    }  # fmt: skip
    for place in range(1, LENGTH + 1):
        for column, value in columns.items():
            yield f"UPDATE audit_record SET {column} = {value} WHERE position = {place}"
        yield f"DELETE FROM audit_record WHERE position = {place}"
        yield f"DELETE FROM audit_record WHERE position >= {place}"
        yield f"UPDATE audit_record SET position = {LENGTH + place} WHERE position = {place}"
        yield (
            f"INSERT INTO audit_record SELECT {LENGTH + place}, at, actor_kind, actor_id, act, subject_id, details, previous, code"
            f" FROM audit_record WHERE position = {place}"
        )
    for place in (LENGTH // 2, LENGTH):
        yield f"UPDATE audit_checkpoint SET code = {other} WHERE position = {place}"
        yield f"UPDATE audit_checkpoint SET at = at + 1 WHERE position = {place}"
        yield f"UPDATE audit_checkpoint SET signature = {other} WHERE position = {place}"
    yield "DELETE FROM audit_record"


async def test_every_single_change_is_found(world: World) -> None:
    kept = await _write_chain(world)
    async with world.ports.db.reading() as tx:
        assert await verify(tx, kept) == (LENGTH, [])
        dialect = tx.dialect
    unseen = []
    for mutation in _mutations(dialect):
        async with _undone(world) as tx:
            await tx.execute(text(mutation))
            if not (await verify(tx, kept))[1]:
                unseen.append(mutation)
    assert unseen == []


@pytest.mark.parametrize("first", range(1, LENGTH))
async def test_every_swap_of_two_neighbours_is_found(world: World, first: int) -> None:
    kept = await _write_chain(world)
    async with _undone(world) as tx:
        for old, new in ((first, 99), (first + 1, first), (99, first + 1)):
            await tx.execute(text(f"UPDATE audit_record SET position = {new} WHERE position = {old}"))
        assert (await verify(tx, kept))[1]


async def test_an_earlier_checkpoint_is_a_prefix_of_the_present_chain(world: World) -> None:
    kept = await _write_chain(world)
    await _write_chain(world)
    async with world.ports.db.reading() as tx:
        assert await verify(tx, kept) == (2 * LENGTH, [])


async def test_a_tail_cut_off_with_its_checkpoints_is_seen_from_outside_alone(world: World) -> None:
    kept = await _write_chain(world)
    async with _undone(world) as tx:
        for table in ("audit_record", "audit_checkpoint"):
            await tx.execute(text(f"DELETE FROM {table} WHERE position > {LENGTH // 2}"))
        assert (await verify(tx))[1] == []
        assert (await verify(tx, kept))[1]
