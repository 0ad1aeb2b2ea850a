"""The only way out: connections, retries, sizes, the API key. Here nothing is kept, and no quota is known."""
