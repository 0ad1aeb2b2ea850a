"""A disk that is full, for real: a small tmpfs of its own (statement 76)."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

MOUNT = "mount -t tmpfs -o size=3m none"
CAN_MOUNT = shutil.which("unshare") and not subprocess.call(
    ["unshare", "-rm", "sh", "-c", f"{MOUNT} /mnt"], stderr=subprocess.DEVNULL
)


@pytest.mark.needs("unshare" if CAN_MOUNT else "a tmpfs in a user namespace")
def test_a_full_disk_costs_writes_and_nothing_else(tmp_path):
    """What was written is read, what is written is dropped, a claim is granted, a budget is told to be unkept (76)."""
    script = Path(__file__).with_name("filler.py")
    command = f'{MOUNT} "{tmp_path}" && exec "{sys.executable}" "{script}" "{tmp_path}"'
    told = json.loads(
        subprocess.run(["unshare", "-rm", "sh", "-c", command], capture_output=True, text=True, check=True).stdout
    )
    assert told["free"] < 200_000
    assert told["first"] == told["first again"] == 20
    assert told["claimed"] is True
    assert told["trouble"]
    assert told["warnings"] < 10
