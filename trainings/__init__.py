"""Trainings and their results, webinars and mailings (issue "Reasons to call")."""
