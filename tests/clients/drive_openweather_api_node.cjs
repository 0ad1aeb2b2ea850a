// openweather-api-node against another host: the README's recipe, the last argument, is run as it stands.
const [, key, recipe] = process.argv.slice(2);
eval(recipe);
const { OpenWeatherAPI } = require("openweather-api-node");

async function told() {
  const api = new OpenWeatherAPI({ key, units: "standard" });
  try {
    await api.getAllLocations("Lisboa");
  } catch (error) {
    return { refused: error.message };
  }
  const [place] = await api.getAllLocations("Lisboa");
  api.setLocationByCoordinates(52.52, 13.41);
  const now = await api.getCurrent();
  const steps = await api.getForecast();
  const whole = await api.getEverything();
  const air = await api.getCurrentAirPollution();
  return {
    names: place.local_names,
    temp: now.weather.temp.cur,
    steps: steps.map((step) => step.weather.temp.cur),
    now: whole.current.weather.temp.cur,
    minutes: whole.minutely.map((minute) => minute.weather.rain),
    hours: whole.hourly.map((hour) => hour.weather.temp.cur),
    alerts: whole.alerts.map((alert) => alert.event),
    pm2_5: air.components.pm2_5,
  };
}

told().then((found) => console.log(JSON.stringify(found)));
