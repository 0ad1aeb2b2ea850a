"""The OpenAPI 3.1 description, built from the table of operations and the types of the answers. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec

from weather import __version__
from weather.places.saved import SavedPlace
from weather.web.api.places import Added, NewPlace, SavedList
from weather.web.api.schema import ANSWERS, Results
from weather.web.docs.operations import KINDS, OPERATIONS, WAYS, Json, Operation, Parameter

REFERENCE = "#/components/schemas/"
BODIES = (*ANSWERS.values(), Results, SavedList, SavedPlace, Added, NewPlace)

FRESHNESS_HEADERS = {
    "Age": "Seconds since the oldest part was fetched.",
    "Cache-Control": "For how long it may be reused.",
    "Cache-Status": "How it came about (RFC 9211); a stale answer has a negative ttl.",
    "ETag": "Changes with the bytes, and with nothing else.",
}


def description(root: str) -> Json:
    """Return the OpenAPI document; `root` is the path prefix of the server."""
    paths: dict[str, Json] = defaultdict(dict)
    for operation in OPERATIONS:
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
    return [{}, {"key": []}, *own]


def parameters(operation: Operation) -> list[Json]:
    documents = [PLACE] if operation.takes_place else []
    if operation.needs_id:
        documents.append({"name": "id", "in": "path", "required": True, "schema": {"type": "string"}})
    return documents + [parameter_object(parameter) for parameter in operation.parameters]


PLACE: Json = {
    "name": "place",
    "in": "query",
    "required": True,
    "style": "form",
    "explode": True,
    "description": "The place, in one of four ways.",
    "schema": {
        "oneOf": [
            {
                "type": "object",
                "title": " and ".join(names),
                "required": list(names),
                "properties": {name: WAYS[name] for name in names},
                "additionalProperties": False,
            }
            for names in (("q",), ("lat", "lon"), ("zip",), ("id",))
        ]
    },
    "examples": {"name": {"value": {"q": "London"}}, "point": {"value": {"lat": 51.51, "lon": -0.13}}},
}


def parameter_object(parameter: Parameter) -> Json:
    document: Json = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.about,
        "schema": parameter.schema,
        "example": parameter.example,
    }
    if parameter.name == "q":
        document["required"] = True
    return document | ({"style": "form", "explode": False} if parameter.schema["type"] == "array" else {})


def responses(operation: Operation) -> dict[str, Json]:
    documents = {str(status): success(kind) for status, kind in operation.answers.items()}
    if operation.method == "GET":
        documents["304"] = {"description": "Not modified: the copy whose ETag was sent is right."}
    return documents | {status: problem(lines) for status, lines in sorted(by_status(operation).items())}


def success(kind: Any) -> Json:
    if kind is None:
        return {"description": "Done; there is nothing to say."}
    headers = FRESHNESS_HEADERS if kind in ANSWERS.values() else {}
    schema = {"anyOf": [reference(kind), CHOSEN]} if kind in ANSWERS.values() else reference(kind)
    content = {"schema": schema, "example": example(kind)}
    return {
        "description": "The answer.",
        "headers": {name: {"description": about, "schema": {"type": "string"}} for name, about in headers.items()},
        "content": {"application/json": content},
    }


CHOSEN: Json = {
    "title": "Chosen",
    "description": "With `fields`: the members that were chosen, each as in the whole answer.",
    "type": "object",
}


def by_status(operation: Operation) -> dict[str, list[str]]:
    """Return the descriptions of the problems by status."""
    lines = defaultdict(list)
    for kind in KINDS.values():
        if kind.code in operation.problems:
            lines[str(kind.status)].append(f"`{kind.code}`: {kind.about}")
    return lines


def problem(lines: Iterable[str]) -> Json:
    content = {"schema": {"$ref": f"{REFERENCE}Problem"}}
    return {"description": "\n\n".join(lines), "content": {"application/problem+json": content}}


@cache
def schemas() -> Json:
    """The types of all bodies, each member with its words, its unit and an example, as their annotations have it."""
    _, parts = msgspec.json.schema_components(BODIES, ref_template=f"{REFERENCE}{{name}}")
    return parts | {"Problem": PROBLEM}


@cache
def glossary() -> dict[str, tuple[str, str]]:
    """Return description and unit by member. A name with two meanings comes with its type: `Type.name`."""
    words: dict[str, tuple[str, str]] = {}
    for owner, part in schemas().items():
        for name, schema in part["properties"].items():
            about, _, unit = schema.get("description", "").partition(" Unit: ")
            if about:
                line = (about, unit.strip("`."))
                words[name if words.get(name, line) == line else f"{owner}.{name}"] = line
    return words


PROBLEM: Json = {
    "title": "Problem",
    "description": "RFC 9457. `code` is stable; `parameter` names what is wrong, where that is a parameter.",
    "type": "object",
    "properties": {
        "type": {"type": "string", "description": "about:blank: `code` tells the kind.", "examples": ["about:blank"]},
        "title": {"type": "string", "description": "The kind of problem, for people.", "examples": ["Bad parameter"]},
        "status": {"type": "integer", "description": "The HTTP status.", "examples": [400]},
        "detail": {"type": "string", "description": "The same for people.", "examples": ["limit is a whole number"]},
        "code": {"type": "string", "enum": sorted({code for code, _ in KINDS})},
        "parameter": {"type": "string", "description": "The parameter or member that is wrong.", "examples": ["units"]},
    },
    "required": ["type", "title", "status", "detail", "code"],
}


def reference(kind: Any) -> Json:
    (schema,), _ = msgspec.json.schema_components([kind], ref_template=f"{REFERENCE}{{name}}")
    return schema


def example(kind: Any) -> Any:
    """Return an example of a type, made of the examples of its members."""
    return filled(reference(kind), schemas())


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
