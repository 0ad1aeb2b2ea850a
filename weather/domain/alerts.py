"""Official warnings, each told once, in one language, while it lasts. Pure.

The same warning comes as copies, or once in each language, or both. Two are one when sender and span agree, and
the texts either agree (or one of them is empty) or are of two languages, with the same event or the same tags. Texts
in languages that are not known here are of two where they hardly share a word.
In doubt they stay apart: one shown twice does less harm than one hidden.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from weather.domain.model import Alert

WORDS = {
    "en": r"the|of|and|with|from|for|is|are|will|until|there|no|yellow|red|amber|warnings?|watch|advisory|alerts?|risk|"
    r"high|winds?|rain|snow|thunderstorms?|flood|flooding|heat|frost|fog|gusts?|dangers?|dangerous|other",
    "de": r"der|die|das|und|mit|von|vor|für|ist|sind|bis|im|auf|es|amtliche|gelbe?|wind|rote?|gefahr|"
    r"\w*warnung|\w*gewitter|\w*böen|\w*regen|schnee\w*|frost\w+|hitze\w*|hochwasser\w*|glätte\w*",
    "fr": r"le|la|les|des|du|et|pour|avec|est|une|vigilance|jaune|rouge|vents?|pluies?|neige|orages?|crues?|canicule",
    "it": r"il|gli|della|delle|dei|di|per|con|sono|avviso|allerta|giall[ao]|venti|vento|pioggia|neve|temporali",
    "es": r"el|los|las|del|y|por|aviso|amarillo|rojo|naranja|vientos?|viento|lluvias?|nieve|tormentas?",
    "pt": r"dos|das|com|para|em|uma?|aviso|amarelo|vermelho|laranja|vento|chuva|precipitação|neve",
    "nl": r"het|een|van|voor|met|door|zijn|wordt|gele?|geel|rode|rood|oranje|waarschuwing|wind(?:stoten)?|regen|sneeuw",
    "sv": r"och|för|av|på|med|är|det|ett|gul|röd|orange|\w*varning|\w*vindar?|\w*regn|snö\w*|åska",
    "fi": r"sekä|tai|maa-alueille|keltainen|punainen|\w*varoitus|\w*tuul\w*|\w*sade\w*|lumi\w*",
    "pl": r"oraz|się|przed|ostrzeżenie|stopnia|wiatr\w*|deszcz\w*|śnieg\w*|burze|mróz",
}
SCRIPTS = {"ARABIC": "ar", "CYRILLIC": "ru", "GREEK": "el", "HEBREW": "he", "CJK": "zh", "HANGUL": "ko"}
OTHER = "other"
"""A language with letters that English has not, and no words that are known here."""
HAZARD = (
    r"(?:severe|extreme|high|low|wind|rain|snow|ice|fog|thunderstorms?|temperature|flood(?:ing)?|coastal|event|"
    r"coastalevent|forest|fire|avalanches?|weather)"
)
ALL_CLEAR = re.compile(
    rf"\s*(?:green[ -]+(?:{HAZARD}[ /-]+)*(?:\w+[ -])?(?:warning|alert)|"
    r"(?:grüne\w?|groene?|vihreä|grönt?|grøn(?:t|ne)?|zielone|zelen[áýáéoa]) (?:\w+ )?"
    r"\w*(?:warnung|waarschuwing|varoitus|varning|varsel|ostrzeżenie|výstraha|opozorilo|upozorenje)|"
    r"(?:vigilance|alerte|avertissement|aviso|alerta|avviso|allerta|avertizare|code|kod|\w*warnung|warning|"
    r"(?:nivel|niveau|livello|level)) (?:de nivel |de niveau |di livello )?(?:verte?|verde|groen|grün|grön|green))\b",
    re.IGNORECASE,
)
"""Events that say that there is nothing to be warned of: green is Meteoalarm's lowest level. In English its own names
of hazards may stand between, and no others: a "Green River flood warning" is one."""
NONE = re.compile(
    r"\s*(?:no (?:(?:weather|severe weather) )?(?:warnings?|alerts?)(?: (?:in force|in effect|issued))?|"
    r"no (?:special|particular) awareness (?:of the weather )?(?:is )?required|all clear|"
    r"entwarnung|keine (?:amtlichen? )?(?:wetter)?warnung(?:en)?|"
    r"(?:pas de|aucune) (?:vigilance|alerte)(?: particulière)?|sin avisos?|sem avisos?|nessuna allerta|"
    r"geen waarschuwing(?:en)?|ingen varning(?:ar)?|ei varoituksia|brak ostrzeżeń)[\s.!]*",
    re.IGNORECASE,
)
"""Whole events that say so in words; "None" alone is not one, for so programs write a name that is missing."""
CANCELLED = re.compile(
    r"\W*(?:cancell?ed|cancellation|aufgehoben|aufhebung|annulée?)\s*[:–—-]\s*"
    r"(?!.*\b(?:replac|upgrad|downgrad|exten[ds]|now|new|still|remain|continu|in (?:force|effect)|ersetzt|jetzt|neue|"
    r"weiterhin|remplac|maintenan|nouve))[^\s.;][^.;\n]*",
    re.IGNORECASE,
)
"""Whole titles that take a warning back, and say nothing of what came in its place."""
HIGHER = re.compile(
    r"\b(?:yellow|amber|orange|red|gelb\w*|rote?|rouge|jaune|amarel[oa]|amarill[oa]|naranja|laranja|roj[oa]|vermelh[oa]|"
    r"giall[ao]|arancione|ross[ao]|geel|gele|oranje|rood|rode|gult?|röd|rött|keltai\w+|oranssi|punai\w+)\b",
    re.IGNORECASE,
)
"""Other levels: an event that names one of them too is a warning."""

APART = 0.1
"""The share of words that texts of two languages may have in common: names, numbers."""

ENOUGH = 500
"""Letters of a text that tell its language."""


def current_and_upcoming(alerts: Iterable[Alert], now: float) -> tuple[Alert, ...]:
    """Those that warn and are not over, the active before the upcoming, each in order of its beginning."""
    lasting = [alert for alert in alerts if last_moment(alert).timestamp() > now and not is_all_clear(alert.event)]
    return tuple(sorted(lasting, key=lambda alert: (alert.starts_at.timestamp() > now, alert.starts_at.timestamp())))


def is_all_clear(event: str) -> bool:
    """Whether an event says that there is nothing to be warned of; in doubt it does not."""
    is_green = ALL_CLEAR.match(event) and not HIGHER.search(event)
    return bool(is_green or NONE.fullmatch(event)) or is_cancellation(event)


def is_cancellation(title: str | None) -> bool:
    """Whether an event or headline says that the warning is taken back; in doubt it does not."""
    return bool(CANCELLED.fullmatch(title or ""))


def last_moment(alert: Alert) -> datetime:
    """Its end, if it lies after the beginning; else until a day after that, for how long it lasts is not known.

    Such an end is its message's (seen of the NWS: "expires" before "onset").
    """
    return alert.ends_at if alert.ends_at and alert.ends_at > alert.starts_at else alert.starts_at + timedelta(days=1)


def deduplicate(alerts: Sequence[Alert], language: str) -> tuple[Alert, ...]:
    """Each warning once: in the visitor's language where there is a choice, else in English."""
    groups: list[list[Alert]] = []
    for alert in alerts:
        group = next((group for group in groups if all(is_same(alert, other) for other in group)), None)
        if group is None:
            groups.append([alert])
        else:
            group.append(alert)
    return tuple(max(group, key=lambda alert: worth(alert, language)) for group in groups)


