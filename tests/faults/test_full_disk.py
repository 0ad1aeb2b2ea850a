"""A disk that is full, for real: a small tmpfs of its own (statement 76)."""

import json
import os
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


ENDINGS = {
    "full": 'head -c 9m /dev/zero > "$FOLDER/filler" 2>/dev/null || true',
    "full, after a kill": 'head -c 9m /dev/zero > "$FOLDER/filler" 2>/dev/null || true',
    "read-only": 'mount -o remount,ro "$FOLDER"',
    "read-only, after a kill": 'mount -o remount,ro "$FOLDER"',
    "files of no size to speak of": "ulimit -f 1",
    "files of no size to speak of, after a kill": "ulimit -f 1",
}


@pytest.mark.needs("unshare" if CAN_MOUNT else "a tmpfs in a user namespace")
@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_kept_is_read_where_nothing_can_be_written(tmp_path, ending):
    """Places are kept, the disk then takes nothing, and the server starts anew with upstream down: every one of them
    is answered, and what was left of a budget is left (statement 110)."""
    script = Path(__file__).with_name("restarter.py")
    run = f'"{sys.executable}" "{script}" "$FOLDER" '
    first = run + ("kill" if "kill" in ending else "end")
    command = f'{MOUNT} "$FOLDER" && {{ {first} || test $? = 137; }} && {{ {ENDINGS[ending]}; }} && {run} again'
    result = subprocess.run(
        ["unshare", "-rm", "sh", "-c", command],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"FOLDER": str(tmp_path)},
    )
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout.splitlines()[-1])
    assert told == {"statuses": [200] * 20, "states": ["stale"] * 20, "trouble": told["trouble"], "left": 10}
    assert told["trouble"] or ending == "full, after a kill"  # which leaves a log with room in it
