"""Action plans, roadmaps, syncs and client presentations (issue "Strategy that gets done")."""
