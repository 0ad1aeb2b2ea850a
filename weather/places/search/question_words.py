"""What people write around a place when they ask for its weather: "weather in Paris", "погода Москва". Pure."""

import re
from collections.abc import Iterator
from itertools import groupby

from weather.places.gazetteer.folding import normalize_name
from weather.places.names.cases import nominatives

WEATHER = """
weather forecast forecasts temperature temperatures climate meteo prévisions previsions température temps wetter
wettervorhersage wetterbericht vorhersage temperatur temperaturen tiempo clima pronóstico temperatura tempo
previsão meteorologia previsioni weer weersverwachting weerbericht temperatuur pogoda prognoza počasí předpověď
väder vädret väderprognos vejr vejret vejrudsigt vær været værmelding sää sääennuste időjárás előrejelzés vremea
meteorologică hava durumu погода прогноз температура погоду погоди καιρός καιρού πρόγνωση θερμοκρασία الطقس طقس
الحرارة الأرصاد תחזית מזג האוויר אוויר هوا هوای هواشناسی मौसम तापमान আবহাওয়া வானிலை 天気 天気予報 気温 天气
天气预报 天氣 天氣預報 气温 氣溫 날씨 기온 일기예보 thời tiết cuaca อากาศ สภาพอากาศ พยากรณ์อากาศ počasie времето
ilmaprognoos orai oras orų laikapstākļi laiks ilm eguraldia eguraldi oratge meteoroloji veður veðurspá vrijeme
vremenska vreme време прогнозата موسم погоды aqi uv humidity regenradar wetterradar niederschlag luftqualität
metar taf unwetter unwetterwarnung wetteraussichten wetterlage schneehöhe wetterdienst వాతావరణం हवामान ამინდი եղանակ
moti prakiraan прогноза dự báo 예보 週間 ауа райы надворе
pogody počasia prognozė prognozę prognoze ziņas laika ilmateade ilmaennustus weervoorspelling buienradar ramalan panahon
lagay временска havo ob-havo եղանակը ამინდის პროგნოზი цаг агаар കാലാവസ്ഥ ಹವಾಮಾನ હવામાન ਮੌਸਮ
කාලගුණය អាកាសធាតុ မိုးလေဝသ የአየር ሁኔታ yanayi tywydd aimsir vetero veðrið værvarsel vremii starea napoved predpoveď
idő καιρό الجو توقعات پیش بینی دمای accuweather previsió hewa hali teplota wieder अंदाज proqnozu
"""
FALLING = """
rain raining rainy snow snowing sunny windy hot cold temp temps pluie neige pleut regen regnet schnee schneit
lluvia llueve nieve chuva chove pioggia piove neve sneeuw deszcz śnieg déšť regn snø snö sade kar yağmur дождь
снег 雨 雪 비 눈 wind gusts sunset sunrise pollen umbrella radar quality pressure fog storm thunderstorm pleuvoir
neiger parapluie llover nevar paraguas chover piovere ombrello regnen schneien schirm regenschirm sonnenuntergang
sonnenaufgang pioggia sun thunderstorms warm wear kalt warm heiss chaud froid calor frio caldo freddo lloverá nevará
pioverà 会下雨吗 下雨 下雪 nevica regnar regner snöar snør regent sneeuwt vent viento vento vind дождь ветер
hitze schneefall gewitter hagel glatteis orage orages verglas canicule tormenta tormentas heatwave blizzard hail frost
grad degrees jacket coat stopni mưa ฝน 비가 hujan lluvias lloviendo chovendo piovendo nevando
"""
"""These may be parts of names, so that they make a question only beside other words of one."""
TIMES = """
today tomorrow tonight now week weekend hourly daily right this next morning evening day days 10 7 14 16
aujourd'hui demain maintenant ce soir semaine jours heute morgen jetzt abend wochenende woche tage hoy mañana
ahora semana días hoje amanhã agora oggi domani adesso settimana vandaag nu dzisiaj dziś jutro teraz dni dnes
zítra dag idag imorgen imorgon tänään huomenna holnap astăzi mâine bugün yarın сегодня завтра сейчас неделю
неделя дней сьогодні σήμερα αύριο اليوم غدا الآن היום מחר امروز فردا आज कल 今日 明日 今天 明天 오늘 내일 hôm nay
ngày mai hari ini besok วันนี้ พรุ่งนี้ 어때 今日の 明日の 今天的 明天的 明後日 週末 current currently later
gerade zajtra sutra jutri esok january february march april may june july august september october november december
januar februar märz mai juni juli oktober dezember janvier février mars avril juin juillet août septembre octobre
novembre décembre enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag
lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo
lunedì martedì mercoledì giovedì venerdì sabato domenica terça quarta quinta sexta maandag dinsdag woensdag donderdag
vrijdag zaterdag zondag poniedziałek wtorek środę czwartek piątek sobotę niedzielę понедельник вторник среду четверг
пятницу субботу воскресенье måndag tisdag onsdag torsdag fredag lördag söndag mandag lørdag søndag
"""
ASKING = """
what whats is like how hows will it its be show me tell going to quel quelle fait il fera t est comment wie wird
ist es was ich zeig mir cómo como está hace hará qué qual vai fazer che fa farà com è hoe wordt jaka jest jaká
jaké je hur hvad hvordan er blir mikä on milyen lesz cum este nasıl какая какой как будет ли яка який ποιος τι
είναι ما هو كيف حالة درجة מה איך چطور است कैसा है آب و the that there do i
need an a air index take bring va vai brauche einen eine ein faut-il
det to when does sets set rise speed report conditions ski marine hey hello please combien воздуха wieviel grad وضعیت
outside count time radar extended actual actuel actuelle actuales extendido extendida agricole stündlich aktuelles
aktuelle aktuell aktueller wat mai wordt каква какво какова воды моря kakvo kakav kakva kakšno aké aká bude holnapi
az τι κάνει κανει olacak kaç derece günlük saatlik długoterminowa długoterminowej godzinowa quin quina giorni dagen dias
días dní dni napos ngày tới viel wird kini harini ngayon bukas esok ya në yn yng y ў во আজকের কালকের இன்று நாளை
выходные выходных месяц часам почасовой почасовая подробный точный tunneittain timme
كم 怎么样 怎麼樣 会 會 吗 嗎 下雨 下雪 は ο η το οι за
"""
PREPOSITIONS = """
in for at of near on around am beim vom zum zur auf u ve ze
à a au aux pour de du des d sur en dans für bei von im um auf para por em no na do
da per di del della dello nel nella voor te van bij w we dla v ve i på til för klo la în pentru için в во на для
по у біля στην στη στο για في ل على ב ל در برای کا کی کے میں का की के में の 的 在 ở tại untuk ที่
"""
ARTICLES = "la le les el los las lo die der das den the o os as il gli het"
UNSPACED = re.compile(
    "(天気予報|天気|気温|天气预报|天气|天氣預報|天氣|气温|氣溫|พยากรณ์อากาศ|สภาพอากาศ|อากาศ|일기예보|날씨|今日の|明日の|今天的|明天的|今日|明日|今天|明天|週間|예보|วันนี้|พรุ่งนี้|怎么样|怎麼樣|会下雨吗|下雨|吗|嗎|"
    "の(?=天気|気温|週間|今日|明日|週末)|的(?=天气|天氣|气温))"
)
"""Words that stand next to a name without a space."""
TURKISH_CASE = re.compile("['’](?:da|de|ta|te|dan|den|tan|ten|nın|nin|nun|nün|ın|in|un|ün)$")
LONGEST = 24  # words: nobody asks at greater length
LETTERS_OF_CODE, MOST_PARTED = 2, 6


