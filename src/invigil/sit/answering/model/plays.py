"""Bounds of the counts of plays."""

MAX_PLACE = 60
# A paper has far fewer sounds and films; a page that invents places fills no table.
MAX_PLACES = 500
MAX_COUNT = 10_000
