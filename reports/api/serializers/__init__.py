"""What records look like from outside."""
