"""What a question must be, the cut between content and answers, sanitising, duplicates."""

import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invigil.prepare.questions.duplicates import find_similar, fingerprint, normalise
from invigil.prepare.questions.model import (
    Answer,
    Block,
    BlockKind,
    Option,
    QuestionDraft,
    QuestionType,
    SubQuestionDraft,
)
from invigil.prepare.questions.rules import (
    RULE_OF_TYPE,
    find_problems,
    join_draft,
    map_blocks,
    media_of,
    split_draft,
    text_of,
)
from invigil.prepare.questions.sanitising import clean_draft, clean_html


def _text(html: str) -> tuple[Block, ...]:
    return (Block(BlockKind.TEXT, html=html),)


GOOD = QuestionDraft(
    type=QuestionType.SINGLE,
    blocks=_text("题干"),
    options=(Option("A", _text("甲")), Option("B", _text("乙"))),
    answer=Answer(choices=("A",)),
    subject_codes=("A", "C1"),
    knowledge_area="用电",
)
SUB = SubQuestionDraft(QuestionType.TRUE_FALSE, _text("小题"), answer=Answer(correct=False))
CASE = msgspec.structs.replace(GOOD, type=QuestionType.CASE, options=(), answer=None, sub_questions=(SUB,))
MULTIPLE = msgspec.structs.replace(GOOD, type=QuestionType.MULTIPLE, answer=Answer(choices=("A", "B")))
JUDGED = msgspec.structs.replace(GOOD, type=QuestionType.TRUE_FALSE, options=(), answer=Answer(correct=True))
FILLED = msgspec.structs.replace(
    GOOD, type=QuestionType.FILL_IN, options=(), answer=Answer(blanks=(("一", "1"), ("二",)))
)
ALL_GOOD = (GOOD, MULTIPLE, JUDGED, FILLED, CASE)


@pytest.mark.parametrize("draft", ALL_GOOD, ids=lambda draft: draft.type.value)
def test_good_questions_have_no_problem(draft: QuestionDraft) -> None:
    assert find_problems(draft) == ()


def test_every_type_has_a_rule() -> None:
    assert set(RULE_OF_TYPE) == set(QuestionType)


BROKEN: list[tuple[str, QuestionDraft, dict[str, object]]] = [
    ("stem_missing", GOOD, {"blocks": ()}),
    ("stem_missing", GOOD, {"blocks": _text("<p> </p>")}),
    ("text_long", GOOD, {"blocks": _text("长" * 20_001)}),
    ("blocks_many", GOOD, {"blocks": _text("块") * 41}),
    ("block_malformed", GOOD, {"blocks": (*_text("题"), Block(BlockKind.PICTURE))}),
    ("block_malformed", GOOD, {"blocks": (Block(BlockKind.TEXT, html="题", blob="media_1"),)}),
    ("play_limit_misplaced", GOOD, {"blocks": (*_text("题"), Block(BlockKind.PICTURE, blob="m", play_limit=2))}),
    ("play_limit_out_of_range", GOOD, {"blocks": (*_text("题"), Block(BlockKind.AUDIO, blob="m", play_limit=0))}),
    ("options_few", GOOD, {"options": GOOD.options[:1]}),
    ("options_many", GOOD, {"options": tuple(Option(key, _text(key)) for key in "ABCDEFGHIJK")}),
    ("option_keys_broken", GOOD, {"options": (GOOD.options[0], Option("C", _text("乙")))}),
    ("option_empty", GOOD, {"options": (GOOD.options[0], Option("B", ()))}),
    ("options_equal", GOOD, {"options": (GOOD.options[0], Option("B", _text("甲")))}),
    ("answer_missing", GOOD, {"answer": None}),
    ("answer_missing", GOOD, {"answer": Answer(correct=True)}),
    ("answer_without_option", GOOD, {"answer": Answer(choices=("C",))}),
    ("answer_not_single", GOOD, {"answer": Answer(choices=("A", "B"))}),
    ("answer_disordered", MULTIPLE, {"answer": Answer(choices=("B", "A"))}),
    ("options_misplaced", JUDGED, {"options": GOOD.options}),
    ("answer_missing", JUDGED, {"answer": Answer(choices=("A",))}),
    ("options_misplaced", FILLED, {"options": GOOD.options}),
    ("answer_missing", FILLED, {"answer": Answer(blanks=(("一",), ()))}),
    ("answer_missing", FILLED, {"answer": Answer(blanks=(("一",), (" ",)))}),
    ("answers_many", FILLED, {"answer": Answer(blanks=(("一",),) * 21)}),
    ("answer_long", FILLED, {"answer": Answer(blanks=(("长" * 201,),))}),
    ("case_answerable", CASE, {"answer": Answer(correct=True)}),
    ("sub_questions_missing", CASE, {"sub_questions": ()}),
    ("sub_questions_many", CASE, {"sub_questions": (SUB,) * 21}),
    ("case_nested", CASE, {"sub_questions": (msgspec.structs.replace(SUB, type=QuestionType.CASE),)}),
    ("subject_missing", GOOD, {"subject_codes": ()}),
    ("subject_malformed", GOOD, {"subject_codes": ("a",)}),
    ("subject_disordered", GOOD, {"subject_codes": ("C1", "A")}),
    ("knowledge_area_missing", GOOD, {"knowledge_area": " "}),
    ("knowledge_area_long", GOOD, {"knowledge_area": "长" * 65}),
    ("difficulty_out_of_range", GOOD, {"difficulty": 0}),
    ("difficulty_out_of_range", GOOD, {"difficulty": 6}),
    ("source_long", GOOD, {"source": "长" * 501}),
]


