"""Pure building blocks: identifiers, time windows, points, canonical encoding, refusals. No I/O."""
