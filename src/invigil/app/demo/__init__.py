"""The demonstration: a complete examination prepared, sat and graded through the same interfaces that people use."""
