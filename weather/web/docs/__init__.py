"""The API described: `/openapi.json`, `/docs`, `/llms.txt`, all from the types themselves."""
