"""Forms of the room accounts: they check what was typed; services check the rules."""
