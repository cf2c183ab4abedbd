"""Pages of the room deals, one module per page."""
