"""Lists of saved places and their database. Nothing is searched for here."""
