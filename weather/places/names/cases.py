"""The names that inflected ones come from: Москва for "в Москве", Kraków for "w Krakowie". Pure.

The endings are those of the case that follows "in", or that stands for "of", with what the name itself ends in; the
likelier come first. A name that comes out and that no place has does no harm: it is looked up.
"""

from collections.abc import Iterable, Iterator

CASES = {
    "в во у на погода погоды прогноз": "ове-ов ах-и е-а е- и-ь и-я ові-ів єві-їв ові- еві-ів і- і-а",
    "w we pogoda prognoza": "owie-ów awie-awa niu-ń ni-nia dzi-dź sku-sk gu-g cie-t wiu-w wie-w ach-e em-e ie- ie-a u- "
    "u-e y-",
    "v ve pocasi počasí počasie": "ze-ha ně-no ně-n ě- ě-a ci-c ni-ň ách-y e-a i- u- u-o",
    "u vrijeme vreme време": "u- u-o i-a у- у-о и-а",
    "ў": "ку-к у- е-а е-",
    "sää saa": "ngin-nki een-e run-rku den-ti men-mi ngissä-nki essa-i dessa-ti russa-rku mellä-mi oella-oki ssä- ssa- "
    "ella-e lla- llä- n-",
    "időjárás előrejelzés idő": "en- on- ön- ban- ben- ett- n-",
    "καιρός καιρού": "ας-α ης-η ου-ος",
    "আবহাওয়া": "য়ের-য় ের- র-",
    "ilm ilmateade ilmaennustus": "s- as- a-",
    "oras orai orų": "uje-us uose-ai yje-ys oje-a e-as",
    "laiks laika": "ī-s as-a",
    "moti": "ë-a",
    "eguraldia": "n- en-",
    "hava havo ob-havo": "da- də- de- ta- te-",
    "हवामान": "तील- त-",
    "मौसम": "को- मा-",
    "வானிலை": "யில்- ில்-்",
    "ამინდი ამინდის": "ში-ი ში-",
    "եղանակ եղանակը": "ում-",
    "райы": "да- де- та- те-",
}
"""By words of the language that stand in a question: endings, each with what stands instead of it."""
WITH_PREFIX = {"אוויר האוויר מזג תחזית": "בל"}
"""By such words: the letters that are "in" or "to" and are written to the name."""


WHOLE = {
    "нижнем новгороде": "нижний новгород", "великом новгороде": "великий новгород",
    "ростове на дону": "ростов на дону", "набережных челнах": "набережные челны",
    "старом осколе": "старый оскол", "новой москве": "москва", "białymstoku": "białystok",
    "нижнем тагиле": "нижний тагил", "комсомольске на амуре": "комсомольск на амуре", "кривому розі": "кривий ріг",
    "білій церкві": "біла церква", "новом саду": "нови сад", "бањој луци": "бања лука", "novom sadu": "novi sad",
    "banjoj luci": "banja luka", "slavonskom brodu": "slavonski brod", "novem mestu": "novo mesto",
    "murski soboti": "murska sobota", "zielonej górze": "zielona góra", "jeleniej górze": "jelenia góra",
    "nowym sączu": "nowy sącz", "nowym targu": "nowy targ", "bielsku białej": "bielsko biała",
    "gorzowie wielkopolskim": "gorzów wielkopolski", "hradci králové": "hradec králové",
    "českých budějovicích": "české budějovice", "karlových varech": "karlovy vary",
    "mladé boleslavi": "mladá boleslav", "banskej bystrici": "banská bystrica",
}  # fmt: skip
"""Names of which more than the end is inflected."""


def _pairs(endings: str) -> list[tuple[str, str]]:
    return [(ending, own) for pair in endings.split() for ending, own in (pair.split("-"),)]


ENDINGS = {word: _pairs(endings) for words, endings in CASES.items() for word in words.split()}
PREFIXES = {word: letters for words, letters in WITH_PREFIX.items() for word in words.split()}


def nominatives(name: str, words: Iterable[str]) -> Iterator[str]:
    """Yield the names that an inflected one may come from, by the other words of the question."""
    if (whole := name.casefold().replace("-", " ")) in WHOLE:
        yield WHOLE[whole]
    spoken = list(dict.fromkeys(word.casefold() for word in words))
    for word in spoken:
        yield from (name[: -len(ending)] + own for ending, own in ENDINGS.get(word, ()) if name.endswith(ending))
    if any(name[:1] in PREFIXES[word] for word in spoken if word in PREFIXES):
        yield name[1:]
