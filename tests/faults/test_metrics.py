"""`/metrics` of a real server of several workers: whichever is asked, the numbers are of all."""

import os
import signal

import pytest
from counting import counting, get, many, serving
from promtext import samples
from serving import wait_until, workers_of

pytestmark = [pytest.mark.slow, pytest.mark.needs("prometheus_client")]

WORKERS = 3


def scraped(base: str) -> dict:
    return samples(get(f"{base}/metrics")[2].decode())


def requests(found: dict) -> float:
    return sum(found.get("weather_requests_total", {}).values())


def test_the_numbers_are_of_all_workers_and_outlive_one(tmp_path):
    """60 requests dealt to three workers, one then killed: whoever is asked tells of 60, and of as many calls as
    upstream itself has counted."""
    with counting() as (upstream, origin):
        upstream.wait = 0
        with serving(tmp_path, origin, "memory:", "--workers", str(WORKERS)) as (process, base):
            paths = [f"/data/2.5/weather?lat={number % 20}&lon=9" for number in range(60)]
            assert {status for status, _, _ in many(base, paths)} == {200}
            wait_until(lambda: requests(scraped(base)) == 60)
            killed = workers_of(process)[0]
            os.kill(killed, signal.SIGKILL)
            wait_until(lambda: killed not in workers_of(process) and len(workers_of(process)) == WORKERS)
            found = [scraped(base) for _ in range(12)]
    assert {requests(one) for one in found} == {60}
    assert {sum(one["weather_upstream_attempts_total"].values()) for one in found} == {len(upstream.calls)}
    assert {one["weather_workers"][()] for one in found} == {WORKERS}


def test_the_folder_of_a_run_goes_with_it(tmp_path):
    """What the workers tell each other lies in a folder for us alone, which is gone after a signal, and after kill -9
    of the parent."""
    for end in (signal.SIGTERM, signal.SIGKILL):
        with (
            counting() as (_, origin),
            serving(tmp_path, origin, "memory:", "--workers", "2", TMPDIR=str(tmp_path)) as (process, base),
        ):
            get(f"{base}/healthz")
            (folder,) = tmp_path.glob("weatherglass-*")
            assert folder.stat().st_mode & 0o777 == 0o700
            process.send_signal(end)
            process.wait(60)
            wait_until(lambda: not [*tmp_path.glob("weatherglass-*")])
