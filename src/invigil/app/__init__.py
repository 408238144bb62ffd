"""The composition root (settings -> adapters -> features) and the entry points: web, worker, command line."""
