"""Importing over HTTP: upload, preview, adjust, confirm; and what is refused."""

import io
import zipfile
from datetime import timedelta

import pytest
from PIL import Image

from invigil.app.sample.questions import FOLDER, read_sample_files
from invigil.kernel.principals import SYSTEM, Role
from invigil.prepare.questions.api import add_parsed, list_pool, load_contents, load_medium, media_of_parts
from invigil.prepare.questions.importing.template import EXAMPLES, write_template
from tests.integration.prepare.questions.conftest import run_jobs, single, upload
from tests.unit.prepare.questions.realistic import ROWS, workbook
from tests.world import Person, World

TEXT = """一、单选题
1、安全色中表示禁止的是（ A ）。
A、红 B、黄 C、蓝 D、绿
难度：1 知识点：标志
2、没有答案的题（ ）
A、甲 B、乙
谁知道这是什么
二、判断题
1、酒后可以登高作业。（×）
与考试无关的一行
""".encode()


async def _import(person: Person, import_id: str) -> dict[str, object]:
    answer = await person.get(f"/api/questions/imports/{import_id}")
    found: dict[str, object] = answer.json()
    return found


async def test_text_goes_through_preview_into_the_bank(administrator: Person, world: World) -> None:
    started = await upload(
        administrator, TEXT, "%E9%A2%98.txt", "?subject=C2&subject=B&knowledge_area=%E7%BB%BC%E5%90%88"
    )
    assert (started["state"], started["file_name"]) == ("reading", "题.txt")
    await run_jobs(world)
    found = await _import(administrator, started["id"])
    assert found["state"] == "ready"
    assert found["counts"] == {
        "questions": 3, "included": 3, "doubtful": 1, "problems": 1, "included_problems": 1, "duplicates": 0, "written": 0,
        "unplaced_lines": 1, "media": 0,
    }  # fmt: skip

    items = (await administrator.get(f"/api/questions/imports/{started['id']}/items")).json()["items"]
    assert [item["question"]["knowledge_area"] for item in items] == ["标志", "综合", "综合"]
    assert items[0]["question"]["subject_codes"] == ["B", "C2"]
    assert [doubt["code"] for doubt in items[1]["doubts"]] == ["no_answer"]
    assert items[1]["lines"] == [5, 6, 7]

    early = await administrator.post(f"/api/questions/imports/{started['id']}/confirm")
    assert early.json()["code"] == "questions.import.has_problems"
    mended = items[1]["question"] | {"answer": {"choices": ["B"]}}
    adjusted = await administrator.put(f"/api/questions/imports/{started['id']}/items/2", json={"question": mended})
    assert (adjusted.json()["problems"], adjusted.json()["is_adjusted"]) == ([], True)
    await administrator.put(f"/api/questions/imports/{started['id']}/items/3", json={"is_included": False})
    assert (await administrator.post(f"/api/questions/imports/{started['id']}/confirm")).status_code == 202
    await run_jobs(world)
    assert (await _import(administrator, started["id"]))["state"] == "written"
    page = (await administrator.get("/api/questions?sort=created_at")).json()
    assert sorted(item["summary"] for item in page["items"]) == ["安全色中表示禁止的是（ ）。", "没有答案的题（ ）"]

    again = await upload(administrator, TEXT, query="?subject=B&knowledge_area=x")
    await run_jobs(world)
    items = (await administrator.get(f"/api/questions/imports/{again['id']}/items?only=duplicates")).json()["items"]
    assert [(item["position"], item["is_included"], item["twins"][0]["percent"]) for item in items] == [
        (1, False, 100),
        (2, False, 100),
    ]


async def test_lines_say_what_became_of_each(administrator: Person, world: World) -> None:
    started = await upload(administrator, "题库\n\n一、单选题\n1、甲（A）\nA、一 B、二\n".encode())
    await run_jobs(world)
    lines = (await administrator.get(f"/api/questions/imports/{started['id']}/lines")).json()["items"]
    assert [line["use"] for line in lines] == ["unplaced", None, "heading", "question", "question"]
    only = (await administrator.get(f"/api/questions/imports/{started['id']}/lines?use=unplaced")).json()
    assert [(line["text"], line["note_en"]) for line in only["items"]] == [("题库", "Text before the first question.")]


async def test_missing_classification_is_filled_in_bulk(administrator: Person, world: World) -> None:
    started = await upload(administrator, TEXT)
    await run_jobs(world)
    assert (await _import(administrator, started["id"]))["counts"]["problems"] == 3  # type: ignore[index]
    form = {"subject_codes": ["C1", "A"], "knowledge_area": "安全标志"}
    filled = (await administrator.post(f"/api/questions/imports/{started['id']}/fill", json=form)).json()
    assert filled["counts"]["problems"] == 1
    items = (await administrator.get(f"/api/questions/imports/{started['id']}/items")).json()["items"]
    assert [item["question"]["knowledge_area"] for item in items] == ["标志", "安全标志", "安全标志"]


