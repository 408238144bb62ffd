"""Routes of recordings: for pages, for segments in local mode, for staff."""
