"""What several surfaces show of a report, made once: now, hours, days, warnings, drawings. No requests, no HTML."""