def _words(text: str) -> frozenset[str]:
    return frozenset(folded for word in text.split() for folded in normalize_name(word).split())


CERTAIN, FALLS = _words(WEATHER), _words(FALLING)
AROUND = _words(TIMES) | _words(ASKING) | _words(PREPOSITIONS) | _words(ARTICLES)
NAME_STARTS = _words(ARTICLES)
MENTIONED = CERTAIN | FALLS | _words(TIMES)
NAMES = (NAME_STARTS, frozenset[str](), NAME_STARTS | {"de"}, _words(PREPOSITIONS) | NAME_STARTS)
"""What of the words before a name may belong to it, the likeliest first."""
INVERTED = re.compile("-(?:t-)?(il|elle|on)\\b")
COUNT = re.compile("\\d{1,2}(?:天|日間?|일|h|d)?")


def names_in_question(text: str) -> list[str]:
    """Return what may be the name in a question about the weather, the likeliest first; [] if it is no question."""
    words = _worded(text)
    return list(dict.fromkeys([*_names(words, loosely=False), *inflected_names(text)]))


def inflected_names(text: str) -> list[str]:
    """Return the names that the one in a question may be a case of: Tartu in "ilm Tartus"."""
    words = _worded(text)
    spans = _spans(words, loosely=False)
    return list(nominatives(_joined(spans, frozenset()), words)) if spans else []


