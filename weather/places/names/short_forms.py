"""Short forms of names: St. for Saint, Ft for Fort, NYC for New York. Pure; all names are normalized ones."""

from collections.abc import Iterator
from itertools import islice, product

WORDS = {
    "st": ("saint", "sankt", "sint"), "saint": ("st", "sankt"), "sankt": ("st", "saint"), "ste": ("sainte",),
    "sainte": ("ste",), "sint": ("st",), "sta": ("santa",), "sto": ("santo",), "ft": ("fort",), "fort": ("ft",),
    "mt": ("mount",), "mount": ("mt",), "upon": ("on",), "on": ("upon",),
    "pt": ("port", "point"), "n": ("north",), "s": ("san", "santa", "sao", "south"),
    "н": ("нижнии",), "мал": ("малая",), "e": ("east",), "w": ("west",), "gt": ("great",),
    "hts": ("heights",), "spgs": ("springs",), "jct": ("junction",),
}  # fmt: skip
"""A word of a name, and what is written instead of it."""

FORMS = 12  # at most so many spellings of a name are looked up

WHOLE = {
    "nyc": ("new york city", "US"), "ny": ("new york city", "US"), "la": ("los angeles", "US"),
    "sf": ("san francisco", "US"), "san fran": ("san francisco", "US"), "dc": ("washington", "US"),
    "washington dc": ("washington", "US"), "washington d c": ("washington", "US"), "philly": ("philadelphia", "US"),
    "vegas": ("las vegas", "US"), "nola": ("new orleans", "US"), "kl": ("kuala lumpur", "MY"),
    "hk": ("hong kong", "HK"), "bkk": ("bangkok", "TH"), "joburg": ("johannesburg", "ZA"),
    "spb": ("saint petersburg", "RU"), "спб": ("saint petersburg", "RU"), "питер": ("saint petersburg", "RU"),
    "мск": ("moscow", "RU"), "екб": ("yekaterinburg", "RU"), "cdmx": ("mexico city", "MX"),
    "bs as": ("buenos aires", "AR"), "bsas": ("buenos aires", "AR"), "rio": ("rio de janeiro", "BR"),
    "纽约": ("new york city", "US"), "紐約": ("new york city", "US"),
    "hcmc": ("ho chi minh city", "VN"), "tp hcm": ("ho chi minh city", "VN"), "ffm": ("frankfurt am main", "DE"),
    "jozi": ("johannesburg", "ZA"), "indy": ("indianapolis", "US"), "cincy": ("cincinnati", "US"),
    "chi town": ("chicago", "US"), "okc": ("oklahoma city", "US"), "нск": ("novosibirsk", "RU"),
    "нн": ("nizhny novgorod", "RU"), "jax": ("jacksonville", "US"), "bmore": ("baltimore", "US"),
    "sampa": ("sao paulo", "BR"), "floripa": ("florianopolis", "BR"), "blr": ("bengaluru", "IN"),
    "frankfurt a m": ("frankfurt am main", "DE"), "frankfurt main": ("frankfurt am main", "DE"),
}  # fmt: skip
"""Short forms that one place is known by: its name, and the country it lies in."""


def spellings(name: str) -> Iterator[str]:
    """Yield the name and what its short words may stand for, at most FORMS of them, the name itself first."""
    options = [(word, *WORDS.get(word, ())) for word in name.split()]
    yield from dict.fromkeys(" ".join(words) for words in islice(product(*options), FORMS))
