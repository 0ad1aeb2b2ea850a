"""The tables in `weather/data/names`: a line of each has what is known and, after "=", what it is called."""

from pathlib import Path

FOLDER = Path(__file__).parents[2] / "data" / "names"


def rows(table: str) -> list[tuple[str, list[str]]]:
    """Return of each line what stands before "=", and the texts after it, which commas part. "#" begins a comment."""
    lines = (FOLDER / f"{table}.txt").read_text("utf-8").splitlines()
    parted = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return [(known.strip(), [name.strip() for name in names.split(",") if name]) for known, _, names in parted]
