"""A client that openapi-python-client has made: calls every operation, and prints what it understood as JSON."""

import importlib
import json
import sys

folder, host = sys.argv[1:3]
sys.path.insert(0, folder)
package = "weatherglass_client"
Client = importlib.import_module(f"{package}.client").Client
NewPlace = importlib.import_module(f"{package}.models.new_place").NewPlace


def call(operation: str, *path: str, bearer: str = "", **parameters):
    """The status, and the answer as the client's own type."""
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    with Client(base_url=host, headers=headers) as client:
        module = importlib.import_module(f"{package}.api.default.{operation}")
        answer = module.sync_detailed(*path, client=client, **parameters)
    return answer.status_code.value, answer.parsed


def choice(name: str, value: str):
    """A value of one of the client's own enumerations."""
    return getattr(importlib.import_module(f"{package}.models"), name)(value)


told: dict = {"index": len(call("index")[1].routes)}
_, forecast = call("forecast", q="London", lang=choice("ForecastLang", "de"))
told["forecast"] = [forecast.place.country, len(forecast.daily), forecast.summary.now]
_, current = call("current", lat=51.51, lon=-0.13, units=choice("CurrentUnits", "us"))
told["current"] = [current.current.temperature, current.units.temperature, current.freshness.state]
_, many = call("current", at="51.51,-0.13;48.86,2.35")
told["many"] = [one.place.country_code for one in many.results]
_, days = call("daily", at="51.51,-0.13;48.86,2.35", days=1)
told["days_of_many"] = [len(one.daily) for one in days.results]
told["hourly"] = sum(step.interval_hours for step in call("hourly", q="London", hours=6)[1].hourly)
told["daily"] = [str(day.date) for day in call("daily", id=2643743, days=3)[1].daily]
for section in ("nowcast", "alerts"):
    told[section] = [gap.reason for gap in call(section, q="London")[1].missing]
told["air"] = call("air", q="London", fields=["air", "freshness"])[1].air.indexes[0].scale
told["search"] = call("search", q="London", limit=1)[1].results[0].id
_, saved = call("save", body=NewPlace(name="Home", latitude=51.51, longitude=-0.13))
mine = {"bearer": saved.token}
told["places"] = [place.name for place in call("places", **mine)[1].places]
told["place"] = call("place", saved.id, **mine)[1].name
told["saved"] = call("current", saved=saved.id, **mine)[1].place.name
moved = NewPlace(name="Work", latitude=51.5, longitude=-0.1)
told["replace"] = call("replace", saved.id, body=moved, **mine)[1].name
told["remove"] = call("remove", saved.id, **mine)[0]
told["end"] = call("end", **mine)[0]
status, problem = call("places", **mine)
told["unknown_token"] = [status, problem.code]
status, problem = call("current", lat=51.51)
told["mistake"] = [status, problem.code, problem.errors[0].parameter]
print(json.dumps(told))
