"""Reads what was typed, as a point, a name or a postal code, and finds the place meant. No names are listed here."""
