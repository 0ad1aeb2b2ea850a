"""The JSON API of `/api/v1`: one shape for every source. Here is no HTML."""