async def test_the_template_imports_as_it_stands(administrator: Person, world: World) -> None:
    template = (await administrator.get("/api/questions/template")).content
    assert template[:2] == b"PK"
    started = await upload(administrator, write_template(), "t.xlsx")
    await run_jobs(world)
    counts = (await _import(administrator, started["id"]))["counts"]
    assert counts == {
        "questions": len(EXAMPLES) - 2, "included": 5, "doubtful": 0, "problems": 0, "included_problems": 0, "duplicates": 0,
        "written": 0, "unplaced_lines": 0, "media": 0,
    }  # fmt: skip


async def test_a_zip_brings_its_media(administrator: Person, world: World) -> None:
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.write(FOLDER / "08_fire.txt", "题/消防.txt")
        for name in ("no_fire.png", "extinguisher.png", "evacuation.mp3"):
            archive.write(FOLDER / "media" / name, f"题/media/{name}")
    started = await upload(administrator, bundle.getvalue(), "b.zip")
    await run_jobs(world)
    found = await _import(administrator, started["id"])
    assert (found["counts"]["media"], found["counts"]["doubtful"]) == (3, 0)  # type: ignore[index]
    await administrator.post(f"/api/questions/imports/{started['id']}/confirm")
    await run_jobs(world)
    (head,) = (await administrator.get("/api/questions?q=听录音")).json()["items"]
    question = (await administrator.get(f"/api/questions/{head['id']}")).json()["question"]
    (audio,) = [block for block in question["blocks"] if block["kind"] == "audio"]
    assert (audio["media_type"], audio["play_limit"], audio["alt"][:4]) == ("audio/mpeg", 3, "疏散广播")
    medium = await administrator.get(f"/api/questions/media/{audio['blob']}")
    assert medium.content == (FOLDER / "media" / "evacuation.mp3").read_bytes()
    assert medium.headers["x-content-type-options"] == "nosniff"


async def test_discarding_leaves_nothing(administrator: Person, world: World) -> None:
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.writestr("q.txt", "单选题\n1、看图【图片：a.png】（A）\nA、一 B、二\n")
        archive.writestr("a.png", _picture())
    started = await upload(administrator, bundle.getvalue())
    await run_jobs(world)
    assert await world.ports.blobs.list("questions")
    discarded = await administrator.post(f"/api/questions/imports/{started['id']}/discard")
    assert discarded.json()["state"] == "discarded"
    assert await world.ports.blobs.list("questions") == []
    twice = await administrator.post(f"/api/questions/imports/{started['id']}/discard")
    assert (twice.status_code, twice.json()["code"]) == (409, "questions.import.not_in_state")
    confirmed = await administrator.post(f"/api/questions/imports/{started['id']}/confirm")
    assert confirmed.status_code == 409


