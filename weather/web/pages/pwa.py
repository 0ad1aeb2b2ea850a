"""What a browser keeps of the site: the service worker, and the manifest by which it is installed."""

import json
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from weather.i18n.language import FOLDER as LOCALE
from weather.web.http.assets import Assets, light
from weather.web.http.responses import conditional_response
from weather.web.pages.templating import PACKAGE, templates_folder

STATIC = PACKAGE / "static"
SHELL = ("style.css", "weather.js", "icon.svg")
"""The files without which a kept page is not whole."""

SCRIPT = "text/javascript; charset=utf-8"
MANIFEST = "application/manifest+json"
POLICY = "default-src 'none'; connect-src 'self'; script-src 'self'; frame-ancestors 'none'"
"""A worker fetches under its own policy, not under that of the pages (CSP 3, 4.3)."""

ACCENT, GROUND = "#0b5e8a", "#fbfbf8"


class Pwa:
    """Both bodies are made once, at the start."""

    def __init__(self, assets: Assets, root: str) -> None:
        source = light(STATIC / "sw.js").decode()
        shell = [*map(assets.path, SHELL), f"{root}/offline"]
        self._worker = worker(source, version_of_all(), shell).encode()
        self._manifest = msgspec.json.encode(manifest(assets, root))

    async def worker(self, request: Request) -> Response:
        """The service worker; asked for on every visit, so that a new deploy replaces it at once."""
        return answered(request, self._worker, SCRIPT, {"Content-Security-Policy": POLICY})

    async def manifest(self, request: Request) -> Response:
        return answered(request, self._manifest, MANIFEST, {})


def answered(request: Request, body: bytes, content_type: str, headers: dict[str, str]) -> Response:
    return conditional_response(request, body, content_type, headers | {"Cache-Control": "no-cache"}, "Accept-Encoding")


def parts() -> list[bytes]:
    """What the kept shell is made of: every static file, template and catalogue."""
    return [file.read_bytes() for folder in (STATIC, templates_folder(), LOCALE) for file in files(folder)]


@cache
def version_of_all() -> str:
    """The version of what is installed, which does not change while a process lives."""
    return version(parts())


def files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def version(bodies: Iterable[bytes]) -> str:
    """A name that changes with any byte of them."""
    sizes_and_bodies = (part for body in bodies for part in (b"%d:" % len(body), body))
    return blake2b(b"".join(sizes_and_bodies), digest_size=8).hexdigest()


def worker(source: str, version: str, shell: list[str]) -> str:
    """The source with its two constants in front."""
    return f'"use strict";\nconst VERSION = {json.dumps(version)};\nconst SHELL = {json.dumps(shell)};\n{source}'


def manifest(assets: Assets, root: str) -> dict[str, Any]:
    """The web app manifest (https://www.w3.org/TR/appmanifest/)."""
    return {
        "id": f"{root}/",
        "name": "Weatherglass",
        "short_name": "Weatherglass",
        "start_url": f"{root}/",
        "scope": f"{root}/",
        "display": "standalone",
        "theme_color": ACCENT,
        "background_color": GROUND,
        "categories": ["weather"],
        "icons": [
            picture(assets, "icon.svg", "image/svg+xml", "any", "any"),
            picture(assets, "icon-192.png", "image/png", "192x192", "any"),
            picture(assets, "icon-512.png", "image/png", "512x512", "any"),
            picture(assets, "icon-maskable-512.png", "image/png", "512x512", "maskable"),
        ],
    }


def picture(assets: Assets, name: str, kind: str, sizes: str, purpose: str) -> dict[str, str]:
    return {"src": assets.path(name), "type": kind, "sizes": sizes, "purpose": purpose}
