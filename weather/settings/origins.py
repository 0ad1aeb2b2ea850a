"""Where each setting comes from, for `weather doctor`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from weather.settings.reader import from_file, shown
from weather.settings.record import Settings


@dataclass(frozen=True, slots=True)
class SettingOrigin:
    """A setting that is not left at its default: its variable, its value as it may be shown, where it was found."""

    name: str
    value: str
    place: str


def setting_origins(environment: Mapping[str, str] | None = None, folder: Path | None = None) -> list[SettingOrigin]:
    """Return the settings that were given, in the order of `Settings`. Secrets are not shown. Raises SettingsError."""
    file = from_file((folder or Path()) / ".env")
    sources = {"environment": os.environ if environment is None else environment, ".env": file}
    origins = []
    for meta in (field.metadata for field in fields(Settings)):
        place = next((place for place, texts in sources.items() if texts.get(meta["name"], "").strip()), None)
        if place:
            origins.append(SettingOrigin(meta["name"], shown(meta, sources[place][meta["name"]].strip()), place))
    return origins
