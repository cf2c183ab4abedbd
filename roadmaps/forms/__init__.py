"""Forms of the room roadmaps: they check what was typed; services check the rules."""
