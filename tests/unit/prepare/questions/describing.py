"""A parsed file as a few readable lines, for golden files."""

from invigil.prepare.questions.importing.model import LineUse, ParsedFile
from invigil.prepare.questions.model import Answer, Block, BlockKind, QuestionDraft, SubQuestionDraft


def describe(parsed: ParsedFile) -> str:
    """Return one line per question, part, doubt, and source line that is not part of a question."""
    lines: list[str] = []
    for question in parsed.questions:
        draft = question.draft
        where = ",".join(map(str, question.lines))
        lines.append(f"#{question.number or '-'} [{where}] {_part(draft)}")
        lines += [f"    ({number}) {_part(sub)}" for number, sub in enumerate(draft.sub_questions, start=1)]
        tags = f"{draft.knowledge_area}/{draft.difficulty}/{','.join(draft.subject_codes)}/{draft.source}"
        lines += [f"    tags {tags}"] if tags != "/3//" else []
        lines += [f"    ? {one.code} {list(one.lines)} {one.sentence}" for one in question.doubts]
    for line in parsed.lines:
        if line.use is not None and (line.use is not LineUse.QUESTION or line.note):
            lines.append(f"{line.number} {line.use.value}: {line.text} {line.note}".rstrip())
    return "\n".join(lines) + "\n"


def _part(part: QuestionDraft | SubQuestionDraft) -> str:
    pieces = [part.type.value, _blocks(part.blocks)]
    pieces += [f"{option.key}={_blocks(option.blocks)}" for option in part.options]
    pieces.append(f"-> {_answer(part.answer)}")
    if part.explanation:
        pieces.append(f"because {_blocks(part.explanation)}")
    return " | ".join(pieces)


def _answer(answer: Answer | None) -> str:
    if answer is None:
        return "none"
    if answer.choices is not None:
        return "".join(answer.choices)
    if answer.correct is not None:
        return "right" if answer.correct else "wrong"
    return "; ".join("/".join(accepted) for accepted in answer.blanks or ())


def _blocks(blocks: tuple[Block, ...]) -> str:
    return " ".join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    if block.kind is BlockKind.TEXT:
        return (block.html or "").replace("\u3000", "_")
    plays = f"x{block.play_limit}" if block.play_limit else ""
    return f"<{' '.join(filter(None, (block.kind.value, block.blob, block.media_type, block.alt, plays)))}>"
