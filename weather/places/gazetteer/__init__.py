"""The places of our own file, by name, number and point, and which of those that share a name is meant. No free text
is read here, and nobody is asked."""
