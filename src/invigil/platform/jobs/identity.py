"""Which process carries a job out, told so exactly that another process of the same machine can see that it has died."""

import os
import uuid
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")


def name_this_process() -> str:
    """Return "boot/namespace/process/start": never the same for two processes, not even after a restart of the machine."""
    return f"{_place()}/{os.getpid()}/{_started(os.getpid()) or uuid.uuid4().hex}"


def has_died(name: str) -> bool:
    """Tell whether the named process is certainly gone; False where it cannot be known (another machine, another container)."""
    boot, namespace, process, started = name.split("/")
    if f"{boot}/{namespace}" != _place() or not process.isdigit():
        return False
    return _started(int(process)) != started


def _place() -> str:
    try:
        return f"{_BOOT.read_text().strip()}/{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        # Not Linux: nobody's death can be seen, the lease decides alone.
        return f"{uuid.getnode()}/{uuid.uuid4().hex}"


def _started(process: int) -> str | None:
    """Return the process's start in clock ticks since boot; None when there is no such process, or only its remains."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in ("Z", "X") else fields[19]
