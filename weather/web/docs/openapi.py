"""The OpenAPI 3.1 description, built from the table of operations and the types of the answers. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import msgspec

from weather import __version__
from weather.web.api.model import Index, Results
from weather.web.api.places import Added, NewPlace, Saved, SavedList
from weather.web.api.schema import ANSWERS, HEADER, WEATHER_ROUTES
from weather.web.docs.operations import KINDS, Json, Operation, Parameter, operations

REFERENCE = "#/components/schemas/"
BODIES = (*ANSWERS.values(), Index, Results, SavedList, Saved, Added, NewPlace)

FRESHNESS_HEADERS = {
    "Age": "Seconds since the oldest part was fetched.",
    "Cache-Control": "For how long it may be reused.",
    "Cache-Status": "How it came about (RFC 9211); a stale answer has a negative ttl.",
    "ETag": "Changes with the bytes, and with nothing else.",
}


RETRY_AFTER = {"Retry-After": "Seconds to wait, wherever waiting helps."}
REQUEST_ID = {"X-Request-ID": "Names this request in the server's log."}


def description(root: str) -> Json:
    """Return the OpenAPI document; `root` is the path prefix of the server."""
    paths: dict[str, Json] = defaultdict(dict)
    for operation in operations():
        paths[operation.path][operation.method.lower()] = operation_object(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Weatherglass",
            "version": __version__,
            "summary": "The weather of a place, and how old that is",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": root or "/"}],
        "externalDocs": {"url": f"{root}/docs"},
        "paths": paths,
        "components": {"schemas": schemas(), "securitySchemes": SECURITY},
    }


SECURITY = {
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "Where the operator asks for one."},
    "list": {"type": "http", "scheme": "bearer", "description": "The token of a list of saved places."},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "places", "description": "The same, of a browser."},
}


def operation_object(operation: Operation) -> Json:
    document: Json = {
        "operationId": operation.name,
        "summary": operation.about,
        "parameters": parameters(operation),
        "responses": responses(operation),
        "security": security(operation),
    }
    if operation.body:
        content = {"schema": reference(operation.body), "example": example(operation.body)}
        document["requestBody"] = {"required": True, "content": {"application/json": content}}
    return document


def security(operation: Operation) -> list[dict[str, list[str]]]:
    """Return the ways to authenticate. The empty one comes first: nothing needs authentication."""
    own: list[dict[str, list[str]]] = [{"list": []}, {"cookie": []}] if "/places" in operation.path else []
    return [{}, {"key": []}, *own, *({"key": [], **scheme} for scheme in own)]


def parameters(operation: Operation) -> list[Json]:
    documents: list[Json] = []
    if operation.needs_id:
        schema = {"type": "string", "examples": ["O4-GjrtpUoUFZ8N4eWw7yQ"]}
        documents.append({"name": "id", "in": "path", "required": True, "schema": schema, "description": "The place."})
    return documents + [parameter_object(parameter) for parameter in operation.parameters]


def parameter_object(parameter: Parameter) -> Json:
    document: Json = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.about,
        "schema": parameter.schema,
        "example": parameter.example,
    }
    if parameter.required:
        document["required"] = True
    return document | ({"style": "form", "explode": False} if parameter.schema["type"] == "array" else {})


def responses(operation: Operation) -> dict[str, Json]:
    documents = {str(status): success(kind) for status, kind in operation.answers.items()}
    if any(parameter.name == "format" for parameter in operation.parameters):
        documents["200"]["content"]["text/csv"] = {"schema": {"type": "string"}}
    if operation.method == "GET":
        documents["304"] = {"description": "Not modified: the copy whose ETag was sent is right."}
    return documents | {status: problem(status, lines) for status, lines in sorted(by_status(operation).items())}


def success(kind: Any) -> Json:
    if kind is None:
        return {"description": "Done; there is nothing to say."}
    headers = FRESHNESS_HEADERS if kind in ANSWERS.values() else {}
    headers = {**headers, **({"Location": "The address of the new place."} if kind is Added else {}), **REQUEST_ID}
    content = {"schema": reference(kind), "example": example(kind)}
    return {
        "description": "The answer.",
        "headers": header_objects(headers),
        "content": {"application/json": content},
    }


def header_objects(headers: Mapping[str, str]) -> Json:
    return {name: {"description": about, "schema": {"type": "string"}} for name, about in headers.items()}


def by_status(operation: Operation) -> dict[str, list[str]]:
    """Return the descriptions of the problems by status."""
    lines = defaultdict(list)
    for kind in KINDS.values():
        if kind.code in operation.problems:
            lines[str(kind.status)].append(f"`{kind.code}`: {kind.about}")
    return lines


def problem(status: str, lines: Iterable[str]) -> Json:
    content = {"schema": {"$ref": f"{REFERENCE}Problem"}}
    headers = REQUEST_ID | {
        "401": {"WWW-Authenticate": "What is asked for."},
        **dict.fromkeys(("429", "502", "503", "504"), RETRY_AFTER),
    }.get(status, {})
    return {
        "description": "\n\n".join(lines),
        "headers": header_objects(headers),
        "content": {"application/problem+json": content},
    }


@cache
def schemas() -> Json:
    """The types of all bodies, each member with its words, its unit and an example, as their annotations have it."""
    _, parts = msgspec.json.schema_components(BODIES, ref_template=f"{REFERENCE}{{name}}")
    for name, kind in ANSWERS.items():
        answer = parts[kind.__name__]
        # With `fields` a section, or a member of it, may be left out: what is always there is the header.
        answer["required"] = list(HEADER)
        answer["description"] = f"{WEATHER_ROUTES[name].about}."
        for chosen in within(
            {name: schema for name, schema in answer["properties"].items() if name not in HEADER}, parts
        ):
            parts[chosen].pop("required", None)
    document: Json = plainer(parts) | PROBLEMS
    for kind in OF_MANY:
        document |= with_many(document[kind.__name__], kind.__name__)
    return document


OF_MANY = tuple(ANSWERS[name] for name, route in WEATHER_ROUTES.items() if route.takes_many)


def with_many(schema: Json, name: str) -> Json:
    """An answer also as it is with `at`: by one more member, for clients are seldom made of a choice.

    With `at` that member is the only one, so that none is required.
    """
    answer = {part: value for part, value in schema.items() if part != "required"}
    result = name.removesuffix("Answer") + "Result"
    of_one = {
        "title": result,
        "description": "What a request for this place alone would get; its problem if it has a `status`.",
        "type": "object",
        "properties": answer["properties"] | PROBLEM["properties"],
    }
    results = {"type": "array", "items": {"$ref": f"{REFERENCE}{result}"}, "description": RESULTS}
    whole = answer | {"properties": answer["properties"] | {"results": results}}
    return {name: whole, result: of_one}


RESULTS = "With `at`, and then alone: one for each point, in the order asked."


def within(schema: Any, parts: Json) -> Iterator[str]:
    """The names of the types that a schema refers to, and of those in them."""
    for part in schema.values() if isinstance(schema, dict) else schema:
        if isinstance(part, dict | list):
            yield from within(part, parts)
        elif isinstance(part, str) and part.startswith(REFERENCE):
            yield (name := part.removeprefix(REFERENCE))
            yield from within(parts[name], parts)


def plainer(schema: Any) -> Any:
    """The schema with each list of values where the values are: it does not hold for the null of a nullable member."""
    if isinstance(schema, list):
        return [plainer(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: plainer(part) for name, part in schema.items()}
    if "anyOf" in plain and "enum" in plain:
        first, *others = plain["anyOf"]
        plain["anyOf"] = [first | {"enum": plain.pop("enum")}, *others]
    return plain


def text(about: str, example: str) -> Json:
    return {"type": "string", "description": about, "examples": [example]}


ERROR: Json = {
    "title": "Mistake",
    "description": "One thing that is wrong with a request.",
    "type": "object",
    "properties": {
        "parameter": text("The parameter or member that is wrong.", "units"),
        "detail": text("What is wrong with it.", "imperial is called us or uk here"),
        "pointer": text("Where it is in the body (RFC 6901).", "#/latitude"),
        "allowed": {
            "type": "array",
            "items": {"type": "string"},
            "description": "What would be right, if that is a list.",
            "examples": [["us", "uk"]],
        },
        "did_you_mean": text("What was probably meant.", "us"),
    },
    "required": ["parameter", "detail"],
}
PROBLEM: Json = {
    "title": "Problem",
    "description": "RFC 9457. `code` is stable; `errors` lists everything that is wrong with a request.",
    "type": "object",
    "properties": {
        "type": text("Address of the help on this code.", "/docs/errors#bad_parameter"),
        "title": text("The kind of problem, for people.", "This address is not valid"),
        "status": {"type": "integer", "description": "The HTTP status.", "examples": [400]},
        "detail": text("What happened, for people.", "imperial is called us or uk here"),
        "code": {
            "type": "string",
            "enum": sorted({code for code, _ in KINDS}),
            "description": "The kind of problem, for programs.",
            "examples": ["bad_parameter"],
        },
        "parameter": text("The first of `errors`.", "units"),
        "errors": {
            "type": "array",
            "items": {"$ref": f"{REFERENCE}Mistake"},
            "description": "Every mistake, of `bad_parameter` and `bad_body`.",
        },
        "suggestions": {
            "type": "array",
            "items": {"$ref": f"{REFERENCE}Place"},
            "description": "Places of similar names, of `place_not_found`.",
        },
        "did_you_mean": text("The nearest route, of `not_found`.", "/api/v1/current"),
    },
    "required": ["type", "title", "status", "detail", "code"],
}
PROBLEMS: Json = {"Problem": PROBLEM, "Mistake": ERROR}


def reference(kind: Any) -> Json:
    (schema,), _ = msgspec.json.schema_components([kind], ref_template=f"{REFERENCE}{{name}}")
    return schema


def example(kind: Any) -> Any:
    """Return an example of a type, made of the examples of its members; of one place, where there may be many."""
    made = filled(reference(kind), schemas())
    return {name: value for name, value in made.items() if name != "results"} if kind in OF_MANY else made


def filled(schema: Json, parts: Json) -> Any:
    """Return an example for a schema."""
    if schema.get("examples"):
        return schema["examples"][0]
    if "$ref" in schema:
        return filled(parts[schema["$ref"].removeprefix(REFERENCE)], parts)
    if "anyOf" in schema:
        return filled(schema["anyOf"][0], parts)
    if schema.get("type") == "object":
        return {name: filled(inner, parts) for name, inner in schema.get("properties", {}).items()}
    if schema.get("type") == "array":
        return [filled(schema["items"], parts)]
    return {"string": "", "number": 0.0, "integer": 0, "boolean": False}.get(schema.get("type", ""))
