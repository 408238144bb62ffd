"""The audit feature's facade."""

from invigil.base.audit.model import AuditCheckpoint, AuditRecord, Finding, FindingKind
from invigil.base.audit.service import checkpoint, record, verify

__all__ = ["AuditCheckpoint", "AuditRecord", "Finding", "FindingKind", "checkpoint", "record", "verify"]
