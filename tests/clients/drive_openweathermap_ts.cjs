// openweathermap-ts against another host: the README's recipe, the last argument, is run as it stands.
const [, key, recipe] = process.argv.slice(2);
const OpenWeatherMap = require("openweathermap-ts").default;

async function told() {
  const api = new OpenWeatherMap({ apiKey: key, units: "standard" });
  eval(recipe);
  const now = await api.getCurrentWeatherByCityName({ cityName: "São Paulo", countryCode: "BR" }).catch((error) => error);
  if (now.cod !== 200) return { refused: String(now.message || now) };
  const steps = await api.getThreeHourForecastByGeoCoordinates(51.51, -0.13);
  return { now, steps };
}

told().then((found) => console.log(JSON.stringify(found)));
