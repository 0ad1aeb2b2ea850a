"""Health endpoints for monitoring: is the process alive, and what works; and the static files."""

import logging
from collections.abc import Awaitable, Callable, Mapping

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from weather.messages import N_
from weather.web.http.assets import Assets
from weather.web.http.responses import JSON, conditional_response

log = logging.getLogger(__name__)

Check = Callable[[], Awaitable[str | None]]
"""Returns the problem of a part, or None if it works."""

UNKNOWN = N_("it cannot be checked")
FOR_EVER = "public, max-age=31536000, immutable"


async def outcome(check: Check) -> str | None:
    """The result of a check. A check that fails is a problem too, and never fails the response."""
    try:
        return await check()
    except Exception as error:
        log.exception("a check of /readyz failed")
        return f"{UNKNOWN}: {type(error).__name__}"


class Health:
    """Liveness needs neither upstream nor disk; readiness lists what works, and stays 200 while it can answer."""

    def __init__(self, assets: Assets, checks: Mapping[str, Check], zone_rules: str) -> None:
        self._assets, self._checks, self._zone_rules = assets, checks, zone_rules

    async def healthz(self, request: Request) -> Response:
        return Response(b'{"status":"ok"}', headers={"Content-Type": JSON, "Cache-Control": "no-store"})

    async def readyz(self, request: Request) -> Response:
        """Each part with "ok", or "degraded" and why; and the edition of the time zone database in use."""
        problems = {name: await outcome(check) for name, check in self._checks.items()}
        parts = {
            name: {"status": "degraded", "detail": problem} if problem else {"status": "ok"}
            for name, problem in problems.items()
        }
        status = "degraded" if any(problems.values()) else "ok"
        body = {"status": status, "checks": parts, "time_zones": self._zone_rules}
        return Response(msgspec.json.encode(body), headers={"Content-Type": JSON, "Cache-Control": "no-store"})

    async def static(self, request: Request) -> Response:
        """A static file, which may be cached for ever under its name."""
        asset = self._assets.get(request.path_params["name"])
        if asset is None:
            raise HTTPException(404)
        return conditional_response(
            request, asset.body, asset.content_type, {"Cache-Control": FOR_EVER}, "Accept-Encoding"
        )
