"""Reading .docx: paragraphs, automatic numbers, tables and pictures, as lines for `text.parse_lines`."""

from invigil.prepare.questions.importing.word.document import WordText, read_word

__all__ = ["WordText", "read_word"]