def whole_names(text: str) -> list[str]:
    """Return the name in a question with the words behind it that are mostly no part of one: Chiang Mai, Gary IN."""
    words = _worded(text)
    spans = _spans(words, loosely=False) or []
    capital = NAME_STARTS | frozenset(word for word in words[1:] if word[:1].isupper())
    name = " ".join(" ".join(span[_start(span, capital) :]) for span in spans).strip(" ,")
    return [name] if name and name != _joined(spans, capital) else []


def parts_of(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield runs of words of a text, or of the name in a question, the longest and last first; and the other words.

    Each may be the name, as may those that it is a case of, if the other words are none.
    """
    words = _worded(text)
    name = (next(iter(_names(words, loosely=False)), "") or text).split()
    if len(name) > MOST_PARTED:
        return
    for count in range(len(name) - 1, 0, -1):
        for start in range(len(name) - count, -1, -1):
            part, rest = " ".join(name[start : start + count]), name[:start] + name[start + count :]
            yield from ((form, rest) for form in (part, *nominatives(part, words)))


def names_beside(text: str) -> list[str]:
    """Return what may be the name beside a word that has to do with weather or time: "Berlin tomorrow"."""
    return _names(_worded(text), loosely=True)


def _names(words: list[str], *, loosely: bool) -> list[str]:
    spans = _spans(words, loosely=loosely)
    if not spans:
        return []
    capital = frozenset(word for word in words[1:] if word[:1].isupper())
    names = [_joined(spans, NAME_STARTS | capital), *(_joined(spans, articles) for articles in NAMES)]
    return [name for name in dict.fromkeys(names) if name]


def asks_of_no_place(text: str) -> bool:
    """Whether the text asks about the weather and names no place: "weather today"."""
    return _spans(_worded(text), loosely=False) == []


def _worded(text: str) -> list[str]:
    words = (word.strip("?!.:¿¡؟？。") for word in UNSPACED.sub(r" \1 ", INVERTED.sub(r" \1", text)).split()[:LONGEST])
    return [word for word in words if word]


def _spans(words: list[str], *, loosely: bool) -> list[list[str]] | None:
    """Return the runs of words between the words for weather, without those that can hold no name.

    Returns None if the words are no question.
    """
    is_asking = any(_is_around(word) for word in words)
    weather = MENTIONED if loosely else CERTAIN | FALLS if is_asking else CERTAIN
    if not any(_all_in(word, weather) for word in words):
        return None
    runs = [list(run) for is_weather, run in groupby(words, lambda word: _all_in(word, weather)) if not is_weather]
    return [run for run in runs if not all(map(_is_around, run))]


def _all_in(word: str, kind: frozenset[str]) -> bool:
    parts = normalize_name(word).split()
    return bool(parts) and all(part in kind for part in parts)


def _is_around(word: str) -> bool:
    return _all_in(word, AROUND) or not normalize_name(word) or COUNT.fullmatch(word) is not None


def _joined(spans: list[list[str]], articles: frozenset[str]) -> str:
    """Return the spans without the words around the name; an article right before it may be a part of it."""
    return " ".join(" ".join(_trimmed(span, articles)) for span in spans).strip(" ,")


def _trimmed(span: list[str], articles: frozenset[str]) -> list[str]:
    end = next(n for n, word in enumerate(span[::-1]) if not _is_around(word) or _is_code(word, span))
    named = span[_start(span, articles) : len(span) - end]
    return [*named[:-1], TURKISH_CASE.sub("", named[-1])]


def _start(span: list[str], articles: frozenset[str]) -> int:
    """Return where the name in a span begins."""
    start = next(n for n, word in enumerate(span) if not _is_around(word))
    while start and (normalize_name(span[start - 1]) in articles or span[start - 1] in articles):
        start -= 1
    return start


def _is_code(word: str, span: list[str]) -> bool:
    """Whether a word that may be a preposition stands behind a name as the letters of a state or country: Gary IN."""
    return len(word) == LETTERS_OF_CODE and word.isupper() and not "".join(span).isupper()
