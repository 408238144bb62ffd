"""The candidates feature's facade."""

from invigil.prepare.candidates.model import Candidate, CandidateNotFound, CandidateState, PhotoMissing
from invigil.prepare.candidates.service.facing import (
    CandidateForRoom,
    PublicCard,
    count_by_subject,
    find_registrations,
    list_for_arrangement,
    list_registered_ids,
    read_names,
    read_public_card,
    read_public_cards,
    record_photo_view,
)
from invigil.prepare.candidates.service.searching import (
    CandidateFilter,
    access_candidate,
    find_candidates,
    list_candidates,
)
from invigil.prepare.candidates.service.tickets import PrintedSitting, TicketSheet, render_tickets

__all__ = [
    "Candidate",
    "CandidateFilter",
    "CandidateForRoom",
    "CandidateNotFound",
    "CandidateState",
    "PhotoMissing",
    "PrintedSitting",
    "PublicCard",
    "TicketSheet",
    "access_candidate",
    "count_by_subject",
    "find_candidates",
    "find_registrations",
    "list_candidates",
    "list_for_arrangement",
    "list_registered_ids",
    "read_names",
    "read_public_card",
    "read_public_cards",
    "record_photo_view",
    "render_tickets",
]
