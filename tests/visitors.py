"""Visitors who ask without a pause, while something else happens."""

import http.client
import threading
from collections import Counter
from contextlib import contextmanager

CLIENTS = 4


@contextmanager
def load(port: int):
    """Clients that ask one request after another, each on a connection of its own; gives the counts of what came."""
    came, stop = Counter(), threading.Event()

    def client() -> None:
        while not stop.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            try:
                connection.request("GET", "/api/v1/current?lat=51.51&lon=-0.13", headers={"Connection": "close"})
                came[connection.getresponse().status] += 1
            except (OSError, http.client.HTTPException) as error:
                came[repr(error)] += 1
            finally:
                connection.close()

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield came
    finally:
        stop.set()
        for thread in threads:
            thread.join()
