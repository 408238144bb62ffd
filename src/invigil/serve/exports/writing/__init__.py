"""From a table to the bytes of a file: Excel, CSV, PDF; nothing readable touches a disk (P9)."""
