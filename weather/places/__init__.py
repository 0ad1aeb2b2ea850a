"""Names to points and back. Here is no weather.

From the bottom up: `gazetteer/`, `names/`, `search/`, each imports only from those before it; `saved/` imports none of
them. What lies beside them, zones and postal codes, imports none.
"""
