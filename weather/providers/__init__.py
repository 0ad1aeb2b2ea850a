"""Who gives a report: a folder for each source, their registry, the fallback. Here is nothing of web pages."""
