"""Keeps what Python compiles, where the environment says not beside the sources: imported before anything of ours.

To compile all of it anew is half of what it takes to collect the tests, and a third of each start of a server.
"""

import sys
from pathlib import Path

if sys.dont_write_bytecode:
    sys.pycache_prefix = str(Path(__file__).parents[1] / ".pytest_cache" / "bytecode")
    sys.dont_write_bytecode = False

FOR_CHILDREN = {"PYTHONPYCACHEPREFIX": sys.pycache_prefix, "PYTHONDONTWRITEBYTECODE": ""} if sys.pycache_prefix else {}
"""The same for a Python that a test starts, as variables of its environment."""
