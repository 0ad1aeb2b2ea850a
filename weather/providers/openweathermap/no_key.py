"""Gives OpenWeatherMap's answer to a program without a key. No call is made."""

from collections.abc import Mapping

import msgspec

from weather.errors import KeyRejected
from weather.upstream.types import CallPermit, UpstreamRequest, UpstreamResponse

INVALID_KEY = "Invalid API key. Please see https://openweathermap.org/faq#error401 for more info."


class NoKeyUpstream:
    """An upstream that answers 401."""

    def __init__(self, origins: Mapping[str, str]) -> None:
        self.origins = origins

    async def send(self, request: UpstreamRequest, permit: CallPermit) -> UpstreamResponse:
        """Raises KeyRejected."""
        raise KeyRejected(401, "application/json", msgspec.json.encode({"cod": 401, "message": INVALID_KEY}))

    async def close(self) -> None: ...
