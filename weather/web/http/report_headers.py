"""The headers of a response that is made of a report."""

from starlette.requests import Request

from weather.providers.report import Report
from weather.web.http.responses import NO_STORE, allow_reuse, freshness_headers


def report_headers(request: Request, report: Report, stale_for: float, *, is_own: bool = False) -> dict[str, str]:
    """How old a report is; one without data must not be stored. It may be used again within the same minute, until a
    part of it expires, or may be asked for that is stale or missing.

    `is_own`: the response is its visitor's alone, and is never used again.
    """
    if not report.has_data:
        return dict(NO_STORE)
    if not is_own:
        allow_reuse(request, report.validities, of_minute=True, seconds=report.unchanged_for)
    return freshness_headers(report.freshness_now, report.fetched_at, stale_for, whole=report.is_complete)
