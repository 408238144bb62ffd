"""The `invigil` command."""

from invigil.app.cli.main import main

__all__ = ["main"]
