"""Use cases of exports: order, make, give out, destroy."""