def worth(alert: Alert, language: str) -> tuple[bool, bool, bool]:
    """How much a reader of that language gets from it; the first of the greatest is told."""
    return alert.language == language, bool(alert.description), alert.language == "en"


def is_same(alert: Alert, other: Alert) -> bool:
    """Whether two are the same warning."""
    if (alert.sender, alert.starts_at, alert.ends_at) != (other.sender, other.starts_at, other.ends_at):
        return False
    if are_translations(alert, other):
        return alert.event == other.event or set(alert.tags) == set(other.tags)
    texts = {alert.description, other.description}
    return alert.event == other.event and ("" in texts or len(texts) == 1)


def are_translations(alert: Alert, other: Alert) -> bool:
    """Whether they are of two languages; where one of these is not known, by that they hardly share a word."""
    languages = {alert.language, other.language}
    if None not in languages and OTHER not in languages:
        return len(languages) == 2
    if len(languages) == 2 and None not in languages:
        return True
    ours, theirs = (words_in(f"{each.event} {each.description[:ENOUGH]}") for each in (alert, other))
    fewer = min(len(ours), len(theirs))
    enough = 3 if len(languages) == 2 else 8  # neither known: only long texts tell
    return bool(alert.tags) and fewer >= enough and len(ours & theirs) <= APART * fewer


@lru_cache(maxsize=512)  # each alert is compared with all others
def words_in(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(re.findall(r"[^\W\d_]{2,}", text.lower()))


def guess_language(text: str) -> str | None:
    """The language of a text by its script, else by its commonest words; None if it could be any."""
    letters = [letter for letter in text[:ENOUGH].lower() if letter.isalpha()]
    names = (unicodedata.name(letter, "").partition(" ")[0] for letter in letters if not letter.isascii())
    foreign = [SCRIPTS[name] for name in names if name in SCRIPTS]
    if len(foreign) * 2 > len(letters):
        return max(sorted(set(foreign)), key=foreign.count)
    counts = {name: len(re.findall(rf"\b(?:{words})\b", text[:ENOUGH].lower())) for name, words in WORDS.items()}
    best = max(counts, key=lambda name: counts[name])
    if counts[best]:
        return best
    return None if "".join(letters).isascii() else OTHER
