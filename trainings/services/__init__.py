"""What changes trainings, marketing touches and notes."""
