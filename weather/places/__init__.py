"""Names to points and back: gazetteer, search, saved places. Here is no weather."""
