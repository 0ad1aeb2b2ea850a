"""A PostgreSQL of the tests' own, on a free port and in a folder of its own, run by somebody who is not root."""

import os
import pwd
import shutil
import signal
import subprocess
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

from serving import free_port, wait_until

from weather.errors import DatabaseUnavailable
from weather.places.saved.database import Database

INITDB = str(max(Path("/usr/lib/postgresql").glob("*/bin/initdb"), default=shutil.which("initdb") or "initdb"))


def somebody() -> str | None:
    """Whom to run it as: it refuses root."""
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known) if os.geteuid() == 0 else None


class Postgres:
    """Can be killed, and started again on the same data."""

    def __init__(self) -> None:
        self.folder, self.port, self.user = Path(mkdtemp(prefix="weatherglass-")), free_port(), somebody()
        self.url = f"postgresql://weather@127.0.0.1:{self.port}/postgres"
        self._bin, self._numbers = Path(INITDB).resolve().parent, count()
        if self.user:
            shutil.chown(self.folder, self.user)
        made = [
            INITDB,
            "-D",
            self.folder / "data",
            "-A",
            "trust",
            "-U",
            "weather",
            "--no-sync",
            "--locale=C",
            "-E",
            "UTF8",
        ]
        subprocess.run(made, user=self.user, cwd="/", check=True, capture_output=True)

    def start(self) -> None:
        options = ["-D", self.folder / "data", "-p", str(self.port), "-k", self.folder, "-h", "127.0.0.1"]
        self.process = subprocess.Popen(
            [self._bin / "postgres", *options],
            user=self.user,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        ready = [self._bin / "pg_isready", "-h", "127.0.0.1", "-p", str(self.port)]
        wait_until(lambda: subprocess.run(ready, capture_output=True).returncode == 0)

    def warm(self) -> None:
        """Save a place, however long the first one takes on a busy machine: its connection, its tables."""
        wait_until(self._can_save)

    def _can_save(self) -> bool:
        database = Database(self.url, 1, lambda: 0)
        try:
            database.check()
        except DatabaseUnavailable:
            return False
        finally:
            database.close()
        return True

    def database(self) -> str:
        """The URL of a new database in it."""
        name = f"places{next(self._numbers)}"
        make = [self._bin / "createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "weather", name]
        subprocess.run(make, check=True, capture_output=True)
        return self.url.replace("/postgres", f"/{name}")

    def kill(self) -> None:
        """As a machine that loses power: every process of it, at once."""
        family = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True)
        for pid in (self.process.pid, *map(int, family.stdout.split())):
            os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def remove(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)
        shutil.rmtree(self.folder)
