"""`/mcp`: the tools over HTTP, under the access rules and quotas of the API."""

import asyncio
from collections.abc import Callable
from functools import cached_property, partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from weather.upstream.types import Requester
from weather.web.api.mcp.tools import Tools
from weather.web.http.clients.access import allowed
from weather.web.http.clients.client_ip import requester_of
from weather.web.http.clients.place_list_token import refuse_foreign
from weather.web.http.problems import Problem
from weather.web.http.site import Site

NOT_INSTALLED = "MCP needs a package more: pip install 'weatherglass[mcp]'"
FOREIGN = "Refused: a web page of another site sent this. MCP is for programs."


class McpEndpoint:
    """Answers each POST by itself. There is no session, and so no GET or DELETE of one."""

    def __init__(self, site: Site) -> None:
        self._tools, self._settings = Tools(site), site.settings

    async def answer(self, request: Request) -> Response:
        """Raises AccessDenied, BadParameter, or CrossSite, as the protocol asks of servers."""
        allowed(request, ("appid",), self._settings)
        refuse_foreign(request, FOREIGN)
        body = await request.body()
        try:
            exchange = await asyncio.to_thread(lambda: self._exchange)  # to import it takes a second: others go on
        except ImportError:
            problem = Problem(501, "not_installed", "Not Implemented", NOT_INSTALLED, {})
            return problem.response(self._settings.root_path, {})
        if request.method != "POST":
            raise HTTPException(405, headers={"Allow": "POST"})
        return exchange(body)

    @cached_property
    def _exchange(self) -> Callable[[bytes], Response]:
        """Answers a body, by the SDK, which is imported at the first request. Raises ImportError without the extra."""
        from weather.web.api.mcp.protocol import Exchange, server_of

        return partial(Exchange, server_of(self._tools, self._visitor))

    def _visitor(self, request: Request | None) -> Requester:
        return requester_of(request, self._settings.trusted_proxies) if request else Requester()
