"""`/metrics`: for this machine and the trusted proxies, for holders of an access key, or for all."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from weather.settings import Settings
from weather.upstream.gateway import Gateway
from weather.web.http.clients.insiders import may_look
from weather.web.http.responses import TEXT
from weather.web.metrics.workers import Workers

CLOSED = (
    "Metrics are for this machine (as localhost or 127.0.0.1), for trusted proxies, and for holders of an access key "
    "(Authorization: Bearer KEY). WEATHER_METRICS=open opens them to all.\n"
)
NOT_INSTALLED = "Metrics need a package more: pip install 'weatherglass[metrics]'\n"


class MetricsPage:
    """Reads everything, changes nothing, and makes no upstream call."""

    def __init__(self, gateways: Mapping[str, Gateway], workers: Workers, count: int, settings: Settings) -> None:
        self._gateways, self._workers, self._count = gateways, workers, count
        self._settings = settings

    async def answer(self, request: Request) -> Response:
        if not may_look(request, self._settings, self._settings.metrics):
            return text(CLOSED, 403)
        try:
            from weather.web.metrics import exposition as form  # of an extra, which may not be there
        except ImportError:
            return text(NOT_INSTALLED, 404)
        quotas = [
            form.QuotaNow(source, quota.name.removeprefix(f"{source} "), quota.limit, used)
            for source, gateway in self._gateways.items()
            for quota, used in await gateway.admission.usage()
        ]
        breakers = [
            form.BreakerNow(source, name, is_open)
            for source, gateway in self._gateways.items()
            for name, is_open in (await gateway.admission.are_open()).items()
        ]
        snapshot = form.Snapshot(self._workers.total(), quotas, breakers, self._count)
        body, content_type = form.exposition(snapshot, request.headers.get("accept", ""))
        return Response(body, headers={"Content-Type": content_type, "Cache-Control": "no-store"})


def text(words: str, status: int) -> Response:
    return Response(words, status, {"Content-Type": TEXT, "Cache-Control": "no-store"})
