"""A parent that outlives the process that serves: it has everything loaded, holds the listening socket, and forks anew at once.

Loading the program takes seconds, forking it milliseconds. Whoever connects meanwhile waits in the socket's queue instead of
being turned away, so a killed web process is a pause to its clients (F1, ADR-0011).
"""

import mmap
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn

import structlog

log = structlog.get_logger()

STOPPING = (signal.SIGTERM, signal.SIGINT)
# A child that lived so long was healthy: its death is answered at once. One that dies again and again is given time.
HEALTHY_S = 10.0
PAUSES_S = (0.0, 0.0, 0.2, 0.5, 1.0, 2.0)
EXIT_FAULT = 70


@dataclass(frozen=True, slots=True)
class Tie:
    """What ties a child to its parent.

    parent: file number that ends (reads as empty) once the parent is gone, even by kill -9. announce: says that it serves.
    """

    parent: int
    announce: Callable[[], None]


def keep_running(run: Callable[[Tie], int]) -> int:
    """Run `run` in a child, and in a new one whenever that dies, until SIGTERM or SIGINT.

    run: serves until SIGTERM and returns an exit code.
    Return the exit code: 0 when told to stop; the child's own when the first one ends without ever having served, because then
    a person must look.
    """
    return _Parent(run).keep()


class _Parent:
    def __init__(self, run: Callable[[Tie], int]) -> None:
        self._run = run
        self._child = 0
        self._is_stopping = False
        self._alive, self._held = os.pipe()
        # One byte that parent and children share: whether any of them has served.
        self._served = mmap.mmap(-1, 1)

    def keep(self) -> int:
        for number in STOPPING:
            signal.signal(number, self._stop)
        deaths = 0
        while True:
            began = time.monotonic()
            code = self._live_once()
            if self._is_stopping:
                return 0
            if not self._served[0]:
                return code
            deaths = 1 if time.monotonic() - began > HEALTHY_S else deaths + 1
            pause = PAUSES_S[min(deaths, len(PAUSES_S)) - 1]
            log.error("app.web.died", code=code, deaths=deaths, pause_s=pause)
            time.sleep(pause)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._is_stopping = True
        if self._child:
            os.kill(self._child, signal.SIGTERM)

    def _live_once(self) -> int:
        """Fork a child and return its exit code, negative for a signal."""
        # A signal that comes while the child's number is not known yet waits until it is.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        child = 0 if self._is_stopping else os.fork()
        if child == 0 and not self._is_stopping:
            self._be_child()
        self._child = child
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
        if child == 0:
            return 0
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        self._child = 0  # before its number can be given to another process
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def _be_child(self) -> NoReturn:
        code = EXIT_FAULT
        try:
            # Until the server has handlers of its own, a signal ends the child; after it, it must not end half way.
            for number in STOPPING:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
            os.close(self._held)
            code = self._run(Tie(self._alive, self._announce))
        except BaseException:
            log.exception("app.web.fault")
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _announce(self) -> None:
        self._served[0] = 1