@pytest.mark.parametrize(
    ("code", "draft", "changes"), BROKEN, ids=[f"{one[0]}-{place}" for place, one in enumerate(BROKEN)]
)
def test_broken_questions_say_why(code: str, draft: QuestionDraft, changes: dict[str, object]) -> None:
    problems = find_problems(msgspec.structs.replace(draft, **changes))
    assert code in {problem.code for problem in problems}
    assert all(problem.sentence.endswith("。") for problem in problems)


def test_problems_name_the_part() -> None:
    broken = msgspec.structs.replace(CASE, sub_questions=(SUB, msgspec.structs.replace(SUB, answer=None)))
    assert [(problem.code, problem.part) for problem in find_problems(broken)] == [("answer_missing", 2)]


@pytest.mark.parametrize("draft", ALL_GOOD, ids=lambda draft: draft.type.value)
def test_the_cut_leaves_no_answer_in_the_content_and_heals(draft: QuestionDraft) -> None:
    draft = msgspec.structs.replace(draft, explanation=_text("机密解析"), source="出处")
    content, key = split_draft(draft)
    shown = msgspec.json.encode(content).decode()
    assert "机密解析" not in shown
    assert '"answer"' not in shown
    joined = join_draft(
        content,
        key,
        subject_codes=draft.subject_codes,
        knowledge_area=draft.knowledge_area,
        difficulty=draft.difficulty,
        source=draft.source,
    )
    assert joined == draft
    assert len(key.items) == max(1, len(draft.sub_questions))


def test_blank_counts_are_shown_and_media_are_found() -> None:
    assert split_draft(FILLED)[0].blank_count == 2
    picture = Block(BlockKind.PICTURE, blob="media_1")
    draft = msgspec.structs.replace(
        CASE, blocks=(picture,), sub_questions=(msgspec.structs.replace(SUB, blocks=(picture,)),)
    )
    assert media_of(draft) == ("media_1",)
    renamed = map_blocks(draft, lambda block: msgspec.structs.replace(block, blob="media_2"))
    assert media_of(renamed) == ("media_2",)


def test_visible_text_has_lines_and_no_markup() -> None:
    assert text_of(_text("一<br>二<b>三</b>")) == "一\n二三"


# -- sanitising -------------------------------------------------------------------------------------------------------

XSS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>",
    "<a href='javascript:alert(1)'>x</a>", "<iframe src='javascript:alert(1)'></iframe>", "<body onload=alert(1)>",
    "<b onmouseover=alert(1)>x</b>", "<p style='background:url(javascript:alert(1))'>x</p>", "<math><mi//xlink:href='data:x,<script>'>",
    "<table background='javascript:alert(1)'><tr><td>x</td></tr></table>", "<td colspan='1\" onclick=alert(1)'>x</td>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>", "<embed src=x>", "<link rel=stylesheet href=x>",
    "<meta http-equiv=refresh content='0;url=x'>", "<form action=x><input onfocus=alert(1) autofocus></form>",
    "<style>@import 'x'</style>", "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><img src=x onerror=alert(1)></template>", "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>", "<audio src=x onerror=alert(1)>", "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1)//<</script>", "<p/onclick=alert(1)>x</p>", "<IMG SRC=JaVaScRiPt:alert(1)>", "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>", "<xss id=x tabindex=1 onfocus=alert(1)></xss>", "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<svg><foreignObject><p onclick=alert(1)>x</p></foreignObject></svg>", "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<base href='//evil/'>", "<button formaction=javascript:alert(1)>x</button>", "<p id=x class=y name=z data-x=1>x</p>",
    "<ul><li onclick=alert(1)>x</ul>", "<sub><sup><script>alert(1)</script></sup></sub>", "\u202e<b>反</b>\u0000",
    "<isindex type=image src=1 onerror=alert(1)>",
)  # fmt: skip


