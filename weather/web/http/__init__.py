"""What all surfaces share of HTTP: queries, clients, access, conditional responses. Here is nothing of weather."""
