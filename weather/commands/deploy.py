"""`weather deploy KIND`: prints a file to run the server by: a unit, a script, an image, a proxy's
configuration; or a dashboard.

The files stand in `files/`. What the operator has to fill in is named at the top of each; the
dashboard says it in its description.
"""

from pathlib import Path

FILES = Path(__file__).parent / "files"
KINDS = ("container", "compose", "systemd", "socket", "command", "nginx", "caddy", "kubernetes", "grafana")


def deploy(kind: str) -> int:
    """Print the file of a kind, one of KINDS. The exit status."""
    print((FILES / f"{kind}.txt").read_text("utf-8"), end="")
    return 0
