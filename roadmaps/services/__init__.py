"""What changes strategies, their tasks, syncs and presentations."""
