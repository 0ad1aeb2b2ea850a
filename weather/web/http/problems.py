"""Errors as problem details (RFC 9457). Pure."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.responses import Response

from weather.errors import BadBody, BadParameter, CircuitOpen, Mistake, WeatherError
from weather.web.http.responses import NO_STORE, PROBLEM

HELP = "/docs/errors"
"""The page that explains every code, under a heading of that name."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What a problem document says; `more` are members of its code."""

    status: int
    code: str
    title: str
    detail: str
    more: dict[str, Any]

    def document(self, root: str) -> dict[str, Any]:
        """The members, below the path prefix `root`. `type` leads to the help on its code."""
        body: dict[str, Any] = {"type": f"{root}{HELP}#{self.code}", "title": self.title, "status": self.status}
        return body | {"detail": self.detail, "code": self.code} | self.more

    def response(self, root: str, headers: dict[str, str]) -> Response:
        return Response(msgspec.json.encode(self.document(root)), self.status, headers | NO_STORE, PROBLEM)


def problem_of(error: WeatherError) -> Problem:
    """The problem of an error of ours."""
    more: dict[str, Any] = {}
    if isinstance(error, BadParameter):
        is_body = isinstance(error, BadBody)
        more["parameter"] = error.parameter
        more["errors"] = [listed(mistake, is_body=is_body) for mistake in error.mistakes]
    return Problem(error.status, error.code, error.title, detail_of(error), more)


def detail_of(error: WeatherError) -> str:
    """What happened; of a pause also the failure that began it."""
    if isinstance(error, CircuitOpen) and error.because:
        return f"{error}: {error.because}"
    return str(error)


def listed(mistake: Mistake, *, is_body: bool) -> dict[str, Any]:
    """A mistake as it stands in `errors`: of a body with a JSON pointer (RFC 6901)."""
    entry: dict[str, Any] = {"parameter": mistake.parameter, "detail": mistake.detail}
    if is_body:
        escaped = mistake.parameter.replace("~", "~0").replace("/", "~1")
        entry["pointer"] = "#" if mistake.parameter == "body" else f"#/{escaped}"
    if mistake.allowed:
        entry["allowed"] = mistake.allowed
    if mistake.did_you_mean:
        entry["did_you_mean"] = mistake.did_you_mean
    return entry


def problem_of_status(status: int, code: str, title: str) -> Problem:
    """The problem of a status that the framework or the server tells."""
    return Problem(status, code, title, DETAILS.get(code, HTTPStatus(status).phrase), {})


DETAILS = {
    "method_not_allowed": "This address does not take this method. `Allow` names those that it takes.",
    "body_too_large": "The body is longer than 64 KB.",
    "uri_too_long": "The address is longer than 8 KB.",
    "headers_too_large": "The headers are longer than 32 KB.",
    "unavailable": "The server is ending. Ask again in a moment.",
    "internal": "Server error. Quote the header X-Request-ID when you report it.",
    "bad_parameter": "The request could not be read.",
}
