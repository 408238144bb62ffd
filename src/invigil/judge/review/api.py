"""The review's facade: what exports read of it."""

from invigil.judge.review.model import BREACHES, ConfirmedBreach, MarkKey, MarkSource, SettledReview
from invigil.judge.review.service.settled import read_settled

__all__ = ["BREACHES", "ConfirmedBreach", "MarkKey", "MarkSource", "SettledReview", "read_settled"]
