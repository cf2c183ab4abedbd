"""Pages of the room trainings, one module per page."""
