"""MET Norway (https://api.met.no): its one call, its bodies, its symbols. Nothing of other sources."""
