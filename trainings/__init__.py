"""Trainings and their results, webinars and mailings, the team's experience."""
