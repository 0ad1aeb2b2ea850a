"""The upstream key, read again when its file has changed, and how it is added to an address."""

from contextlib import suppress
from urllib.parse import quote

from weather.settings import Settings, SettingsError, key_from_file


class ApiKey:
    """The key as it is now: its file is read again when it has changed, so that a new key needs no restart."""

    def __init__(self, settings: Settings) -> None:
        self._key, self._path = settings.api_key or "", settings.api_key_file
        self._read_at = self._changed_at()

    def __call__(self) -> str:
        if self._path and (changed := self._changed_at()) != self._read_at:
            self._read_at = changed
            with suppress(SettingsError):
                self._key = key_from_file(self._path)
        return self._key

    def _changed_at(self) -> int:
        try:
            return self._path.stat().st_mtime_ns if self._path else 0
        except OSError:
            return 0


def with_key(address: str, key: str) -> str:
    """An address with a query, and the key at its end if there is one; never to be logged, printed or raised."""
    joint = "" if address.endswith("?") else "&"
    return f"{address}{joint}appid={quote(key, safe='')}" if key else address
