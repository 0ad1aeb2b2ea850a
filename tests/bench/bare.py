"""References for the benches: what sends the bytes of the file BARE_FILE, as BARE_KIND, and does nothing else.

`bare` is an ASGI function, for granian's own command; `starlette` a route of Starlette, for uvicorn's.
"""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

Application = Callable[..., Awaitable[None]]


def told() -> tuple[bytes, str]:
    return Path(os.environ["BARE_FILE"]).read_bytes(), os.environ["BARE_KIND"]


def bare() -> Application:
    body, kind = told()
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]

    async def answer(scope: dict[str, Any], receive: Application, send: Application) -> None:
        if scope["type"] == "lifespan":
            for _ in range(2):
                await send({"type": f"{(await receive())['type']}.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return answer


def starlette() -> Application:
    from starlette.applications import Starlette
    from starlette.responses import Response
    from starlette.routing import Route

    body, kind = told()

    async def answer(_) -> Response:
        return Response(body, media_type=kind)

    return Starlette(routes=[Route("/", answer)])
