"""Printed documents: Typst templates that stand beside the feature they belong to, filled with values, given out as PDF."""

from invigil.platform.documents.rendering import DocumentFontsMissing, DocumentTooLong, picture_value, render_pdf

__all__ = ["DocumentFontsMissing", "DocumentTooLong", "picture_value", "render_pdf"]
