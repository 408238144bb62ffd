"""The HTTP edge: routes that pass the policy, one transaction each, refusals as stable answers."""

from invigil.platform.http.gate import Gate, Tx, Who, ports_of
from invigil.platform.http.management import RECORDED, ManagementRouter, SelfCommittingRouter
from invigil.platform.http.paging import Page, Paging, paging_of
from invigil.platform.http.refusing import install_refusals, refusal_answer
from invigil.platform.ports import Ports

__all__ = [
    "RECORDED",
    "Gate",
    "ManagementRouter",
    "Page",
    "Paging",
    "Ports",
    "SelfCommittingRouter",
    "Tx",
    "Who",
    "install_refusals",
    "paging_of",
    "ports_of",
    "refusal_answer",
]
