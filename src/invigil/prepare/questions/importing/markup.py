"""Turns text with our private marks into blocks: text, pictures and media stand apart (S3.11)."""

import html
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from invigil.prepare.questions.importing.folding import (
    SUB_CLOSE,
    SUB_OPEN,
    SUP_CLOSE,
    SUP_OPEN,
    UNDERLINE_CLOSE,
    UNDERLINE_OPEN,
    fold,
    picture_index,
)
from invigil.prepare.questions.importing.model import Picture
from invigil.prepare.questions.model import Block, BlockKind

_KINDS = {"图片": BlockKind.PICTURE, "音频": BlockKind.AUDIO, "视频": BlockKind.VIDEO}
_MEDIA = re.compile(r"\[\s*(图片|音频|视频)\s*:\s*([^\[\];]{1,120}?)\s*((?:;[^\[\];]*)*)\]")
_PICTURE = re.compile("[\U000f0000-\U000ffffd]")
_PLAYS = re.compile(r"限播\s*(\d{1,2})\s*次")
_ALT = re.compile(r"说明\s*:\s*")
_TAGS = {
    SUB_OPEN: ("sub", True),
    SUB_CLOSE: ("sub", False),
    SUP_OPEN: ("sup", True),
    SUP_CLOSE: ("sup", False),
    UNDERLINE_OPEN: ("u", True),
    UNDERLINE_CLOSE: ("u", False),
}


class Medium(NamedTuple):
    """A medium's place in a text. begin, end: where its mark stands."""

    begin: int
    end: int
    block: Block


def to_blocks(text: str, pictures: Sequence[Picture] = ()) -> tuple[Block, ...]:
    """Return the blocks of a text: its pictures and media in place, the text between them escaped.

    pictures: of the file; a picture mark becomes a block named like its picture.
    """
    blocks: list[Block] = []
    position = 0
    for medium in sorted(_media(text, pictures)):
        blocks += _text_block(text[position : medium.begin])
        blocks.append(medium.block)
        position = medium.end
    return tuple(blocks + _text_block(text[position:]))


def _media(text: str, pictures: Sequence[Picture]) -> Iterator[Medium]:
    folded = fold(text)
    for match in _MEDIA.finditer(folded):
        name = text[match.start(2) : match.end(2)]
        rest = text[match.start(3) : match.end(3)]
        plays = _PLAYS.search(fold(rest))
        alt = _ALT.search(fold(rest))
        yield Medium(
            match.start(),
            match.end(),
            Block(
                _KINDS[match[1]],
                blob=name,
                alt=re.split(r"[;；]", rest[alt.end() :])[0].strip() if alt else "",
                play_limit=int(plays[1]) if plays and match[1] != "图片" else None,
            ),
        )
    for match in _PICTURE.finditer(text):
        index = picture_index(match[0])
        if index is not None and index < len(pictures):
            picture = pictures[index]
            yield Medium(
                match.start(),
                match.end(),
                Block(BlockKind.PICTURE, blob=picture.name, media_type=picture.media_type or None),
            )


def _text_block(text: str) -> list[Block]:
    stripped = text.strip(" \t\r\n　")
    return [Block(BlockKind.TEXT, html=_to_html(stripped))] if visible(stripped).strip() else []


def _to_html(text: str) -> str:
    pieces: list[str] = []
    open_tags: list[str] = []
    for character in text:
        if character not in _TAGS:
            pieces.append(
                "<br>" if character == "\n" else " " if character == "\t" else html.escape(character, quote=False)
            )
            continue
        tag, opens = _TAGS[character]
        if opens:
            open_tags.append(tag)
            pieces.append(f"<{tag}>")
        elif tag in open_tags:
            # A cut in mid-text can leave tags open; close down to the wanted one so that they nest.
            while open_tags:
                closing = open_tags.pop()
                pieces.append(f"</{closing}>")
                if closing == tag:
                    break
    return "".join(pieces + [f"</{tag}>" for tag in reversed(open_tags)])


def visible(text: str) -> str:
    """Return the text as a person would read it on the preview's source side."""
    shown = _PICTURE.sub(lambda match: f"[图片{(picture_index(match[0]) or 0) + 1}]", text)
    return "".join(character for character in shown if character not in _TAGS)
