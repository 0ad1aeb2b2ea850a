"""Marks texts that are translated later, where they are said."""

CONTEXT = "\x04"
"""What parts a context from its message in gettext's compiled catalogues (GNU gettext manual, "MO files")."""


def N_(message: str) -> str:  # noqa: N802  the name that gettext's tools know
    """Mark a text in a table, to be said later, for the catalogues."""
    return message


def C_(context: str, message: str) -> str:  # noqa: N802  as `pgettext` of gettext's tools
    """Mark a text that has several senses, with the one that is meant; it is said like any other message."""
    return f"{context}{CONTEXT}{message}"


def source_text(message: str) -> str:
    """The English of a message, without its context."""
    return message.rpartition(CONTEXT)[2]
