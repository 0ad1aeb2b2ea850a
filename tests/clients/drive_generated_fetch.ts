// openapi-fetch with the types that openapi-typescript has made: calls every operation, and prints what it understood.
import createClient from "openapi-fetch";
import type { paths } from "./schema";

const host = process.argv[2];

async function main(): Promise<void> {
  const client = createClient<paths, "application/json" | "application/problem+json">({ baseUrl: host });
  const tables = createClient<paths, "text/csv">({ baseUrl: host });
  const query = { q: "London" };
  const told: Record<string, unknown> = {};

  told.index = (await client.GET("/api/v1")).data!.routes.length;
  const forecast = (await client.GET("/api/v1/forecast", { params: { query: { ...query, lang: "de" } } })).data!;
  told.forecast = [forecast.place.country, forecast.daily!.length, forecast.summary!.now];
  const at = { lat: 51.51, lon: -0.13, units: "us" as const };
  const current = (await client.GET("/api/v1/current", { params: { query: at } })).data!;
  told.current = [current.current!.temperature, current.units!.temperature, current.freshness!.state];
  const places = { at: "51.51,-0.13;48.86,2.35" };
  const many = (await client.GET("/api/v1/current", { params: { query: places } })).data!;
  told.many = many.results!.map((one) => one.place!.country_code);
  const days = (await client.GET("/api/v1/daily", { params: { query: { ...places, days: 1 } } })).data!;
  told.days_of_many = days.results!.map((one) => one.daily!.length);
  const csv = { params: { query: { ...query, format: "csv" as const } }, parseAs: "text" as const };
  told.table = (await tables.GET("/api/v1/daily", csv)).data!.split(",")[0];
  const hourly = (await client.GET("/api/v1/hourly", { params: { query: { ...query, hours: 6 } } })).data!;
  told.hourly = hourly.hourly!.reduce((sum, step) => sum + step.interval_hours!, 0);
  const daily = (await client.GET("/api/v1/daily", { params: { query: { id: 2643743, days: 3 } } })).data!;
  told.daily = daily.daily!.map((day) => day.date);
  told.nowcast = (await client.GET("/api/v1/nowcast", { params: { query } })).data!.missing.map((gap) => gap.reason);
  told.alerts = (await client.GET("/api/v1/alerts", { params: { query } })).data!.missing.map((gap) => gap.reason);
  const air = await client.GET("/api/v1/air", { params: { query: { ...query, fields: ["air", "freshness"] } } });
  told.air = air.data!.air!.indexes![0].scale;
  const search = await client.GET("/api/v1/search", { params: { query: { ...query, limit: 1 } } });
  told.search = search.data!.results[0].id;

  const body = { name: "Home", latitude: 51.51, longitude: -0.13 };
  const saved = (await client.POST("/api/v1/places", { body })).data!;
  const headers = { Authorization: `Bearer ${saved.token}` };
  const path = { id: saved.id };
  told.places = (await client.GET("/api/v1/places", { headers })).data!.places.map((place) => place.name);
  told.place = (await client.GET("/api/v1/places/{id}", { headers, params: { path } })).data!.name;
  const own = await client.GET("/api/v1/current", { headers, params: { query: { saved: saved.id } } });
  told.saved = own.data!.place!.name;
  const moved = { name: "Work", latitude: 51.5, longitude: -0.1 };
  told.replace = (await client.PUT("/api/v1/places/{id}", { headers, params: { path }, body: moved })).data!.name;
  told.remove = (await client.DELETE("/api/v1/places/{id}", { headers, params: { path } })).response.status;
  told.end = (await client.DELETE("/api/v1/places", { headers })).response.status;
  const gone = await client.GET("/api/v1/places", { headers });
  told.unknown_token = [gone.response.status, gone.error!.code];
  const mistake = await client.GET("/api/v1/current", { params: { query: { lat: 51.51 } } });
  told.mistake = [mistake.response.status, mistake.error!.code, mistake.error!.errors![0].parameter];
  console.log(JSON.stringify(told));
}

main();
