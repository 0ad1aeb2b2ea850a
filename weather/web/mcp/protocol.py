"""The tools in the Model Context Protocol, by its official SDK, of the extra `mcp`. Nothing else imports it."""

from collections.abc import Callable
from typing import Any

import mcp_types as types
import msgspec
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from weather import __version__
from weather.upstream.types import Requester
from weather.web.mcp.tools import TOOLS, Tool, ToolAnswer, Tools

INSTRUCTIONS = (
    "Weather of places. Every answer begins with how old it is and whom to credit: say so when you repeat it. "
    "What is null is not known; it is neither zero nor none."
)
Visitor = Callable[[Request | None], Requester]
"""Whose quota a call is charged to; the request is None on standard input and output."""

READS = types.ToolAnnotations(read_only_hint=True, open_world_hint=True)


def server_of(tools: Tools, visitor: Visitor) -> Server[Any]:
    """Return a server of the tools."""

    async def all_tools(_: ServerRequestContext[Any], __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[listed(tool) for tool in TOOLS.values()])

    async def call(context: ServerRequestContext[Any], asked: types.CallToolRequestParams) -> types.CallToolResult:
        if asked.name not in TOOLS:
            raise MCPError(types.INVALID_PARAMS, f"There is no such tool. There are {', '.join(TOOLS)}.")
        return result(await tools.call(TOOLS[asked.name], asked.arguments or {}, visitor(context.request)))

    return Server(
        "weatherglass",
        version=__version__,
        title="Weatherglass",
        instructions=INSTRUCTIONS,
        on_list_tools=all_tools,
        on_call_tool=call,
    )


def listed(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name, title=tool.title, description=tool.about, input_schema=tool.schema, annotations=READS
    )


def result(answer: ToolAnswer) -> types.CallToolResult:
    """Return the words, and the document both as text and as data: clients pass on the one or the other."""
    document = msgspec.json.encode(answer.document).decode()
    content: list[types.ContentBlock] = [types.TextContent(text=text) for text in (answer.words, document)]
    return types.CallToolResult(content=content, structured_content=answer.document, is_error=answer.is_error)


class Exchange(Response):
    """Answers one request over HTTP: without a session, for each call of a tool stands alone.

    Its body has been read before: what may be wrong with that is not for the SDK, which would crash.
    """

    def __init__(self, server: Server[Any], read: bytes) -> None:
        self._server, self._read = server, read

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        manager = StreamableHTTPSessionManager(self._server, json_response=True, stateless=True)
        async with manager.run():
            await manager.handle_request(scope, replayed(self._read, receive), send)


def replayed(body: bytes, receive: Receive) -> Receive:
    """Receives a body that has been read already, and then what comes after it."""
    rest: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receiving() -> Message:
        return rest.pop() if rest else await receive()

    return receiving


async def serve_stdio(tools: Tools) -> None:
    """Serve the operator, on standard input and output, until that ends."""
    server = server_of(tools, lambda _: Requester())
    async with stdio_server() as (messages_in, messages_out):
        await server.run(messages_in, messages_out, server.create_initialization_options())
