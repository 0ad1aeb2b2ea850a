"""The sources of warnings by name, and which of them this run asks."""

from collections.abc import Mapping

from weather.providers.alerts.brightsky import BRIGHT_SKY
from weather.providers.alerts.eccc import ECCC
from weather.providers.alerts.geosphere import GEOSPHERE
from weather.providers.alerts.metalerts import METALERTS
from weather.providers.alerts.meteoalarm import METEOALARM
from weather.providers.alerts.nws import NWS
from weather.providers.alerts.source import AlertSource
from weather.settings import Settings
from weather.settings.record import NEED_CONTACT

ALERT_SOURCES: Mapping[str, AlertSource] = {
    warner.source.word: warner for warner in (NWS, BRIGHT_SKY, METALERTS, ECCC, GEOSPHERE, METEOALARM)
}


def chosen(settings: Settings) -> dict[str, AlertSource]:
    """The sources that are asked: none beside the demo alone; with `auto` all whose terms are met."""
    if settings.provider == "demo":
        return {}
    if "auto" in settings.alerts:
        return {name: source for name, source in ALERT_SOURCES.items() if settings.contact or name not in NEED_CONTACT}
    return {name: ALERT_SOURCES[name] for name in settings.alerts if name in ALERT_SOURCES}
