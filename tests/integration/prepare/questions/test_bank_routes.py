"""The bank over HTTP, on both databases."""

import pytest
from sqlalchemy import text as sql

from invigil.kernel.principals import Role
from invigil.prepare.questions.api import QuestionType, list_pool, load_answer_keys, load_contents
from tests.integration.prepare.questions.conftest import run_jobs, single, text
from tests.world import Person, World


async def _create(person: Person, document: dict[str, object]) -> str:
    answer = await person.post("/api/questions", json=document)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_create_read_change_and_history(administrator: Person) -> None:
    question_id = await _create(administrator, single())
    read = (await administrator.get(f"/api/questions/{question_id}")).json()
    assert read["version_number"] == 1
    assert read["question"]["answer"]["choices"] == ["A"]
    assert read["question"]["explanation"][0]["html"] == "头部防护。"

    changed = single("进入施工现场应当佩戴（　）。", difficulty=1)
    edit = await administrator.put(f"/api/questions/{question_id}", json={"based_on": 1, "question": changed})
    assert edit.json() == {"id": question_id, "version_number": 2}
    late = await administrator.put(f"/api/questions/{question_id}", json={"based_on": 1, "question": changed})
    assert (late.status_code, late.json()["code"]) == (409, "questions.changed")

    versions = (await administrator.get(f"/api/questions/{question_id}/versions")).json()
    assert [version["number"] for version in versions] == [2, 1]
    first = (await administrator.get(f"/api/questions/{question_id}/versions/1")).json()
    assert (first["question"]["difficulty"], first["current_version_number"]) == (2, 2)
    missing = await administrator.get(f"/api/questions/{question_id}/versions/9")
    assert (missing.status_code, missing.json()["code"]) == (404, "questions.not_found")


async def test_text_is_sanitised_and_problems_come_all_at_once(administrator: Person) -> None:
    question_id = await _create(administrator, single("安全<script>alert(1)</script><b onclick=x()>帽</b>"))
    read = (await administrator.get(f"/api/questions/{question_id}")).json()
    assert read["question"]["blocks"][0]["html"] == "安全<b>帽</b>"

    broken = single("<script>x</script>", answer={"choices": ["E"]}, subject_codes=[], knowledge_area="", difficulty=9)
    refused = await administrator.post("/api/questions", json=broken)
    assert refused.json()["code"] == "questions.not_acceptable"
    codes = {problem["code"] for problem in refused.json()["details"]["problems"]}
    assert codes == {
        "stem_missing",
        "answer_without_option",
        "subject_missing",
        "knowledge_area_missing",
        "difficulty_out_of_range",
    }
    checked = (await administrator.post("/api/questions/check", json=broken)).json()
    assert {problem["code"] for problem in checked["problems"]} == codes


async def test_list_filters_searches_and_pages(administrator: Person) -> None:
    ids = [
        await _create(administrator, single(f"第{number}道关于安全网的题（　）", difficulty=number % 5 + 1))
        for number in range(7)
    ]
    other = await _create(
        administrator,
        {
            "type": "true_false",
            "blocks": [text("灭火器应当定期检查。")],
            "answer": {"correct": True},
            "subject_codes": ["A"],
            "knowledge_area": "消防",
            "difficulty": 1,
        },
    )

    async def found(query: str) -> list[str]:
        page = (await administrator.get(f"/api/questions?{query}")).json()
        return [item["id"] for item in page["items"]]

    assert await found("page_size=3") == [other, ids[6], ids[5]]
    assert await found("type=true_false") == [other]
    assert await found("subject_code=A") == [other]
    assert await found("knowledge_area=消防") == [other]
    assert sorted(await found("difficulty=1")) == sorted([ids[0], ids[5], other])
    assert await found("q=第 3 道关于安全网") == [ids[3]]
    assert await found(f"q={ids[2]}") == [ids[2]]
    assert await found("q=没有这样的题") == []
    assert (await found("sort=difficulty&subject_code=B"))[-1] == ids[4]
    page = (await administrator.get("/api/questions?page=2&page_size=3")).json()
    assert (page["total"], len(page["items"])) == (8, 3)


async def test_retired_questions_leave_the_pool(administrator: Person, world: World) -> None:
    keep, gone = await _create(administrator, single()), await _create(administrator, single("另一道题（　）"))
    retired = await administrator.post(f"/api/questions/{gone}/retire")
    assert retired.json()["state"] == "retired"
    again = await administrator.post(f"/api/questions/{gone}/retire")
    assert (again.status_code, again.json()["code"]) == (409, "questions.not_in_state")
    async with world.ports.db.reading() as tx:
        assert [entry.question_id for entry in await list_pool(tx, "B")] == [keep]
        assert await list_pool(tx, "C3") == []
    await administrator.post(f"/api/questions/{gone}/restore")
    async with world.ports.db.reading() as tx:
        assert {entry.question_id for entry in await list_pool(tx, "C2")} == {keep, gone}
    unknown = await administrator.post("/api/questions/q_unknown/retire")
    assert unknown.status_code == 404


