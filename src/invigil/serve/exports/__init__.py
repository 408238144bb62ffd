"""Exports: scores, absences, hand-in times, violations and answer sheets as files that are recorded, marked and short-lived (S4.7, C5.5, N)."""
