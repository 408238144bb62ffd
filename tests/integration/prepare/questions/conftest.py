"""Questions to write, and ways to run what waits."""

from typing import Any

import pytest

from invigil.kernel.principals import Role
from invigil.platform.jobs.execution import run_queued
from tests.world import Person, World


def single(stem: str = "进入施工现场必须佩戴（　）。", **changes: Any) -> dict[str, Any]:
    """Return a complete single-choice question as a document."""
    options = [
        {"key": key, "blocks": [text(words)]} for key, words in zip("ABC", ("安全帽", "草帽", "礼帽"), strict=True)
    ]
    plain = {
        "type": "single",
        "blocks": [text(stem)],
        "options": options,
        "answer": {"choices": ["A"]},
        "explanation": [text("头部防护。")],
        "subject_codes": ["B", "C2"],
        "knowledge_area": "个体防护",
        "difficulty": 2,
        "source": "自编",
    }
    return plain | changes


def text(html: str) -> dict[str, Any]:
    """Return a text block."""
    return {"kind": "text", "html": html}


@pytest.fixture
async def administrator(world: World) -> Person:
    """Somebody who may work on the bank."""
    return await world.staff(Role.ADMINISTRATOR)


async def upload(person: Person, content: bytes, name: str = "q.txt", query: str = "") -> dict[str, Any]:
    """Upload a file of questions and return the import."""
    answer = await person.post(f"/api/questions/uploads/imports{query}", content=content, headers={"x-file-name": name})
    assert answer.status_code == 202, answer.text
    imported: dict[str, Any] = answer.json()
    return imported


async def run_jobs(world: World) -> None:
    """Carry out what is queued."""
    await run_queued(world.ports)
