"""The chain of acts, proven by the command that needs no server."""

import os
import subprocess
import sys

from invigil.app.demo.running import Demo


def expect_intact(show: Demo) -> None:
    """`invigil audit verify` finds the chain of this server's data folder whole."""
    environment = os.environ | show.choose_environment()
    command = (sys.executable, "-m", "invigil.app.cli", "audit", "verify")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "审计链完整" in done.stdout
