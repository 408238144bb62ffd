"""Question bank: questions, their versions, import from Word, text and Excel, duplicates, media."""
