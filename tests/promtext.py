"""What Prometheus would read of `/metrics`."""


def samples(text: str) -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    """The values by name and labels, read by Prometheus's own parser."""
    from prometheus_client.parser import text_string_to_metric_families

    found: dict = {}
    for family in text_string_to_metric_families(text):
        for one in family.samples:
            found.setdefault(one.name, {})[tuple(sorted(one.labels.items()))] = one.value
    return found


def by(rows: dict, label: str) -> dict[str, float]:
    """The sums by the values of one label."""
    sums: dict[str, float] = {}
    for labels, value in rows.items():
        sums[dict(labels)[label]] = sums.get(dict(labels)[label], 0.0) + value
    return sums
