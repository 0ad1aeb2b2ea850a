"""Bring weather/locale up to date: `python .build/locale.py`. Needs Babel, which nothing needs at run time.

    python .build/locale.py             read the messages out of the code, bring every .po up to date, compile
    python .build/locale.py nl          the same, and begin a language
    python .build/locale.py --regions   the same, and ask npm for CLDR's table of who tells the time by twelve hours
    python .build/locale.py --check     write nothing; tell what is out of date

The same sources and the same Babel give the same bytes.
"""

import sys

sys.path.pop(0)  # this folder, in which `import locale` would find this file and not Python's own

import argparse
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, cast

from babel import Locale
from babel.core import get_global
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from weather.domain import conditions, unit_choice, units  # noqa: E402  the repository need not be installed

FOLDER = ROOT / "weather" / "locale"
TEMPLATE, CLDR, TERRITORIES = FOLDER / "messages.pot", FOLDER / "cldr.json", FOLDER / "territories.json"
KEYWORDS = {"say": None, "plural": (1, 2), "N_": None, "C_": ((1, "c"), 2)}  # their messages: None is the first
NOTES = ("Translators:",)  # how a comment for translators begins
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # Babel wants a date where we tell none

Message = str | tuple[str, str]  # two texts for a plural

# The English of this program is Britain's: it says "Tuesday 24 November", and "sulphur".
LOCALES = {"en": "en_GB"}

CHOSEN = (symbol for choices in unit_choice.CHOICES.values() for symbol in choices.values())
UNITS = dict.fromkeys((*CHOSEN, *units.CONVERSIONS, "m", "µg/m³"))

# Texts that stand in no call, with context and note: the words of the sky, and what goes into sentences.
TABLES = (
    ("weather/domain/conditions.py", None, "Weather, as a forecast names it.", conditions.ALL_TEXTS),
    ("weather/domain/units.py", None, "Where a wind comes from; stands only behind “from the”.", units.COMPASS),
    ("weather/domain/units.py", "unit", "The symbol of a unit, behind a number.", list(UNITS)),
)
PLACEHOLDERS: dict[str, str] = json.loads((ROOT / ".build" / "placeholders.json").read_text("utf-8"))

# CLDR's date field symbols (UTS 35) to those that `weather.language` fills in; of the parts of a day, B, it knows two.
FIELDS = {
    "EEEE": "EEEE", "EEE": "EEE", "E": "EEE", "ccc": "EEE", "cccc": "EEEE", "d": "d", "dd": "dd", "M": "M", "MM": "MM",
    "L": "M", "LL": "MM", "MMMM": "MMMM", "LLLL": "MMMM", "y": "y", "H": "H", "HH": "HH", "h": "h", "hh": "hh",
    "K": "K", "mm": "mm", "a": "a", "B": "a",
}  # fmt: skip


class Catalogue(Catalog):
    """A catalogue whose header says what gettext needs, and nothing that changes by itself."""

    percent: float | None = None

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        named = [("Language", self.locale_identifier), ("Plural-Forms", self.plural_forms)] if self.locale else []
        if self.percent is not None:
            named.append(("X-Translated-Percent", f"{self.percent:.1f}"))
        return [*named, ("MIME-Version", "1.0"), ("Content-Type", "text/plain; charset=utf-8\n")]


def plain(catalogue: Catalog) -> Catalogue:
    """The same catalogue with the plain header; read_po makes none but its own kind."""
    catalogue.__class__ = Catalogue
    catalogue.fuzzy = False
    return cast(Catalogue, catalogue)


def template() -> Catalog:
    """Every message of the program, in the order of the files."""
    found = Catalog(header_comment="# The messages of Weatherglass, made by .build/locale.py.", creation_date=EPOCH)
    for file, context, note, texts in TABLES:
        for text in texts:
            found.add(text, locations=[(file, 0)], context=context, auto_comments=[note])
    for file, message, context, notes in messages():
        found.add(message, locations=[(file, 0)], auto_comments=notes, context=context)
    for one in found:
        explain(one)
    return plain(found)


def explain(message: Any) -> None:
    """Tell translators what stands in place of each name in braces."""
    texts = message.id if isinstance(message.id, tuple) else (message.id,)
    names = dict.fromkeys(re.findall(r"\{(\w+)\}", " ".join(texts)))
    written = " ".join(message.auto_comments)
    notes = ((name, PLACEHOLDERS.get(name)) for name in names if f"{{{name}}}:" not in written)
    message.auto_comments += [f"{{{name}}}: {note}" for name, note in notes if note]


