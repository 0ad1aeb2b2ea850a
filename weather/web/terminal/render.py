"""What an address asks for, made of a report: text, a line, or JSON. `weather now` makes the same. Pure."""

import msgspec

from weather.i18n.formatting import Formatter
from weather.providers.report import SECTIONS, Report
from weather.web.terminal.j1 import body
from weather.web.terminal.one_line import one_line
from weather.web.terminal.options import Options
from weather.web.terminal.report import Contents, text_report
from weather.web.terminal.view import view_of

JSON_FORMATS = frozenset({"j1", "j2"})
"""wttr.in's; the second leaves out the hours there, and is answered with all of them here."""

ALL, LINE, DAYS = frozenset(SECTIONS), frozenset({"current"}), frozenset({"current", "hourly", "daily"})


def sections_for(form: str) -> frozenset[str]:
    """The sections that a format needs: a line is of now alone, and costs no call for what it does not say."""
    if not form:
        return ALL - {"air"}
    if form in JSON_FORMATS:
        return DAYS
    return LINE | {"hourly"} if "%o" in form else LINE


def is_json(form: str) -> bool:
    return form in JSON_FORMATS


def rendered(report: Report, reader: Formatter, options: Options, contents: Contents, now: float) -> str:
    """The text that is asked for. `options.colour` says whether it is coloured."""
    view = view_of(report, reader, now)
    if options.format in JSON_FORMATS:
        return msgspec.json.format(msgspec.json.encode(body(view))).decode() + "\n"
    if options.format:
        return one_line(view, options.format)
    return text_report(view, contents, colour=bool(options.colour))
