"""Forms of trainings, marketing and experience."""
