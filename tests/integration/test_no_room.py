"""While the disk is nearly full, staff are told to wait, candidates go on, and reading goes on (F5)."""

import pytest

from invigil.kernel.principals import Role
from invigil.platform.blobs import BlobMissingError
from invigil.platform.room import FILE, NoRoom
from tests.world import World

NEW_EXAM = {"code": "E1", "title_zh": "考核", "title_en": "Examination"}


def _use_up(world: World) -> None:
    """Leave the installation as it is once the reserve was given back."""
    (world.ports.settings.data_folder / FILE).touch()


async def test_writes_that_no_sitting_needs_wait(world: World) -> None:
    admin = await world.staff(Role.ADMINISTRATOR)
    _use_up(world)
    refused = await admin.post("/api/exams", json=NEW_EXAM)
    assert (refused.status_code, refused.json()["code"]) == (507, "platform.no_room")
    assert (await admin.get("/api/exams")).status_code == 200
    (world.ports.settings.data_folder / FILE).unlink()
    assert (await admin.post("/api/exams", json=NEW_EXAM)).status_code != 507


@pytest.mark.parametrize("path", ["/api/candidate/login", "/api/staff/login", "/api/sit/save", "/api/sit/hand-in"])
async def test_what_a_sitting_needs_goes_on(world: World, path: str) -> None:
    _use_up(world)
    assert (await world.anonymous().post(path, json={})).status_code not in (500, 507)


async def test_files_wait(world: World) -> None:
    _use_up(world)
    with pytest.raises(NoRoom):
        await world.ports.blobs.put("a/b", b"content")
    with pytest.raises(BlobMissingError):
        await world.ports.blobs.get("a/b")
