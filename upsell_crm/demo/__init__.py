"""The demo story and the load generator."""
