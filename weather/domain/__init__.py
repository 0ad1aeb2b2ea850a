"""The weather: its model and what can be worked out of it, pure. Here is no I/O, no clock, and nothing of HTTP."""
