"""What is counted, by the first word of its key."""

REQUESTS, RESPONSES, AGES, SECONDS = "requests", "responses", "ages", "seconds"
CACHE_HITS, CACHE_ENTRIES, CACHE_BYTES = "response cache hits", "response cache entries", "response cache bytes"
