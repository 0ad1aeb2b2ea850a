"""The HTML pages: a dataclass of variables beside each endpoint. Jinja is known to `templating` alone."""
