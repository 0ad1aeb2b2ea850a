"""Says in plain words why a database cannot be used. The text of the error is never shown: it may hold a password."""

BY_CODE = {
    "SQLITE_READONLY": "the file cannot be written to",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_IOERR": "the disk does not read or write",
    "SQLITE_CANTOPEN": "the file cannot be opened",
    "SQLITE_BUSY": "another program holds the file",
    "SQLITE_CORRUPT": "the file is damaged",
    "SQLITE_NOTADB": "the file is no database",
    "SQLITE_ERROR": "its tables are not as they should be",
    "SQLITE_CONSTRAINT": "its tables are not as they should be",
    "28P01": "user or password is wrong",
    "28000": "user or password is wrong",
    "3D000": "there is no such database",
    "42501": "the user may not write there",
    "25006": "it can only be read",
    "42703": "its tables are not as they should be",
    "53100": "the disk is full",
    "53300": "it has too many connections",
}
"""By the names of SQLite's result codes and PostgreSQL's SQLSTATE (appendix A of its manual)."""

BY_TYPE = {
    "PermissionError": "the file or its folder belongs to somebody else",
    "FileNotFoundError": "the folder is not there and cannot be made",
    "FileExistsError": "its folder is no folder",
    "NotADirectoryError": "its folder is no folder",
    "ModuleNotFoundError": "the driver is not installed: pip install 'weatherglass[postgresql]'",
    "OperationalError": "there is no connection to it: is it running, and are address, user and password right?",
    "ConnectionTimeout": "it does not answer",
    "OSError": "the file cannot be opened, or is a link",
    "SchemaTooNew": "it was made by a newer version of this program: upgrade the program, or restore an older backup",
    "ValueError": "WEATHER_DATABASE_URL is no address of a database",
}
"""By the type of an error that has no code."""


def describe(error: Exception) -> str:
    """Say what is wrong, without the text of the error."""
    cause = getattr(error, "orig", None) or error
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or ""
    family = "_".join(code.split("_")[:2])
    return BY_CODE.get(code) or BY_CODE.get(family) or BY_TYPE.get(type(cause).__name__, type(cause).__name__)
