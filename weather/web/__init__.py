"""Requests in, responses out: the URL map, and a package for each surface. Here is no formula, no upstream call."""