async def test_an_old_word_file_is_refused_with_a_sentence(administrator: Person, world: World) -> None:
    started = await upload(administrator, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old.doc")
    await run_jobs(world)
    found = await _import(administrator, started["id"])
    assert found["state"] == "refused"
    assert "另存为 .docx" in str(found["refusal"])
    assert "save it as .docx" in str(found["refusal_en"])
    items = await administrator.get(f"/api/questions/imports/{started['id']}/lines")
    assert items.json()["code"] == "questions.import.not_in_state"


async def test_a_file_that_breaks_its_reader_is_refused(administrator: Person, world: World) -> None:
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w><body>" + b"<r>" * 60_000 + b"</r>" * 60_000 + b"</body></w>")
    started = await upload(administrator, bundle.getvalue(), "deep.docx")
    await run_jobs(world)
    found = await _import(administrator, started["id"])
    assert found["state"] == "refused"
    assert found["refusal"]


async def test_the_sample_bank_seeds_the_pool(world: World) -> None:
    files = read_sample_files()
    total = await add_parsed(world.ports, SYSTEM, files)
    assert total == sum(len(parsed.questions) for parsed in files)
    async with world.ports.db.reading() as tx:
        pool = {
            entry.question_version_id for code in ("A", "B", "C1", "C2", "C3") for entry in await list_pool(tx, code)
        }
        assert len(pool) == total
        contents = await load_contents(tx, sorted(pool))
        media = {one for content in contents.values() for one in media_of_parts((content, *content.sub_questions))}
        types = {(await load_medium(tx, world.ports, one))[0] for one in media}
    assert (len(media), types) == (12, {"image/png", "audio/mpeg", "video/webm"})


async def test_a_medium_that_is_not_there_keeps_its_question_out(administrator: Person, world: World) -> None:
    text = "判断题\n1、看图【图片：gone.png】，说法正确。（√）\n知识点：标志\n科目：A\n"
    started = await upload(administrator, text.encode())
    await run_jobs(world)
    path = f"/api/questions/imports/{started['id']}"
    (item,) = (await administrator.get(f"{path}/items?only=problems")).json()["items"]
    assert [problem["code"] for problem in item["problems"]] == ["medium_missing"]
    assert (await administrator.post(f"{path}/confirm")).json()["code"] == "questions.import.has_problems"
    sent = (await administrator.post("/api/questions/uploads/media", content=_picture())).json()
    question = item["question"]
    block = next(block for block in question["blocks"] if block["kind"] == "picture")
    for kind, code in (("audio", ["medium_mismatch"]), ("picture", [])):
        block |= {"blob": sent["id"], "kind": kind}
        adjusted = (await administrator.put(f"{path}/items/1", json={"question": question})).json()
        assert [problem["code"] for problem in adjusted["problems"]] == code
    assert (await administrator.post(f"{path}/confirm")).status_code == 202
    await run_jobs(world)
    assert (await _import(administrator, started["id"]))["state"] == "written"


async def test_kept_media_can_be_found_again_by_kind(world: World) -> None:
    administrator, official = await world.staff(Role.ADMINISTRATOR), await world.staff(Role.BOARD_OFFICIAL)
    first = (await administrator.post("/api/questions/uploads/media", content=_picture())).json()
    world.clock.advance(timedelta(seconds=1))
    second = (await administrator.post("/api/questions/uploads/media", content=_picture())).json()
    found = (await administrator.get("/api/questions/media?kind=image&page_size=1")).json()
    assert (found["total"], [one["id"] for one in found["items"]]) == (2, [second["id"]])
    (older,) = (await administrator.get("/api/questions/media?kind=image&page=2&page_size=1")).json()["items"]
    assert {name: older[name] for name in first} == first
    assert (await administrator.get("/api/questions/media?kind=audio")).json()["total"] == 0
    assert (await official.get("/api/questions/media?kind=image")).status_code == 403
    assert (await world.anonymous().get("/api/questions/media?kind=image")).status_code == 401


async def test_unknown_imports_and_items(administrator: Person, world: World) -> None:
    assert (await administrator.get("/api/questions/imports/qimp_none")).json()["code"] == "questions.import.not_found"
    started = await upload(administrator, "题库名称\n".encode())
    await run_jobs(world)
    missing = await administrator.put(f"/api/questions/imports/{started['id']}/items/7", json={"is_included": True})
    assert missing.json()["code"] == "questions.import.item_not_found"
    empty = await administrator.post(f"/api/questions/imports/{started['id']}/confirm")
    assert empty.json()["code"] == "questions.import.nothing"


async def test_media_uploads(administrator: Person) -> None:
    sent = await administrator.post("/api/questions/uploads/media", content=_picture(size=(3000, 10)))
    assert (sent.status_code, sent.json()["media_type"]) == (201, "image/png")
    got = await administrator.get(f"/api/questions/media/{sent.json()['id']}")
    with Image.open(io.BytesIO(got.content)) as shown:
        assert shown.size == (2000, 7)
    video = await administrator.post(
        "/api/questions/uploads/media", content=(FOLDER / "media" / "crane.webm").read_bytes()
    )
    assert video.json()["media_type"] == "video/webm"
    block = {"kind": "picture", "blob": sent.json()["id"], "alt": "图"}
    created = await administrator.post("/api/questions", json=single(blocks=[{"kind": "text", "html": "看图"}, block]))
    assert created.status_code == 201
    wrong = single(blocks=[{"kind": "audio", "blob": sent.json()["id"]}, {"kind": "picture", "blob": "media_none"}])
    refused = await administrator.post("/api/questions", json=wrong)
    assert refused.json()["code"] == "questions.media.mismatch"
    assert (await administrator.get("/api/questions/media/media_none")).json()["code"] == "questions.media.not_found"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "questions.media.not_accepted"),
        (b"MZ" + bytes(100), "questions.media.not_accepted"),
        (b"", "questions.media.not_accepted"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "questions.media.picture_unreadable"),
        (b"BM" + bytes(11 * 1024 * 1024), "questions.media.too_large"),
    ],
)
async def test_media_that_are_refused(administrator: Person, content: bytes, code: str) -> None:
    assert (await administrator.post("/api/questions/uploads/media", content=content)).json()["code"] == code


async def test_too_large_a_file_is_refused_at_once(administrator: Person) -> None:
    answer = await administrator.post("/api/questions/uploads/imports", content=bytes(101 * 1024 * 1024))
    assert (answer.status_code, answer.json()["code"]) == (413, "questions.upload_too_large")


def _picture(size: tuple[int, int] = (20, 10)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, "PNG")
    return out.getvalue()


async def test_a_row_that_was_hidden_comes_in_only_when_somebody_says_so(administrator: Person, world: World) -> None:
    content = workbook(ROWS, lambda _book, sheet: sheet.set_row(2, None, None, {"hidden": True}))
    started = await upload(administrator, content, "q.xlsx")
    await run_jobs(world)
    items = (await administrator.get(f"/api/questions/imports/{started['id']}/items")).json()["items"]
    assert [item["is_included"] for item in items] == [True, False, True]
    assert [one["code"] for one in items[1]["doubts"]] == ["row_hidden"]
    path = f"/api/questions/imports/{started['id']}/items/2"
    assert (await administrator.put(path, json={"is_included": True})).json()["is_included"] is True
