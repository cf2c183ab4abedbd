"""What `./crm COMMAND` does: the standard library only; Django runs in child processes."""


class Refusal(Exception):
    """Why a command cannot go on: one clear sentence for the terminal, exit code 1."""
