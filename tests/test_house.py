"""The measures of the house: no function, no parameter list and no module is too long to be seen at a glance."""

import ast
import re
from collections.abc import Iterator

from test_layers import ROOT, modules, nodes

MOST_PARAMETERS, MOST_LINES, MOST_MODULE_LINES = 6, 50, 300


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function and its module's name."""
    for name, tree in modules().items():
        yield from ((name, node) for node in nodes(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_no_parameter_list_is_long():
    """A function or constructor takes six parameters at most, besides itself; more belong together under a name."""
    lists = {
        f"{name}: {node.name}": [arg.arg for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        for name, node in functions()
    }
    assert not {name: args for name, args in lists.items() if len({*args} - {"self", "cls"}) > MOST_PARAMETERS}


def test_no_body_is_long():
    """A function's statements, below its docstring, take 50 lines at most."""
    bodies = {f"{name}: {node.name}": node.body[ast.get_docstring(node) is not None :] for name, node in functions()}
    lengths = {name: body[-1].end_lineno - body[0].lineno + 1 for name, body in bodies.items() if body}
    assert not {name: lines for name, lines in lengths.items() if lines > MOST_LINES}


def test_no_module_is_long():
    """A module has 300 lines at most."""
    lengths = {path.name: len(path.read_text("utf-8").splitlines()) for path in ROOT.rglob("*.py")}
    assert not {name: lines for name, lines in lengths.items() if lines > MOST_MODULE_LINES}


def test_the_answers_to_ten_questions_are_there():
    """Each module that `weather/README.md` names is there."""
    names = re.findall(r"`([a-z_0-9/]+\.py)`", (ROOT / "README.md").read_text("utf-8"))
    assert len(names) > 10
    homes = (ROOT, ROOT.parent, *ROOT.glob("providers/*"))
    assert not [name for name in names if not any((home / name).exists() for home in homes)]
