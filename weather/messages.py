"""Marks texts that are translated later, where they are said."""


def N_(message: str) -> str:  # noqa: N802  the name that gettext's tools know
    """Mark a text in a table, to be said later, for the catalogues."""
    return message
