"""Maps that the server draws: the projection, coasts and borders, names, and the tiles of a weather layer over them."""
