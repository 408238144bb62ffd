"""Photos: the quality report, what is kept and how, who looks (S2.2, P15)."""

import io
import os
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance

from invigil.app.sample.candidates import draw_portrait, make_people, write_photo_archive
from tests.integration.prepare.candidates.desk import Desk
from tests.world import World


@pytest.fixture
async def desk(world: World) -> Desk:
    return await Desk.open(world)


def archive_of(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def jpeg(picture: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", **options)
    return out.getvalue()


def portrait(seed: int) -> Image.Image:
    return Image.open(io.BytesIO(draw_portrait(seed))).convert("RGB")


async def report(desk: Desk, files: dict[str, bytes]) -> tuple[dict[str, int], dict[str, list[str]]]:
    """Return the counts, and the findings' codes by the place of the file in the archive."""
    found = await desk.upload(archive_of(files), kind="photos", name="照片.zip")
    assert found["state"] == "ready", found
    items = (await desk.get(f"imports/{found['id']}/photos", page_size=200))["items"]
    assert all(finding["message_en"] for item in items for finding in item["findings"])
    kept = [name for name in files if not name.startswith(("__MACOSX", "."))]
    return found["counts"], {
        name: [finding["code"] for finding in item["findings"]] for name, item in zip(kept, items, strict=True)
    }


async def test_every_finding(desk: Desk) -> None:
    people = make_people(14)
    await desk.import_people(people)
    ids = [one.identity_number for one in people]
    same = draw_portrait(50)
    files = {
        f"照片/{ids[0]}.jpg": draw_portrait(0),
        f"照片/子目录/张三_{ids[1].lower()}.JPEG": draw_portrait(1),
        f"{ids[2]}.png": b"not a picture",
        f"{ids[3]}.jpg": jpeg(portrait(3).resize((90, 120))),
        f"{ids[4]}.jpg": jpeg(portrait(4).crop((0, 0, 358, 300)), quality=95),
        f"{ids[5]}.jpg": same,
        f"{ids[6]}.jpg": same,
        f"{ids[7]}.jpg": jpeg(ImageEnhance.Brightness(portrait(7)).enhance(0.25)),
        f"{ids[8]}.jpg": jpeg(Image.new("RGB", (358, 478), "white")),
        f"副本/{ids[0]}.png": draw_portrait(99),
        "110101199003070010.jpg": draw_portrait(10),
        "合影.jpg": draw_portrait(11),
        f"{ids[9]}.txt": b"text",
        f"{ids[10]}.jpg": draw_portrait(12)[:3000],
        "__MACOSX/._x.jpg": b"junk",
    }
    counts, codes = await report(desk, files)
    assert list(codes.values()) == [
        [], [], ["unreadable"], ["too_small"], ["wrong_ratio"], ["same_picture"], ["same_picture"], ["too_dark"], ["blank"],
        ["several_files"], ["unmatched"], ["no_identity"], ["not_a_picture"], ["unreadable"],
    ]  # fmt: skip
    assert (counts["files"], counts["accepted"], counts["warned"], counts["refused"]) == (14, 4, 2, 10)
    assert counts["still_missing"] == 14 - 4


async def test_a_file_is_told_apart_by_its_place_its_person_and_its_size(desk: Desk) -> None:
    people = make_people(2)
    await desk.import_people(people)
    files = {
        f"{people[0].identity_number}.jpg": draw_portrait(0),
        f"{people[1].identity_number}.jpg": jpeg(portrait(1).resize((90, 120))),
        "合影.jpg": draw_portrait(2),
    }
    found = await desk.upload(archive_of(files), kind="photos")
    where = f"imports/{found['id']}/photos"
    items = (await desk.get(where))["items"]
    assert [(one["number"], one["names"]) for one in items] == [(1, [people[0].name]), (2, [people[1].name]), (3, [])]
    assert [(one["width"], one["height"]) for one in items] == [portrait(0).size, (90, 120), (0, 0)]
    # The place stays the file's own in a narrowed list.
    assert [one["number"] for one in (await desk.get(where, is_accepted=False))["items"]] == [2, 3]


async def test_confirmed_photos_are_encoded_anew_and_shown_only_with_a_record(desk: Desk) -> None:
    people = make_people(2)
    await desk.import_people(people)
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    large = portrait(0).resize((1500, 2000))
    archive = archive_of({f"{people[0].identity_number}.jpg": jpeg(large, exif=exif)})
    found = await desk.upload(archive, kind="photos")
    assert not any(one["has_photo"] for one in await desk.people())
    written = await desk.confirm(found["id"])
    assert (written["state"], written["counts"]["written"]) == ("written", 1)
    (one,) = await desk.people(has_photo=True)
    answer = await desk.who.get(f"/api/candidates/{one['id']}/photo")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.headers["cache-control"] == "no-store"
    assert b"SecretCamera" not in answer.content
    shown = Image.open(io.BytesIO(answer.content))
    assert shown.size == (480, 640)
    assert not shown.getexif()
    assert [act.on for act in await desk.acts("candidates.photo.view")] == [one["id"]]
    (other,) = await desk.people(has_photo=False)
    missing = await desk.who.get(f"/api/candidates/{other['id']}/photo")
    assert (missing.status_code, missing.json()["code"]) == (404, "candidates.photo_missing")


async def test_replaced_and_discarded_photos_leave_nothing_behind(desk: Desk) -> None:
    people = await desk.import_sample(3)
    blobs = desk.world.ports.blobs
    first = await blobs.list("candidates/photos")
    found = await desk.upload(archive_of({f"{people[0].identity_number}.jpg": draw_portrait(77)}), kind="photos")
    assert len(await blobs.list("candidates/photos")) == 4
    await desk.who.post(f"/api/candidates/imports/{found['id']}/discard")
    assert await blobs.list("candidates/photos") == first
    found = await desk.upload(archive_of({f"{people[0].identity_number}.jpg": draw_portrait(77)}), kind="photos")
    await desk.confirm(found["id"])
    now = await blobs.list("candidates/photos")
    assert len(now) == 3
    assert len(set(now) & set(first)) == 2
    assert not [key for key in await blobs.list("candidates/imports") if found["id"] in key and key.endswith("source")]


async def test_picture_bomb_spoils_only_itself(desk: Desk) -> None:
    people = make_people(5)
    await desk.import_people(people)
    files = {f"{one.identity_number}.jpg": draw_portrait(n) for n, one in enumerate(people)}
    files[f"{people[2].identity_number}.jpg"] = png_bomb()
    counts, codes = await report(desk, files)
    assert (counts["accepted"], codes[f"{people[2].identity_number}.jpg"]) == (4, ["unreadable"])


def png_bomb() -> bytes:
    """A few kilobytes that say they are 60,000 × 60,000 pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + bytes(17)])
async def test_archives_that_cannot_be_read(desk: Desk, content: bytes) -> None:
    found = await desk.upload(content, kind="photos")
    assert found["state"] == "refused"
    assert "压缩" in found["refusal"]


async def test_whole_sample_is_accepted(desk: Desk) -> None:
    people = make_people(30)
    await desk.import_people(people)
    found = await desk.upload(write_photo_archive(people), kind="photos")
    assert (found["counts"]["accepted"], found["counts"]["warned"], found["counts"]["refused"]) == (30, 0, 0)


FACES = Path(__file__).parents[5] / "shared" / "data" / "faces" / "dev"


@pytest.fixture
def real_pictures() -> list[tuple[str, bytes]]:
    """Suffix and content of some real pictures; they carry no licence to be copied into the project."""
    if not FACES.is_dir():
        if os.environ.get("CI"):
            pytest.fail("the real face pictures must be there in CI")
        pytest.skip("no real face pictures on this machine")
    paths = sorted(path for path in FACES.rglob("*") if path.suffix.lower() in {".jpg", ".jpeg", ".png"})
    return [(path.suffix, path.read_bytes()) for path in paths[::15]]


async def test_real_pictures_are_measured_without_a_fault(desk: Desk, real_pictures: list[tuple[str, bytes]]) -> None:
    people = make_people(len(real_pictures))
    await desk.import_people(people)
    pairs = zip(people, real_pictures, strict=True)
    counts, codes = await report(desk, {f"{one.identity_number}{suffix}": content for one, (suffix, content) in pairs})
    assert counts["files"] == len(real_pictures)
    assert not {"unreadable", "blank", "same_picture"} & {code for found in codes.values() for code in found}


async def test_picture_saved_again_for_another_person_is_told(desk: Desk) -> None:
    people = make_people(3)
    await desk.import_people(people)
    again = jpeg(portrait(0), quality=60)
    names = [f"{one.identity_number}.jpg" for one in people]
    _, codes = await report(desk, dict(zip(names, (draw_portrait(0), again, draw_portrait(1)), strict=True)))
    assert list(codes.values()) == [["similar_picture"], ["similar_picture"], []]
