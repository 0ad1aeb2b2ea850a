// openweathermap-ts against another host: the field BASE_URL is set. Prints what it understood.
const [host, key] = process.argv.slice(2);
const OpenWeatherMap = require("openweathermap-ts").default;

async function told() {
  const api = new OpenWeatherMap({ apiKey: key, units: "standard" });
  api.BASE_URL = host + "/data/2.5/";
  const now = await api.getCurrentWeatherByCityName({ cityName: "São Paulo", countryCode: "BR" }).catch((error) => error);
  if (now.cod !== 200) return { refused: String(now.message || now) };
  const steps = await api.getThreeHourForecastByGeoCoordinates(51.51, -0.13);
  return { now, steps };
}

told().then((found) => console.log(JSON.stringify(found)));
