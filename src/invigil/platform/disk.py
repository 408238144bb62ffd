"""What a fault says about the disk below, and the end of the process when the disk does not keep what it was given (ADR-0012)."""

import errno
import os
import sqlite3
import sys

import structlog
from sqlalchemy.exc import DBAPIError

log = structlog.get_logger()

# sysexits.h: an input or output error. The parent of the web process starts a new one.
EXIT_DISK_FAILED = 74
# After one of these nobody knows what is on the disk: the kernel may have forgotten the pages and call the next flush a success.
# A failed read is not among them: it spoils one answer, and a new process would read no better.
_FAILED_WRITES = frozenset(
    {
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_DIR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
    }
)
_FAILED_ERRNOS = frozenset({errno.EIO, errno.EROFS, errno.ENXIO, errno.ENODEV})
_FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT})
# SHMSIZE: the index of SQLite's log, a file beside it, could not grow. A disk that fails says so of the log itself.
_FULL_SQLITE = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE})
_FULL_POSTGRESQL = "53100"


def is_full(fault: BaseException) -> bool:
    """Tell whether the fault means that there is no room: nothing was written, and freeing some mends it."""
    cause = _cause(fault)
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", None) in _FULL_SQLITE
    if isinstance(cause, OSError) and cause.errno in _FULL_ERRNOS:
        return True
    return getattr(cause, "sqlstate", None) == _FULL_POSTGRESQL


def is_failing(fault: BaseException) -> bool:
    """Tell whether the fault means that a write or a flush of ours failed.

    PostgreSQL's disk is PostgreSQL's: it ends itself when a flush fails, and our connections with it.
    """
    cause = _cause(fault)
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", None) in _FAILED_WRITES
    return isinstance(cause, OSError) and cause.errno in _FAILED_ERRNOS


def end_if_failing(fault: BaseException) -> None:
    """End this process at once when the fault means that the disk does not keep what it is given; otherwise return.

    Whoever waits for an answer gets none: what was sent may be durable or not, and the page sends it again (I7).
    """
    if not is_failing(fault):
        return
    # The cause alone: the statement's values must not reach the log.
    log.critical("platform.disk.failed", cause=repr(_cause(fault)), exit_code=EXIT_DISK_FAILED)
    sys.stderr.flush()
    os._exit(EXIT_DISK_FAILED)


def _cause(fault: BaseException) -> BaseException:
    return fault.orig if isinstance(fault, DBAPIError) and fault.orig is not None else fault
