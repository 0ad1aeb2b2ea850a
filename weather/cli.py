"""The commands: parse, call, exit."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace

from weather import __version__
from weather.settings import Settings, SettingsError, load


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status."""
    options = parser().parse_args(arguments)
    try:
        settings = load()
    except SettingsError as error:
        print(f"weather: {error}", file=sys.stderr)
        return 2
    return serve(options, settings)


def parser() -> argparse.ArgumentParser:
    """`weather serve` and its options."""
    top = argparse.ArgumentParser(prog="weather", description="A weather site and weather API that says how old it is.")
    top.add_argument("--version", action="version", version=f"weatherglass {__version__}")
    commands = top.add_subparsers(dest="command", required=True)
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
    return top


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


def serve(options: argparse.Namespace, settings: Settings) -> int:
    """Run until told to stop."""
    # Imported here, so that help and mistakes are told at once.
    from weather.server import run

    if options.demo:
        settings = replace(settings, api_key=None)
    if options.offline:
        settings = replace(settings, offline=True)
    return run(settings, options.host, options.port, options.workers)
