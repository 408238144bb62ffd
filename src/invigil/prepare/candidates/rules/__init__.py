"""Rules of candidates, pure: what a board's cell means and what is wrong with it."""
