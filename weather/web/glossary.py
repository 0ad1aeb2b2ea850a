"""What the members of an answer mean, in one line each, with an example: for `/openapi.json`, `/docs`, `/llms.txt`."""

from dataclasses import dataclass, fields

from weather.model import Conditions, DailyForecast, Minute
from weather.units import SYSTEMS


@dataclass(frozen=True, slots=True)
class Word:
    """A member: what it is, an example, and every value it may have, where these are few."""

    about: str
    example: object
    among: tuple[str, ...] = ()


QUANTITIES = {
    f.name: f.metadata["quantity"]
    for kind in (Conditions, DailyForecast, Minute)
    for f in fields(kind)
    if "quantity" in f.metadata
}
"""Members whose unit stands in `units`."""

TIMES = frozenset("time observed_at fetched_at valid_until starts_at ends_at sunrise sunset moonrise moonset".split())
"""Members that are moments: RFC 3339, with the place's own offset."""

WORDS = {
    "name": Word("Its name.", "London"),
    "country": Word("ISO 3166 code.", "GB"),
    "state": Word("Region of a country.", "England"),
    "Freshness.state": Word("`stale` once past its lifetime, whatever the cause.", "fresh", ("fresh", "stale")),
    "Attribution.text": Word("Who is to be credited.", "Weather data provided by OpenWeather"),
    "latitude": Word("Degrees, WGS 84; weather is asked for by cells of 0.01.", 51.51),
    "longitude": Word("Degrees, WGS 84.", -0.13),
    "timezone": Word("IANA name, or a fixed offset such as +05:45.", "Europe/London"),
    "system": Word("The unit system.", "metric", tuple(SYSTEMS)),
    "source": Word("Who gave it.", "openweathermap", ("openweathermap", "open-meteo", "demo")),
    "observed_at": Word("When it was measured, where the source says so.", "2026-11-24T11:50:00Z"),
    "fetched_at": Word("When it was fetched from the source.", "2026-11-24T12:00:00Z"),
    "valid_until": Word("When it will be asked for again.", "2026-11-24T12:10:00Z"),
    "time": Word("The moment it is valid for; of sums, the end.", "2026-11-24T12:00:00Z"),
    "temperature": Word("Air temperature.", 12.4),
    "feels_like": Word("With wind and humidity.", 10.9),
    "dew_point": Word("Where the air would be saturated.", 9.2),
    "humidity": Word("Relative humidity, per cent.", 81),
    "pressure": Word("At sea level.", 1012),
    "wind_speed": Word("Ten-minute mean; of a day, the greatest.", 18),
    "wind_gust": Word("Gusts.", 29.2),
    "wind_direction": Word("Where the wind comes from, degrees from north.", 225),
    "cloud_cover": Word("Per cent of the sky.", 75),
    "visibility": Word("At most what the source tells.", 10),
    "uv_index": Word("UV index.", 1.5),
    "precipitation": Word("Of the hours before `time`; in `minutely` an intensity, an hour's worth.", 0.4),
    "precipitation_probability": Word("Per cent.", 80),
    "condition": Word("What the sky does.", None),
    "code": Word("OpenWeatherMap's condition code.", 500),
    "group": Word("Its kind.", "rain"),
    "text": Word("In words, English.", "light rain"),
    "icon": Word("OpenWeatherMap's icon code.", "10d"),
    "is_day": Word("Whether the sun is up.", True),
    "basis": Word("Measured, or read from the kept forecast.", "observation", ("observation", "forecast")),
    "interval": Word("Length of the step in hours.", 3),
    "date": Word("A calendar day of the place.", "2026-11-24"),
    "temperature_min": Word("Lowest of the day.", 7.1),
    "temperature_max": Word("Highest of the day.", 13),
    "sunrise": Word("null on days without.", "2026-11-24T07:33:00Z"),
    "sunset": Word("null on days without.", "2026-11-24T15:59:00Z"),
    "moonrise": Word("null on days without.", "2026-11-24T15:20:00Z"),
    "moonset": Word("null on days without.", "2026-11-24T07:41:00Z"),
    "moon_phase": Word("0 new, 0.25 first quarter, 0.5 full, 0.75 last quarter.", 0.5),
    "summary": Word("In words, in the language asked for.", "Light rain, about 2 mm."),
    "partial": Word("Whether the forecast covers only a part of the day.", False),
    "id": Word("Opaque.", "O4-GjrtpUoUFZ8N4eWw7yQ"),
    "event": Word("What is warned of.", "Yellow wind warning"),
    "sender": Word("Who warns.", "Met Office"),
    "starts_at": Word("When it begins.", "2026-11-24T18:00:00Z"),
    "ends_at": Word("When it ends.", "2026-11-25T06:00:00Z"),
    "description": Word("The warning as it was issued.", "Gusts of 60 mph are likely."),
    "tags": Word("Its kinds.", ["Wind"]),
    "index": Word("Of `scale`.", 2),
    "scale": Word("Name of the scale of `index`.", "OpenWeatherMap 1-5"),
    "now": Word("Of now.", "Light rain, 12°. Wind 18 km/h from the south-west."),
    "today": Word("Of the next 24 hours.", "Rain from about 18:00 to 21:00. About 2 mm in 24 hours."),
    "section": Word("Which section is null.", "alerts"),
    "reason": Word("Why.", "plan", ("plan", "upstream", "quota", "offline", "not_available")),
    "detail": Word("The same for people.", "OpenWeatherMap's free products have no alerts."),
    "url": Word("Where it leads.", "https://openweathermap.org/"),
    **{f"Units.{name}": Word("", symbol) for name, symbol in SYSTEMS["metric"].symbols().items() if name != "system"},
    "token": Word("The list is known by it from now on: `Authorization: Bearer …`. Told once.", "kHBUcF3C2V4JlF3A…"),
    "parameter": Word("The parameter or member that is wrong.", "units"),
    "type": Word("about:blank: `code` tells the kind.", "about:blank"),
    "title": Word("The kind of problem, for people.", "Bad parameter"),
    "status": Word("The HTTP status.", 400),
}
"""By member; where two types share a name they share its line, unless it stands here with its type."""
