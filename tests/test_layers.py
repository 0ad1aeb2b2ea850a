"""The structure: imports point down only, and some things stand in one module alone. Lazy imports count too."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent / "weather"

LAYERS = ["domain", "i18n", "upstream", "places", "providers", "backend", "web"]
"""The packages, from the bottom up: each imports only from those before it, and from the files at the bottom. The
backend builds what lies below it, and knows nothing of the web."""

BOTTOM = {"", "announcements", "errors", "messages", "logs", "settings", "port", "tracing"}
TOP = ["app", "server", "commands", "__main__"]
ALONE = {
    "httpx": {"upstream.wire.bounded_body", "upstream.wire.client", "upstream.wire.transport_errors"},
    "httpcore": {"upstream.wire.network", "upstream.wire.client"},
    "tenacity": {"upstream.wire.client"},
    "jinja2": {"web.pages.templating"},
    "diskcache": {"upstream.stores.sqlite"},
    "sqlalchemy": {f"places.saved.{name}" for name in ("database", "order", "schema", "statements")},
    "granian": {"server"},
    "prometheus_client": {"web.metrics.exposition"},
    "mcp": {"web.api.mcp.protocol"},
    "mcp_types": {"web.api.mcp.protocol"},
    "opentelemetry": {"tracing"},
    "redis": {"upstream.stores.redis", "upstream.stores.redis_faults"},
    "astronomy": {"domain.astronomy"},
    "time": {"backend"},
    "resvg_py": {"web.pages.embeds.preview_draw"},
    "tzdata": {"places.time_zones"},
    "tzfpy": {"places.time_zones"},
}


@cache
def modules() -> dict[str, ast.Module]:
    found = {}
    for path in ROOT.rglob("*.py"):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix("__init__").strip(".")
        found[name] = ast.parse(path.read_text("utf-8"))
    return found


@cache
def nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """All of a module, which takes long to walk through."""
    return tuple(ast.walk(tree))


@cache
def imports(tree: ast.Module) -> frozenset[str]:
    found = set()
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def room(module: str) -> str:
    return module.partition(".")[0]


def height(module: str) -> int:
    return 0 if room(module) in BOTTOM else 1 + [*LAYERS, *TOP].index(room(module))


def test_imports_point_down_only():
    """No module imports from its own floor or above, except within its package or at the bottom."""
    known = modules()
    for name, tree in known.items():
        for target in {t.removeprefix("weather.") for t in imports(tree) if t.startswith("weather.")}:
            module = target if target in known else target.rpartition(".")[0]
            if room(module) != room(name):
                assert height(module) < height(name) or height(module) == height(name) == 0, f"{name} imports {module}"


def test_the_house_has_at_most_eighteen_rooms_on_ten_floors():
    """Packages and files at the top; each stands one floor above the highest that it imports from."""
    rooms = {room(name) for name in modules()} - {""}
    below: dict[str, set[str]] = {here: set() for here in rooms}
    for name in modules().keys() - {""}:
        targets = {t.removeprefix("weather.") for t in imports(modules()[name]) if t.startswith("weather.")}
        below[room(name)] |= {room(target) for target in targets} & rooms - {room(name)}
    assert len(rooms) <= 18, sorted(rooms)
    floors = dict.fromkeys(rooms, 0)
    for _ in rooms:
        floors = {here: 1 + max((floors[under] for under in below[here]), default=0) for here in rooms}
    assert max(floors.values()) <= 10, floors


def test_the_web_has_at_most_ten_rooms():
    """At the top of `web/` lie at most ten packages and modules."""
    rooms = {name.split(".")[1] for name in modules() if name.startswith("web.")}
    assert len(rooms) <= 10, sorted(rooms)


def test_the_rooms_of_places_point_down():
    """Gazetteer, names, search: each imports only from those before it. What lies beside them imports none, nor does
    the room of saved places."""
    rooms = ["gazetteer", "names", "search"]
    for name, tree in modules().items():
        if name.startswith("places"):
            here = [*name.split("."), ""][1]
            below = rooms[: rooms.index(here) + 1] if here in rooms else [here]
            targets = {t.split(".")[2] for t in imports(tree) if t.startswith("weather.places.")}
            others = targets & {*rooms, "saved"} - {*below}
            assert not others, f"{name} imports {sorted(others)}"


def test_the_rooms_of_upstream_point_down():
    """Wire knows no other room, nor do stores; limits know stores. What they share lies beside them, and of that the
    gateway alone knows them all."""
    allowed = {"wire": {"wire"}, "stores": {"stores"}, "limits": {"limits", "stores"}}
    for name, tree in modules().items():
        here = [*name.split("."), ""][1]
        if name.startswith("upstream.") and here in allowed:
            others = {t.split(".")[2] for t in imports(tree) if t.startswith("weather.upstream.")} & set(allowed)
            assert others <= allowed[here], f"{name} imports {sorted(others)}"


def test_who_asks_knows_nothing_of_responses():
    """`web/http/clients` imports nothing else of `web/` but the reader of queries, in which access keys come too."""
    for name, tree in modules().items():
        if name.startswith("web.http.clients"):
            others = {t for t in imports(tree) if t.startswith("weather.web.")}
            others = {t for t in others if not t.startswith(("weather.web.http.clients", "weather.web.http.query"))}
            assert not others, f"{name} imports {sorted(others)}"


def test_what_surfaces_share_knows_none_of_them():
    """`web/view` imports nothing else of `web/`: pages, terminal, map and calendar ask it, it asks none of them."""
    for name, tree in modules().items():
        if name.startswith("web.view"):
            others = {t for t in imports(tree) if t.startswith("weather.web.") and not t.startswith("weather.web.view")}
            assert not others, f"{name} imports {sorted(others)}"


def test_there_is_no_cycle():
    """Following imports from any module never leads back to it."""
    known = modules()
    graph = {}
    for name, tree in known.items():
        targets = {t.removeprefix("weather.") for t in imports(tree) if t.startswith("weather.")}
        graph[name] = {t if t in known else t.rpartition(".")[0] for t in targets} - {name, ""}
    done: set[str] = set()
    while len(done) < len(graph):
        ready = {name for name, needs in graph.items() if name not in done and needs <= done}
        assert ready, f"a cycle among {sorted(set(graph) - done)}"
        done |= ready


def test_some_things_stand_in_one_module_alone():
    """The HTTP client, the retries, the templates, the clock: each is imported in one place."""
    for name, tree in modules().items():
        for target in imports(tree):
            if (package := target.partition(".")[0]) in ALONE and not (package == "time" and target == "time.timezone"):
                assert name in ALONE[package], f"{name} imports {package}"


def test_only_the_settings_read_the_environment():
    """`os.environ` and `os.getenv` stand in settings alone."""
    for name, tree in modules().items():
        for node in nodes(tree):
            if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv"):
                assert room(name) == "settings", name
