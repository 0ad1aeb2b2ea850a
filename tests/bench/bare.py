"""References for the benches: `bare.py PORT FILE TYPE` sends a file's bytes, on the same server and options as ours.

`bare.py PORT FILE TYPE starlette` does so as a Starlette route on uvicorn.
"""

import asyncio
import sys
from pathlib import Path


def main(port: int, body: bytes, kind: bytes, how: str) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]

    async def bare(scope, receive, send) -> None:
        if scope["type"] == "lifespan":
            for _ in range(2):
                await send({"type": f"{(await receive())['type']}.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    if how == "starlette":
        import uvicorn
        from starlette.applications import Starlette
        from starlette.responses import Response
        from starlette.routing import Route

        async def answer(_) -> Response:
            return Response(body, media_type=kind.decode())

        uvicorn.run(Starlette(routes=[Route("/", answer)]), port=port, log_level="error", access_log=False)
        return
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.server.embed import Server

    options = {"websockets": False, "log_enabled": False, "backlog": 1024}
    settings = HTTP1Settings(max_buffer_size=128 * 1024)
    server = Server(bare, port=port, interface=Interfaces.ASGI, http1_settings=settings, **options)
    asyncio.run(server.serve())


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]).read_bytes(), sys.argv[3].encode(), (*sys.argv[4:], "")[0])