def messages() -> Iterator[tuple[str, Message, str | None, list[str]]]:
    """File, message, context and notes for translators, from the code and the templates."""
    for pattern, extract in (("weather/**/*.py", extract_python), ("templates/*", babel_extract)):
        for path in sorted(ROOT.glob(pattern)):
            found = extract_from_file(extract, path, KEYWORDS, NOTES, strip_comment_tags=True)
            for _, message, notes, context in found:
                yield path.relative_to(ROOT).as_posix(), message, context, notes


def updated(path: Path, current: Catalog) -> Catalogue:
    """A language's catalogue with exactly the messages of the template; new ones are empty, none is guessed."""
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, ignore_obsolete=True)
    else:
        name = Locale.parse(path.stem, sep="-").english_name
        catalogue = Catalog(path.stem.replace("-", "_"), header_comment=f"# {name} for Weatherglass.")
    catalogue.update(current, no_fuzzy_matching=True, update_creation_date=False)
    return plain(catalogue)


def po(catalogue: Catalog) -> bytes:
    write_po(file := BytesIO(), catalogue, width=110, include_lineno=False, ignore_obsolete=True)
    return file.getvalue().rstrip() + b"\n"


def mo(catalogue: Catalogue) -> bytes:
    """The compiled form; its header says how much is translated, by which a language is offered or not."""
    messages = [one for one in catalogue if one.id]
    known = [one for one in messages if (all(one.string) if isinstance(one.string, tuple) else one.string)]
    catalogue.percent = 100 * len(known) / len(messages)
    write_mo(file := BytesIO(), catalogue)
    return file.getvalue()


def pattern(told: str) -> str:
    """A CLDR date pattern as a format string of Python: "EEEE, d. MMMM" to "{EEEE}, {d}. {MMMM}"."""

    def part(found: re.Match[str]) -> str:
        quoted, letter = found[1], found[2]
        if quoted is not None:
            return quoted or "'"
        if letter and found[0] not in FIELDS:
            raise SystemExit(f"{told}: {found[0]} is a field that weather.language cannot fill in")
        return f"{{{FIELDS[found[0]]}}}" if letter else found[0]

    return re.sub(r"'([^']*)'|([A-Za-z])\2*|[^A-Za-z']+", part, told)


def skeleton(locale: Locale, *names: str) -> str:
    """The first of the patterns that CLDR has for these fields, its names of days and months written out."""
    told = next(locale.datetime_skeletons[name] for name in names if name in locale.datetime_skeletons)
    told = re.sub(r"(?<![Ec])[Ec]{1,3}(?![Ec])", "EEEE", getattr(told, "pattern", told))
    return pattern(re.sub(r"(?<![ML])([ML])\1\1(?!\1)", r"\1\1\1\1", told))


def conventions(code: str) -> dict[str, Any]:
    """What `weather.language.Conventions` holds."""
    locale = Locale.parse(LOCALES.get(code, code), sep="_" if code in LOCALES else "-")
    signs = locale.number_symbols["latn"]
    halves, days = locale.day_periods["format"]["abbreviated"], locale.days["stand-alone"]
    name = Locale.parse(code, sep="-").display_name or code
    clock, moment = skeleton(locale, "Hm"), skeleton(locale, "EHm")
    return {
        "name": name[0].title() + name[1:],
        "direction": locale.text_direction,
        "decimal": signs["decimal"],
        "minus": signs["minusSign"].replace("-", "\u2212"),
        "group": signs["group"],
        "percent": percent(locale),
        "comma": comma(locale),
        "samples": {locale.plural_form(n): n for n in reversed(range(1000))},
        "weekdays": [days["wide"][day] for day in range(7)],
        "weekdays_short": [days["abbreviated"][day] for day in range(7)],
        "months": [locale.months["format"]["wide"][month] for month in range(1, 13)],
        "halves": [halves["am"], halves["pm"]],
        "clock": clock,
        "clock_twelve": skeleton(locale, "hm"),
        "date": skeleton(locale, "MMMMEEEEd", "MMMMEd", "MMMEd"),
        "date_of_year": pattern(locale.date_formats["long"].pattern),
        "weekday_time": re.sub(r"\{HH?\}\W\{mm\}", "{time}", moment.replace(clock, "{time}")),
        "date_time": str(locale.datetime_formats["medium"]),
    }


def percent(locale: Locale) -> str:
    """How CLDR writes a share: "{number}%"; the sign with the marks that keep it in its place."""
    told = str(locale.percent_formats[None].pattern).partition(";")[0]
    return re.sub(r"[#,.0]+", "{number}", told).replace("%", locale.number_symbols["latn"].get("percentSign", "%"))


