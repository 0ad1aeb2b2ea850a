"""`memory:`: nothing outlives the process; the memory level above is all there is."""


class NoStore:
    """Keeps nothing."""

    trouble: str | None = "nothing outlives the process (WEATHER_CACHE_URL)"

    async def open(self) -> None:
        """Nothing to open."""

    async def get(self, key: str) -> bytes | None:
        return None

    async def put(self, key: str, value: bytes, seconds: float) -> None:
        """Forget it."""

    async def close(self) -> None:
        """Nothing to close."""