async def test_facade_gives_shapes_contents_and_keys(administrator: Person, world: World) -> None:
    case = {
        "type": "case",
        "blocks": [text("某工地发生坍塌。")],
        "sub_questions": [
            {key: single()[key] for key in ("type", "blocks", "options", "answer")},
            {"type": "fill_in", "blocks": [text("____和____")], "answer": {"blanks": [["一", "1"], ["二"]]}},
        ],
        "subject_codes": ["B"],
        "knowledge_area": "事故",
        "difficulty": 4,
    }
    await _create(administrator, case)
    async with world.ports.db.reading() as tx:
        (entry,) = await list_pool(tx, "B")
        assert (entry.type, entry.item_count, entry.knowledge_area) == (QuestionType.CASE, 2, "事故")
        assert (entry.item_types, entry.option_counts, entry.blank_counts) == (
            (QuestionType.SINGLE, QuestionType.FILL_IN),
            (3, 0),
            (0, 2),
        )
        content = (await load_contents(tx, [entry.question_version_id]))[entry.question_version_id]
        assert [sub.blank_count for sub in content.sub_questions] == [0, 2]
        key = (await load_answer_keys(tx, [entry.question_version_id]))[entry.question_version_id]
        assert [item.answer.choices or item.answer.blanks for item in key.items] == [("A",), (("一", "1"), ("二",))]


async def test_statistics_count_by_cell(administrator: Person, world: World) -> None:
    await _create(administrator, single())
    await _create(administrator, single("第二道（　）"))
    official = await world.staff(Role.BOARD_OFFICIAL)
    figures = (await official.get("/api/questions/statistics")).json()
    assert (figures["active"], figures["retired"]) == (2, 0)
    assert figures["cells"] == [
        {"subject_code": code, "type": "single", "knowledge_area": "个体防护", "difficulty": 2, "questions": 2}
        for code in ("B", "C2")
    ]


async def test_duplicates_are_reported(administrator: Person, world: World) -> None:
    missing = await administrator.get("/api/questions/duplicates")
    assert missing.json()["code"] == "questions.duplicates.no_report"
    ids = [
        await _create(administrator, single(stem))
        for stem in (
            "关于安全帽的使用，下列说法正确的是（　）。",
            "关于安全帽的使用,下列说法正确的是( )",
            "完全不同的一道题目，说的是消防车道。",
        )
    ]
    job = await administrator.post("/api/questions/duplicates")
    assert job.status_code == 202
    await run_jobs(world)
    report = (await administrator.get("/api/questions/duplicates")).json()
    assert report["total"] == 1
    (pair,) = report["items"]
    assert (pair["percent"], {pair["left"]["id"], pair["right"]["id"]}) == (100, set(ids[:2]))


async def test_contents_are_sealed_and_reading_is_recorded(administrator: Person, world: World) -> None:
    canary = "金丝雀词句不得外泄"
    question_id = await _create(administrator, single(f"{canary}（　）"))
    await administrator.get(f"/api/questions/{question_id}")
    async with world.ports.db.reading() as tx:
        for table in ("questions_question", "questions_version", "audit_record"):
            for row in await tx.execute(sql(f"SELECT * FROM {table}")):  # noqa: S608 - fixed names
                assert canary.encode() not in b"".join(
                    bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in row
                )
        acts = (await tx.execute(sql("SELECT act FROM audit_record ORDER BY position"))).scalars().all()
    assert acts[-2:] == ["questions.question.create", "questions.question.view"]


READS = (
    "/api/questions",
    "/api/questions/duplicates",
    "/api/questions/statistics",
    "/api/questions/imports",
    "/api/questions/q_1",
    "/api/questions/q_1/versions",
    "/api/questions/q_1/versions/1",
    "/api/questions/media/media_1",
    "/api/questions/imports/qimp_1",
    "/api/questions/imports/qimp_1/items",
    "/api/questions/imports/qimp_1/lines",
)
WRITES = (
    "/api/questions",
    "/api/questions/check",
    "/api/questions/duplicates",
    "/api/questions/q_1/retire",
    "/api/questions/q_1/restore",
    "/api/questions/uploads/imports",
    "/api/questions/uploads/media",
    "/api/questions/imports/qimp_1/fill",
    "/api/questions/imports/qimp_1/confirm",
    "/api/questions/imports/qimp_1/discard",
)


@pytest.mark.parametrize("role", [Role.PROCTOR, Role.PATROL, Role.REVIEWER, Role.SUPPORT, Role.OPERATOR])
async def test_the_bank_is_closed_to_others(world: World, role: Role) -> None:
    other = await world.staff(role)
    for person, status in ((world.anonymous(), 401), (other, 403)):
        for path in READS:
            assert (await person.get(path)).status_code == status, path
        for path in WRITES:
            assert (await person.post(path, json=single())).status_code == status, path


async def test_candidates_reach_nothing(world: World) -> None:
    candidate = await world.candidate("cand_1", "exam_1")
    for path in READS:
        assert (await candidate.get(path)).status_code in {401, 403}, path
