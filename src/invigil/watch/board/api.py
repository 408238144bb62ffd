"""The board's facade."""

from invigil.watch.board import protocol
from invigil.watch.board.live import LiveBoards, StillsDesk, keep_moving, take_news
from invigil.watch.board.socket import StaffDesk

__all__ = ["LiveBoards", "StaffDesk", "StillsDesk", "keep_moving", "protocol", "take_news"]
