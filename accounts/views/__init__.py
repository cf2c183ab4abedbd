"""Pages of the room accounts, one module per page."""