@pytest.mark.parametrize("vector", XSS)
def test_nothing_that_acts_passes(vector: str) -> None:
    cleaned = clean_html(f"前{vector}后")
    lowered = cleaned.lower().replace("&lt;", "").replace("&gt;", "")
    assert cleaned.startswith("前")
    for tag in (
        "<script",
        "<img",
        "<svg",
        "<iframe",
        "<object",
        "<embed",
        "<link",
        "<meta",
        "<form",
        "<style",
        "<a",
        "<base",
    ):
        assert tag not in lowered
    inside = "".join(part.split(">")[0] for part in lowered.split("<")[1:])
    for word in ("on", "style", "href", "src", "id=", "class", "javascript", "data-"):
        assert f" {word}" not in inside
    assert "\u202e" not in cleaned
    assert clean_html(cleaned) == cleaned


def test_allowed_markup_stays() -> None:
    html = '<p>m<sup>2</sup>、CO<sub>2</sub><br><b>粗</b><u>线</u></p><table><tbody><tr><td colspan="2">格</td></tr></tbody></table>'
    assert clean_html(html) == html
    assert clean_html('<td colspan="999999">x</td>').count("colspan") == 0


@given(st.text(max_size=200))
def test_cleaning_is_idempotent(text: str) -> None:
    assert clean_html(clean_html(text)) == clean_html(text)


def test_a_draft_is_cleaned_everywhere() -> None:
    dirty = _text("x<script>1</script>")
    sub = SubQuestionDraft(QuestionType.FILL_IN, dirty, explanation=dirty, answer=Answer(blanks=(("a\u202eb\x00 c",),)))
    draft = msgspec.structs.replace(
        CASE, blocks=dirty, explanation=dirty, sub_questions=(sub,), source="一\u2066二\n三", knowledge_area=" 用电 "
    )
    cleaned = clean_draft(draft)
    assert "script" not in msgspec.json.encode(cleaned).decode()
    assert (cleaned.source, cleaned.knowledge_area) == ("一二 三", "用电")
    assert cleaned.sub_questions[0].answer == Answer(blanks=(("ab c",),))


# -- duplicates -------------------------------------------------------------------------------------------------------


def test_width_case_and_punctuation_do_not_matter() -> None:
    assert normalise("ＡＢｃ，１２３（　）。&lt;b&gt;") == "abc123b"
    shuffled = msgspec.structs.replace(GOOD, options=(Option("A", _text("乙")), Option("B", _text("甲。"))))
    assert fingerprint(GOOD) == fingerprint(shuffled)
    with_picture = msgspec.structs.replace(GOOD, blocks=(*GOOD.blocks, Block(BlockKind.PICTURE, blob="media_1")))
    assert fingerprint(GOOD) != fingerprint(with_picture)
    assert fingerprint(split_draft(GOOD)[0]) == fingerprint(GOOD)


def test_near_twins_are_found_and_strangers_are_not() -> None:
    texts = {
        "a": "施工现场临时消防车道的净宽度和净空高度均不应小于四米",
        "b": "施工现场临时消防车道的净宽度和净空高度均不得小于四米",
        "c": "开关箱与其控制的固定式用电设备的水平距离不宜超过三米",
        "d": "施工现场临时消防车道的净宽度和净空高度均不应小于四米",
        "e": "短",
        "f": "",
    }
    found = [(pair.left, pair.right, pair.percent) for pair in find_similar(texts)]
    assert found[0] == ("a", "d", 100)
    assert {pair[:2] for pair in found} == {("a", "b"), ("a", "d"), ("b", "d")}
    assert [pair[:2] for pair in [(one.left, one.right) for one in find_similar(texts, among=["b"])]] == [
        ("a", "b"),
        ("b", "d"),
    ]


def test_a_thousand_copies_make_a_thousand_pairs() -> None:
    pairs = find_similar({f"q{number:04d}": "同一道题目的文字" for number in range(1_000)})
    assert len(pairs) == 999


def test_edited_copies_are_found_among_many() -> None:
    draw = random.Random(7)  # noqa: S311 - repeatable, not secret
    words = ["".join(chr(0x4E00 + draw.randrange(900)) for _ in range(2)) for _ in range(1_500)]
    texts = {f"q{number:05d}": "".join(draw.choice(words) for _ in range(28)) for number in range(3_000)}
    originals = sorted(texts)[:150]
    for place, original in enumerate(originals):
        text, at = texts[original], draw.randrange(40)
        texts[f"z{place:05d}"] = text[:at] + "改" + text[at + 1 :]
    found = {(pair.left, pair.right) for pair in find_similar(texts)}
    wanted = {(original, f"z{place:05d}") for place, original in enumerate(originals)}
    assert len(found & wanted) >= 149
    assert len(found - wanted) <= 3
