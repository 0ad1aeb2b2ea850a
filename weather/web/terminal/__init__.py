"""The weather for terminals and status bars: text, one line, and wttr.in's JSON. Its habits are those of wttr.in."""
