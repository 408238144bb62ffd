"""What the process says about itself: one JSON line per event on standard error, no personal data."""

import logging
import os
import sys

import structlog

LEVEL_VARIABLE = "INVIGIL_LOG_LEVEL"


def configure_logging() -> None:
    """Write events of the configured level and above (INVIGIL_LOG_LEVEL, default warning) to standard error."""
    level = logging.getLevelNamesMapping().get(os.environ.get(LEVEL_VARIABLE, "warning").upper(), logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