def comma(locale: Locale) -> str:
    """What parts the items of a list (CLDR, listPatterns): ", "; without the "and" that some languages put there."""
    styles = (dict(locale.list_patterns[name]) for name in ("standard", "unit-short") if name in locale.list_patterns)
    between = (str(style.get("middle", "")).partition("{0}")[2].partition("{1}")[0] for style in styles)
    marks = (re.sub(r"\w", "", one) for one in between)
    return next((one for one in marks if one.strip()), ", ")


def scripts(codes: list[str]) -> dict[str, str]:
    """The likely scripts of our languages, and those of regions that write them otherwise (CLDR, likelySubtags)."""
    ours = {code.partition("-")[0] for code in codes}
    likely = {name.replace("_", "-").lower(): full.split("_") for name, full in get_global("likely_subtags").items()}
    own = {code: likely[code][1].lower() for code in sorted(ours) if code in likely}
    regions = {name: full[1].lower() for name, full in sorted(likely.items()) if len(full) > 1 and "-" in name}
    return own | {name: script for name, script in regions.items() if own.get(name.partition("-")[0], script) != script}


def fetched(package: str, member: str) -> Any:
    """A JSON file out of an npm package."""
    npm = shutil.which("npm") or sys.exit(f"npm is needed to fetch {package}")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([npm, "pack", "--silent", package], cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as packed:
            packed.extract(f"package/{member}", folder, filter="data")
        return json.loads((Path(folder) / "package" / member).read_bytes())


def hours(version: str) -> dict[str, int]:
    """The regions of 12 hours, and the languages that tell the time otherwise than their region (CLDR's timeData)."""
    rows = fetched(f"cldr-core@{version}", "supplemental/timeData.json")["supplemental"]["timeData"]
    told = {place: 12 if row["_preferred"] == "h" else 24 for place, row in sorted(rows.items())}
    return {place: count for place, count in told.items() if count != told.get(place.partition("-")[2], 24)}


def cldr(codes: list[str], *, with_regions: bool) -> bytes:
    """The whole of cldr.json."""
    version = get_global("cldr")["version"]
    table = hours(version) if with_regions else json.loads(CLDR.read_bytes())["hours"]
    told = {
        "cldr": version,
        "hours": table,
        "scripts": scripts(codes),
        "languages": {code: conventions(code) for code in codes},
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def territories(codes: list[str]) -> bytes:
    """The names of countries, by language and ISO 3166 code: all of territories.json."""
    locales = {code: Locale.parse(LOCALES.get(code, code), sep="_" if code in LOCALES else "-") for code in codes}
    told = {
        code: {key: name for key, name in sorted(locale.territories.items()) if re.fullmatch("[A-Z]{2}", key)}
        for code, locale in locales.items()
    }
    return json.dumps(told, ensure_ascii=False, indent=0).encode() + b"\n"


def made(codes: list[str], *, with_regions: bool) -> dict[Path, bytes]:
    """Every file as it should be."""
    current = template()
    languages = ["en", *codes]
    files = {TEMPLATE: po(current), CLDR: cldr(languages, with_regions=with_regions)}
    files[TERRITORIES] = territories(languages)
    for code in codes:
        catalogue = updated(FOLDER / f"{code}.po", current)
        files |= {FOLDER / f"{code}.po": po(catalogue), FOLDER / f"{code}.mo": mo(catalogue)}
    return files


def out_of_date(files: dict[Path, bytes]) -> list[Path]:
    """Those that differ from what is there; another Babel's CLDR is no fault of the file."""
    known = json.loads(CLDR.read_bytes())["cldr"]
    same = known == get_global("cldr")["version"]
    ours = {path: told for path, told in files.items() if same or path not in (CLDR, TERRITORIES)}
    return [path for path, told in ours.items() if not path.exists() or path.read_bytes() != told]


def main() -> None:
    parser = argparse.ArgumentParser(description="Bring weather/locale up to date.")
    parser.add_argument("code", nargs="*", help="a language to begin, such as nl or pt-BR")
    parser.add_argument("--regions", action="store_true", help="fetch CLDR's table of clocks by region (needs npm)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if something is out of date")
    told = parser.parse_args()
    files = made(sorted({path.stem for path in FOLDER.glob("*.po")} | set(told.code)), with_regions=told.regions)
    if told.check:
        raise SystemExit("\n".join(f"{path.relative_to(ROOT)} is out of date" for path in out_of_date(files)) or None)
    for path, content in files.items():
        path.write_bytes(content)
        print(f"{path.relative_to(ROOT)}: {len(content):,} bytes")


if __name__ == "__main__":
    main()
