"""The commands: parse, call, exit."""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from weather import __version__
from weather.commands.deploy import KINDS, deploy
from weather.settings import Settings, SettingsError, load

SYSTEMS = ("metric", "si", "us", "uk")
INTERRUPTED = 130
"""What shells have for a command that was ended by Ctrl+C (128 and the number of the signal)."""

Command = Callable[[argparse.Namespace], int]
"""Carries out a command; returns the exit status."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status."""
    options = parser().parse_args(arguments)
    command: Command = options.run
    try:
        return command(options)
    except SettingsError as error:
        print(f"weather: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return INTERRUPTED


def parser() -> argparse.ArgumentParser:
    """The commands and their options; the option `run` is the function that carries one out."""
    top = argparse.ArgumentParser(prog="weather", description="A weather site and weather API that says how old it is.")
    top.add_argument("--version", action="version", version=f"weatherglass {__version__}")
    commands = top.add_subparsers(dest="command", required=True)
    add_serve(commands)
    add_now(commands)
    health = commands.add_parser("healthcheck", help="exit 0 if a server answers")
    health.add_argument("url", nargs="?", default="http://127.0.0.1:8000", help="its address (default: %(default)s)")
    health.set_defaults(run=healthcheck)
    check = commands.add_parser("smoke", help="try a running server: its three doors, freshness and headers")
    check.add_argument("url", help="its address, such as https://weather.example.org")
    check.set_defaults(run=smoke)
    look = commands.add_parser("doctor", help="say what is wrong with settings, key, network, cache and database")
    look.set_defaults(run=doctor)
    tools = commands.add_parser("mcp", help="serve language models on standard input and output (extra mcp)")
    tools.set_defaults(run=mcp)
    for name, text, run in (
        ("backup", "write the saved places into a file", backup),
        ("restore", "put the saved places of a file back", restore),
    ):
        copy = commands.add_parser(name, help=text)
        copy.add_argument("file", type=Path, help="a JSON file")
        copy.set_defaults(run=run)
    kit = commands.add_parser("deploy", help="print a file to run the server by")
    kit.add_argument("kind", choices=KINDS)
    kit.set_defaults(run=lambda options: deploy(options.kind))
    return top


def add_serve(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    run = commands.add_parser("serve", help="run the site and both APIs")
    run.add_argument("--host", default="127.0.0.1", help="address to listen at (default: %(default)s)")
    run.add_argument("--port", type=port, default=8000, help="port to listen at (default: %(default)s)")
    run.add_argument(
        "--workers",
        type=workers,
        default=1,
        help="processes, sharing all that is kept (default: %(default)s)",
    )
    run.add_argument("--demo", action="store_true", help="invented weather, whether there is a key or not")
    run.add_argument("--offline", action="store_true", help="never ask upstream; serve what is kept")
    run.set_defaults(run=serve)


def add_now(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    show = commands.add_parser(
        "now",
        help="print the weather of a place; no server is needed",
        description="The exit status is 0 if the answer is fresh, 1 if there is none, 3 if it is out of date.",
    )
    show.add_argument("place", nargs="+", help="a name such as New York, or a point such as 51.51,-0.13")
    form = show.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as /api/v1/forecast answers")
    form.add_argument("--format", default="", help="one line: 1, 2, 3, 4, or codes such as '%%l: %%c %%t'; or j1")
    show.add_argument("--units", choices=SYSTEMS, help="default: WEATHER_UNITS, else metric")
    show.add_argument("--lang", help="default: en")
    show.set_defaults(run=now)


def now(options: argparse.Namespace) -> int:
    """Raises SettingsError."""
    settings = load()
    from weather.commands import now as command
    from weather.web.terminal.options import Options

    wanted = Options(units=options.units, lang=options.lang, format=options.format)
    return command.now(settings, command.Question(tuple(options.place), wanted, options.json))


def port(text: str) -> int:
    """A TCP port."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("a port from 1 to 65535")
    return int(text)


def workers(text: str) -> int:
    """A number of processes."""
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError("a number from 1 to 64")
    return int(text)


def serve(options: argparse.Namespace) -> int:
    """Run until told to stop. Raises SettingsError."""
    settings = load()
    check_home(settings)
    # Imported here, so that help and mistakes are told at once.
    from weather.commands import serve as command

    if options.demo:
        settings = replace(settings, provider="demo")
    if options.offline:
        settings = replace(settings, offline=True)
    return command.serve(settings, options.host, options.port, options.workers)


def check_home(settings: Settings) -> None:
    """Raise SettingsError for a home that is a point, but not on Earth, such as 95°N 5°E."""
    if settings.home is None:
        return
    from weather.errors import BadParameter
    from weather.places.search.coordinates_text import parse_point

    try:
        parse_point(settings.home)
    except BadParameter as error:
        raise SettingsError(
            f"WEATHER_HOME is {settings.home!r}; allowed: a name or a point on Earth. {error}"
        ) from None


def healthcheck(options: argparse.Namespace) -> int:
    from weather.commands import healthcheck as command

    return command.healthcheck(options.url)


def smoke(options: argparse.Namespace) -> int:
    """With an access key of the settings, if there is one. Raises SettingsError."""
    from weather.commands import smoke as command

    return command.smoke(options.url, next((key.key for key in load().access_keys), None))


def mcp(options: argparse.Namespace) -> int:
    """Raises SettingsError."""
    settings = load()
    from weather.commands import mcp as command

    return command.mcp(settings)


def said_once() -> None:
    """What a command says itself is not to stand in the log before: without a handler Python prints warnings."""
    logging.getLogger("weather").addHandler(logging.NullHandler())


def backup(options: argparse.Namespace) -> int:
    """Raises SettingsError."""
    from weather.commands import backup as command

    said_once()
    return command.backup(load(), options.file)


def restore(options: argparse.Namespace) -> int:
    """Raises SettingsError."""
    from weather.commands import backup as command

    said_once()
    return command.restore(load(), options.file)


def doctor(options: argparse.Namespace) -> int:
    """Raises SettingsError."""
    from weather.commands import doctor as command

    said_once()
    return command.doctor(load())
