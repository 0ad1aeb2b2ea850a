"""What was meant by a name that is not ours: words that other weather APIs use, then the nearest spelling. Pure."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches

PARAMETERS = {
    "q": "city cityname city_name place location query name town address search where",
    "lat": "latitude lattitude y",
    "lon": "lng long longitude longtitude longditude x",
    "zip": "postcode postal postalcode postal_code zipcode zip_code plz",
    "id": "cityid city_id place_id placeid geonameid geoname_id",
    "units": "unit system unit_system units_system temperature_unit measure",
    "lang": "language locale hl",
    "fields": "field select only include members",
    "hours": "hour forecast_hours",
    "days": "day forecast_days cnt",
    "limit": "count max n size cnt per_page",
    "appid": "apikey api_key api-key key access_key accesskey token app_id",
}
"""Words for our parameters."""

MEMBERS = {
    "temperature": "temp t temperature_2m air_temperature tempc temp_c",
    "temperature_min": "min temp_min tempmin low temperature_2m_min temperaturelow min_temp",
    "temperature_max": "max temp_max tempmax high temperature_2m_max temperaturehigh max_temp",
    "feels_like": "feelslike apparent_temperature apparenttemperature windchill",
    "humidity": "rh relative_humidity relative_humidity_2m",
    "dew_point": "dewpoint dew_point_2m",
    "pressure": "pressure_msl sea_level surface_pressure",
    "wind_speed": "wind windspeed wind_speed_10m windspeed_10m speed",
    "wind_speed_max": "wind windspeed wind_speed wind_speed_10m_max",
    "wind_gust": "gust gusts windgust wind_gusts wind_gusts_10m",
    "wind_gust_max": "gust gusts windgust wind_gust wind_gusts_10m_max",
    "wind_direction": "deg wind_deg winddirection wind_bearing windbearing wind_direction_10m bearing",
    "cloud_cover": "clouds cloudcover cloudiness cloud",
    "uv_index": "uv uvi uvindex",
    "uv_index_max": "uv uvi uvindex uv_index",
    "precipitation": "precip precipitation_sum precipintensity qpf",
    "precipitation_probability": "pop chance precip_probability precipprobability probability",
    "precipitation_rate": "precipitation precip precipintensity rate intensity",
    "condition": "weather weather_code weathercode sky",
    "text": "description main words",
    "code": "weather_code weathercode",
    "time": "dt timestamp",
    "date": "dt time day",
    "indexes": "aqi index scale european_aqi us_aqi",
    "pollutants": "components",
    "pm2_5": "pm25",
    "starts_at": "start onset starts",
    "ends_at": "end expires ends",
    "sender": "sender_name",
    "fresh_until": "valid_until expires",
    "interval_hours": "interval",
    "next_24_hours": "today",
    "region": "state province admin1",
    "country_code": "cc",
    "attributions": "attribution credit source",
    "nowcast": "minutely minutes minutely_15",
    "hourly": "hours hour",
    "daily": "days day",
    "current": "now currently current_weather",
    "air": "air_quality air_pollution airquality",
}
"""Words for our members, by the last part of their name."""


ROUTES = ("forecast", "current", "hourly", "daily", "nowcast", "alerts", "air", "search", "places")
"""Below `/api/v1/`."""

OF_ROUTE = {
    "weather": "current", "now": "current", "hours": "hourly", "days": "daily", "minutely": "nowcast",
    "air_pollution": "air", "air-quality": "air", "aqi": "air", "warnings": "alerts", "geo": "search",
    "geocode": "search", "onecall": "forecast",
}  # fmt: skip
"""Words for the last part of a route."""


def route_for(path: str) -> str | None:
    """Return the route of the API that was meant; None if that cannot be said."""
    last = path.rstrip("/").rpartition("/")[2].lower().partition(".")[0]
    near = get_close_matches(OF_ROUTE.get(last, last), ROUTES, 1, 0.7)
    return f"/api/v1/{near[0]}" if near else None


def table(words: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return our names by each other word."""
    by_word: dict[str, tuple[str, ...]] = {}
    for ours, others in words.items():
        for other in others.split():
            by_word[other] = (*by_word.get(other, ()), ours)
    return by_word


OF_PARAMETER, OF_MEMBER = table(PARAMETERS), table(MEMBERS)
SECTIONS_FIRST = ("current", "hourly", "daily")
"""Where a member is looked for that was named without its section."""


def parameter_for(name: str, known: Collection[str]) -> str | None:
    """Return the parameter that was meant; None if that cannot be said."""
    lowered = name.lower()
    meant = [lowered, *OF_PARAMETER.get(lowered, ()), *get_close_matches(lowered, known, 1, 0.7)]
    return next((name for name in meant if name in known), None)


def member_for(name: str, known: Collection[str]) -> str | None:
    """Return the dotted name that was meant, within the section that was named; None if that cannot be said."""
    lowered = name.lower()
    above, _, last = lowered.rpartition(".")
    section = next((part for part in lowered.split(".")[:1] if above and part in known), "")
    within = [name for name in known if name.startswith(f"{section}.")] if section else list(known)
    if lowered in known:
        return lowered
    for word in (last, *OF_MEMBER.get(last, ())):
        if member := named(word, section or above, within):
            return member
    ends = {name.rpartition(".")[2]: None for name in within}
    near = get_close_matches(last, list(ends), 1, 0.7)
    return named(near[0], section or above, within) if near else None


def named(word: str, above: str, known: Collection[str]) -> str | None:
    """Return the first known name that ends in this word: right under `above`, then in the usual sections."""
    first = [f"{above}.{word}"] if above else [word, *(f"{section}.{word}" for section in SECTIONS_FIRST)]
    longer = [name for name in known if name.endswith(f".{word}") and f".{above}." in f".{name}"]
    return next((name for name in first if name in known), None) or next(iter(longer), None)
