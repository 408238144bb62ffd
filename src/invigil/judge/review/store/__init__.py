"""SQL of review."""

from invigil.judge.review.store.findings import (
    delete_finding,
    insert_finding,
    list_findings,
    list_findings_of_sitting,
)
from invigil.judge.review.store.rounds import (
    insert_edition,
    insert_round,
    list_rounds,
    list_rounds_of_sitting,
    read_edition,
)
from invigil.judge.review.store.verdicts import (
    delete_verdicts,
    list_verdicts,
    list_verdicts_of_sitting,
    write_verdict,
)

__all__ = [
    "delete_finding",
    "delete_verdicts",
    "insert_edition",
    "insert_finding",
    "insert_round",
    "list_findings",
    "list_findings_of_sitting",
    "list_rounds",
    "list_rounds_of_sitting",
    "list_verdicts",
    "list_verdicts_of_sitting",
    "read_edition",
    "write_verdict",
]
