"""The board's facade."""

from invigil.watch.board import protocol

__all__ = ["protocol"]
