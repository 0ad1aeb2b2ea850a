"""Fetches bytes through the cache: quota, circuit breakers, leases, stores. Here is nothing of weather."""
