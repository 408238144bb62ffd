"""How the outside world is reached: clock, database, blobs, keys, bus, jobs, HTTP, settings. Only here are drivers known."""
