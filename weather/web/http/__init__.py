"""What all surfaces share of HTTP: queries, clients, access, conditional responses. Of weather here is but its age."""
