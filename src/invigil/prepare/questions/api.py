"""The question bank's facade."""

from invigil.prepare.questions.importing.files import read_file as read_text_questions
from invigil.prepare.questions.importing.model import ParsedFile
from invigil.prepare.questions.model import (
    Answer,
    AnswerKey,
    Block,
    BlockKind,
    ItemKey,
    Option,
    PoolEntry,
    QuestionContent,
    QuestionDraft,
    QuestionState,
    QuestionType,
    SubQuestionContent,
    SubQuestionDraft,
)
from invigil.prepare.questions.refusals import MediumNotFound
from invigil.prepare.questions.rules import TYPE_NAMES, media_of_parts, text_of
from invigil.prepare.questions.service.bank import create_question, edit_question, retire_question
from invigil.prepare.questions.service.media import load_medium
from invigil.prepare.questions.service.pool import list_pool
from invigil.prepare.questions.service.reading import load_answer_keys, load_contents
from invigil.prepare.questions.service.seeding import add_parsed, attach_media

__all__ = [
    "TYPE_NAMES",
    "Answer",
    "AnswerKey",
    "Block",
    "BlockKind",
    "ItemKey",
    "MediumNotFound",
    "Option",
    "ParsedFile",
    "PoolEntry",
    "QuestionContent",
    "QuestionDraft",
    "QuestionState",
    "QuestionType",
    "SubQuestionContent",
    "SubQuestionDraft",
    "add_parsed",
    "attach_media",
    "create_question",
    "edit_question",
    "list_pool",
    "load_answer_keys",
    "load_contents",
    "load_medium",
    "media_of_parts",
    "read_text_questions",
    "retire_question",
    "text_of",
]
