"""People and plumbing that every room stands on."""
