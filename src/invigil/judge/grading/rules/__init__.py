"""Pure rules of grading: reading sheets, marking, statistics, release."""
