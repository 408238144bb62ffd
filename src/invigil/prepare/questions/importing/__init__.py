"""Reading questions from the files people really have: Word, text, Excel.

A reader turns bytes into a `ParsedFile` and runs in the sandbox (`entry`). A new format (QTI) is one more reader.
"""
