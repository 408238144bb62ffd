"""A set's material: sealed at rest, opened in memory for as long as it is needed."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

from invigil.kernel.canonical import digest_canonical
from invigil.platform.db import Transaction
from invigil.platform.keys import derive_key, open_with, seal_with
from invigil.prepare.papers.model import Blueprint, Material, PaperSet, Pool, PoolQuestion, QuestionType
from invigil.prepare.papers.rules.refusals import PaperSetNotFound, PaperSetNotGenerated
from invigil.prepare.papers.service.bank import Documents, open_contents
from invigil.prepare.papers.store.sets import find_set, read_material

SEED_PURPOSE, KEY_PURPOSE = "papers.seed", "papers.key"
NONCE_BYTES = 12
# Locked sets and question versions never change, so every process may keep what it has opened: at T0 - 30 min
# 50,000 candidates fetch papers of a handful of sets.
_SETS_KEPT, _CONTENTS_KEPT = 16, 20_000
_opened: OrderedDict[str, tuple[Blueprint, Material]] = OrderedDict()
_contents: OrderedDict[str, Mapping[str, Any]] = OrderedDict()


def seal_seed(tx: Transaction, paper_set_id: str, seed: bytes) -> bytes:
    """Seal the seed of a set."""
    return tx.keys.seal(seed, purpose=SEED_PURPOSE, bound_to=f"papers_set/seed/{paper_set_id}")


def seal_key(tx: Transaction, paper_set_id: str, key: bytes) -> bytes:
    """Seal (wrap) the key of a set."""
    return tx.keys.seal(key, purpose=KEY_PURPOSE, bound_to=f"papers_set/key/{paper_set_id}")


async def open_set(tx: Transaction, paper_set_id: str) -> tuple[Blueprint, Material]:
    """Return what a set's papers are made of; of a locked set from memory, without a read.

    Raises: PaperSetNotFound; PaperSetNotGenerated.
    """
    if (kept := _opened.get(paper_set_id)) is not None:
        return kept
    paper_set = await find_set(tx, paper_set_id)
    if paper_set is None:
        raise PaperSetNotFound
    return paper_set.blueprint, await open_material(tx, paper_set)


async def open_material(tx: Transaction, paper_set: PaperSet) -> Material:
    """Return what the set's papers are dealt from.

    Raises: PaperSetNotGenerated.
    """
    if (kept := _opened.get(paper_set.id)) is not None:
        return kept[1]
    sealed = await read_material(tx, paper_set.id)
    if sealed is None:
        raise PaperSetNotGenerated
    material = Material(
        seed=tx.keys.open(sealed.seed, purpose=SEED_PURPOSE, bound_to=f"papers_set/seed/{paper_set.id}"),
        key=tx.keys.open(sealed.key, purpose=KEY_PURPOSE, bound_to=f"papers_set/key/{paper_set.id}"),
        pool=pool_of_document(sealed.pool),
        plan=sealed.plan,
    )
    if paper_set.is_locked:
        _opened[paper_set.id] = (paper_set.blueprint, material)
        if len(_opened) > _SETS_KEPT:
            _opened.popitem(last=False)
    return material


async def open_versions(tx: Transaction, version_ids: Iterable[str]) -> Documents:
    """Return what candidates see of these versions, from memory where possible."""
    wanted = list(version_ids)
    missing = [version_id for version_id in wanted if version_id not in _contents]
    loaded = await open_contents(tx, missing) if missing else {}
    _contents.update(loaded)
    found = {version_id: _contents[version_id] for version_id in wanted}
    while len(_contents) > _CONTENTS_KEPT:
        _contents.popitem(last=False)
    return found


def seal_body(key: bytes, place: str, body: bytes) -> bytes:
    """Encrypt a compact paper. place: of the row, see `place_of`."""
    nonce, ciphertext = seal_with(derive_key(key, "papers/rows"), body, additional=place.encode())
    return nonce + ciphertext


def open_body(key: bytes, place: str, sealed: bytes) -> bytes:
    """Decrypt a compact paper.

    Raises: CannotOpenError - changed, or moved from another row.
    """
    nonce, ciphertext = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    return open_with(derive_key(key, "papers/rows"), nonce, ciphertext, additional=place.encode())


def place_of(paper_set_id: str, candidate_id: str) -> str:
    """Return the place to which a row's ciphertext is bound."""
    return f"papers_paper/body/{paper_set_id}/{candidate_id}"


def document_of_pool(pool: Pool) -> list[list[Any]]:
    """Return the snapshot as JSON values."""
    return [[*question[:2], question.type.value, *question[3:5], list(question.option_counts)] for question in pool[0]]


def pool_of_document(document: Iterable[list[Any]]) -> Pool:
    """Return the snapshot that `document_of_pool` wrote."""
    return Pool(
        tuple(
            PoolQuestion(version_id, question_id, QuestionType(kind), area, difficulty, tuple(counts))
            for version_id, question_id, kind, area, difficulty, counts in document
        )
    )


def digest_of_pool(pool: Pool) -> str:
    """Return the hexadecimal SHA-256 of the snapshot."""
    return digest_canonical(document_of_pool(pool))
