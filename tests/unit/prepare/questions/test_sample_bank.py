"""The demonstration's questions: complete, many, of every kind."""

from collections import Counter

from invigil.app.sample.questions import read_sample_files
from invigil.prepare.questions.duplicates import find_similar, fingerprint
from invigil.prepare.questions.model import BlockKind, QuestionType
from invigil.prepare.questions.rules import find_problems, media_of_parts


def test_the_sample_bank_is_complete() -> None:
    files = read_sample_files()
    questions = [question for parsed in files for question in parsed.questions]
    for question in questions:
        assert question.doubts == (), question
        assert find_problems(question.draft) == (), question
    assert all(not parsed.unplaced() for parsed in files)
    drafts = [question.draft for question in questions]
    types = Counter(draft.type for draft in drafts)
    assert len(drafts) >= 150
    assert types[QuestionType.SINGLE] >= 70
    assert types[QuestionType.MULTIPLE] >= 30
    assert types[QuestionType.TRUE_FALSE] >= 30
    assert types[QuestionType.FILL_IN] >= 10
    assert types[QuestionType.CASE] >= 5
    assert all(2 <= len(draft.sub_questions) <= 4 for draft in drafts if draft.type is QuestionType.CASE)
    assert len({draft.knowledge_area for draft in drafts}) >= 8
    assert {draft.difficulty for draft in drafts} == {1, 2, 3, 4, 5}
    subjects = Counter(code for draft in drafts for code in draft.subject_codes)
    assert set(subjects) == {"A", "B", "C1", "C2", "C3"}
    assert min(subjects.values()) >= 90
    kinds = Counter(block.kind for draft in drafts for block in draft.blocks)
    assert kinds[BlockKind.PICTURE] >= 8
    assert kinds[BlockKind.AUDIO] >= 1
    assert kinds[BlockKind.VIDEO] >= 1


def test_no_two_sample_questions_look_alike() -> None:
    drafts = [question.draft for parsed in read_sample_files() for question in parsed.questions]
    texts = {f"{place:03d}": fingerprint(draft) for place, draft in enumerate(drafts)}
    assert find_similar(texts) == []
    assert all(block.alt for draft in drafts for block in draft.blocks if media_of_parts((draft,)) and block.blob)
