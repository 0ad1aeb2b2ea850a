"""Official warnings as sources of their own, asked where the source of the weather has none."""
