"""Pages of the room; one stem, one page."""
