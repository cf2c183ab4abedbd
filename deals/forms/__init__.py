"""Forms of the room deals: they check what was typed; services check the rules."""
