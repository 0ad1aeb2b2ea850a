"""What countries and regions are called by the people there, besides the names that the gazetteer has. Pure.

The gazetteer's file has the regions' names of iso-codes; it lacks those that GeoNames calls otherwise. All names are
normalized ones. A name of Chinese characters or Hangul is known with and without the word for its kind behind it.
"""

import re
import unicodedata

from weather.places.gazetteer.folding import normalize_name

TEXT = """
    adygeya republic = адыгея
    arkhangelskaya = архангельская область
    altai = республика алтай, горный алтай
    altai krai = алтайский край, алтай
    amur oblast = амурская область
    astrakhan oblast = астраханская область
    bashkortostan republic = башкортостан, башкирия, bashkortostan, bashkiria
    belgorod oblast = белгородская область
    bryansk oblast = брянская область
    buryatiya republic = бурятия, buryatia
    chechnya = чечня, чеченская республика
    chelyabinsk = челябинская область
    chukotka = чукотка, чукотский автономный округ
    chuvash republic = чувашия, чувашская республика, chuvashia
    dagestan = дагестан
    ingushetiya republic = ингушетия, ingushetia
    irkutsk oblast = иркутская область
    ivanovo oblast = ивановская область
    kabardino balkariya republic = кабардино балкария
    kaliningrad oblast = калининградская область
    kalmykiya republic = калмыкия, kalmykia
    kaluga oblast = калужская область
    kamchatka = камчатка, камчатский край, kamtschatka
    karachayevo cherkesiya republic = карачаево черкесия
    karelia = карелия, республика карелия
    kuzbass = кузбасс, кемеровская область, kemerovo oblast
    khabarovsk = хабаровский край
    khakasiya republic = хакасия, khakassia
    khanty mansia = хмао, югра, ханты мансийский автономный округ
    kirov oblast = кировская область
    komi = коми, республика коми
    kostroma oblast = костромская область
    krasnodar krai = краснодарский край, кубань
    krasnoyarsk krai = красноярский край
    kurgan oblast = курганская область
    kursk oblast = курская область
    leningradskaya oblast = ленинградская область, leningrad oblast
    lipetsk oblast = липецкая область
    magadan oblast = магаданская область
    mariy el republic = марий эл
    mordoviya republic = мордовия, mordovia
    moscow oblast = московская область, подмосковье
    murmansk = мурманская область
    nizhny novgorod oblast = нижегородская область
    novgorod oblast = новгородская область
    novosibirsk oblast = новосибирская область
    omsk oblast = омская область
    orenburg oblast = оренбургская область
    oryol oblast = орловская область
    penza oblast = пензенская область
    perm krai = пермский край
    primorye = приморье, приморский край
    pskov oblast = псковская область
    republic of tyva = тыва, тува, tuva
    rostov = ростовская область
    ryazan oblast = рязанская область
    sakha = якутия, саха, yakutia, jakutien
    sakhalin oblast = сахалин, сахалинская область, sakhalin
    samara oblast = самарская область
    saratov oblast = саратовская область
    smolensk oblast = смоленская область
    stavropol kray = ставропольский край, ставрополье
    sverdlovsk oblast = свердловская область
    tambov oblast = тамбовская область
    tatarstan republic = татарстан, tatarstan, республика татарстан
    tomsk oblast = томская область
    tula oblast = тульская область
    tver oblast = тверская область
    tyumen oblast = тюменская область
    udmurtiya republic = удмуртия, udmurtia
    ulyanovsk = ульяновская область
    vladimir oblast = владимирская область
    volgograd oblast = волгоградская область
    vologda oblast = вологодская область
    voronezh oblast = воронежская область
    yamalo nenets = янао, ямал, ямало ненецкий автономный округ
    yaroslavl oblast = ярославская область
    zabaykalskiy transbaikal kray = забайкальский край, забайкалье
    cherkasy = черкаська область
    chernihiv oblast = чернігівська область
    chernivtsi = чернівецька область
    dnipropetrovsk = дніпропетровська область
    donetsk = донецька область
    ivano frankivsk = івано франківська область
    kharkiv = харківська область
    kherson = херсонська область
    khmelnytskyi = хмельницька область
    kirovohrad = кіровоградська область
    crimea = крым, крим, krim, crimee, krym
    kyiv oblast = київська область, kiev oblast
    luhansk = луганська область
    lviv = львівська область
    mykolaiv = миколаївська область
    odesa = одеська область
    poltava = полтавська область
    rivne oblast = рівненська область
    sumy = сумська область
    ternopil = тернопільська область
    vinnytsia = вінницька область
    zakarpattia = закарпаття, закарпатська область
    zaporizhzhia = запорізька область
    zhytomyr oblast = житомирська область
    catalonia = cataluna, catalunya, katalonien, catalogne, catalogna, catalunha, catalonie, каталония
    andalusia = andalucia, andalusien, andalousie, andaluzia, андалусия
    castille la mancha = castilla la mancha, castile la mancha, kastilien la mancha
    castille and leon = castilla y leon, castile and leon, kastilien und leon
    navarre = navarra, nafarroa
    basque country = pais vasco, euskadi, baskenland, pays basque, paesi baschi
    murcia = region de murcia
    asturias = asturien, asturies, principado de asturias
    cantabria = kantabrien, cantabrie
    balearic islands = baleares, islas baleares, illes balears, balearen, baleari
    canary islands = canarias, islas canarias, kanaren, kanarische inseln, canaries, isole canarie
    normandy = normandie, normandia
    new aquitaine = nouvelle aquitaine, aquitaine, aquitanien
    basilicate = basilicata
    the marches = marche, marken
    apulia = puglia, apulien, pouilles
    lodz voivodeship = lodzkie, wojewodztwo lodzkie
    opole voivodeship = opolskie
    podlasie = podlaskie
    lesser poland = malopolska
    greater poland = wielkopolska
    silesia = slask, slaskie
    lower silesia = dolny slask
    pomerania = pomorze
    mazovia = mazowsze
    crete = κρητη
    attica = αττικη
    peloponnese = πελοποννησος
    thessaly = θεσσαλια
    epirus = ηπειρος
    ionian islands = ιονια νησια
    central macedonia = κεντρικη μακεδονια
    jeju do = 제주도, 제주특별자치도, 济州岛, 済州島
    gangwon do = 강원도, 강원특별자치도, 강원
    sejong si = 세종, 세종특별자치시
    inner mongolia = 内蒙古, 內蒙古, 内蒙古自治区
    xinjiang = 新疆
    tibet = 西藏
    guangxi = 广西, 廣西
    ningxia = 宁夏
    medina region = المدينة المنورة, منطقة المدينة المنورة
    mecca region = مكة المكرمة, منطقة مكة المكرمة
    russia = russian federation, rf, рф, ussr
    svalbard = spitzbergen, spitsbergen, spitsberg, шпицберген
    netherlands = holland, holanda, hollande, olanda
    england = inglaterra, angleterre, inghilterra, engeland, anglia, англия
    scotland = ecosse, schottland, escocia, scozia, шотландия
    wales = pays de galles, gales
    northern ireland = nordirland
    united kingdom = grossbritannien, great britain, britain, gran bretana, grande bretagne, velka britanie
    united kingdom = великобритания, 英国, uk
    united states = америка, america, amerika, ee uu, eeuu, eua, сша, 美国, 美國, アメリカ
    united arab emirates = uae
    south korea = korea, corea, 한국
    czechia = czech republic
    cote divoire = ivory coast
    myanmar = burma
    north macedonia = macedonia, македонија, македония, македонія, maqedonia, maqedoni
    north macedonia = mazedonien, macedoine, makedonija
    albania = shqiperia, shqiperi
    sri lanka = ශ්‍රී ලංකාව, ශ්‍රී ලංකා
    france = 法国
    germany = 德国
    newfoundland and labrador = newfoundland, neufundland
    corsica = corse, korsika, corcega
    north rhine westphalia = nrw, westfalen
    england = ingiltere, αγγλια, anglie, anglicko, anglija, انجلترا, 英格兰, イングランド, 잉글랜드, אנגליה
    jammu and kashmir = kashmir, kaschmir
    trinidad and tobago = trinidad, tobago
    antigua and barbuda = antigua, barbuda
    saint kitts and nevis = st kitts, saint kitts, nevis
    saint vincent and the grenadines = st vincent, saint vincent
    palestinian territory = palestine, palastina, palestina, فلسطين
    aland islands = aland
    saudi arabia = السعودية, السعوديه
    united arab emirates = الامارات, emirates
    thailand = ประเทศไทย, เมืองไทย
    china = 中华人民共和国, 中华
    vietnam = viet nam
"""

KINDS = ("自治区", "県", "府", "都", "省", "市", "광역시", "특별시", "도", "시")
"""The words behind a region's name that say what kind it is."""
KIND_BEHIND = re.compile("(?<=.) (?:state|province|prefecture|oblast|область|island|islands|ili)$")
"""The same in languages with spaces."""
ADDED = ("省", "県", "도")


def other_names(text: str) -> dict[str, str]:
    """Of each name the one that the file has."""
    rows = (line.split("=") for line in text.strip().splitlines())
    return {normalize_name(name): known.strip() for known, names in rows for name in names.split(",")}


OTHER_NAMES = other_names(TEXT)


def other_names_of(name: str) -> list[str]:
    """Return under which other names the file may have a country or region; the name is normalized."""
    kindless = KIND_BEHIND.sub("", name)
    others = [OTHER_NAMES.get(name), kindless if kindless != name else None]
    return [*filter(None, others), *_with_and_without_kind(name)]


def _with_and_without_kind(name: str) -> list[str]:
    """Return a name of Chinese characters or Hangul without the word for its kind, or with one; [] of other names."""
    whole = unicodedata.normalize("NFC", name)
    if not 1 < len(whole) <= 8 or not all("\u3400" <= letter <= "\ud7af" for letter in whole):
        return []
    kind = next((kind for kind in KINDS if whole.endswith(kind)), "")
    forms = [whole.removesuffix(kind)] if kind else [whole + added for added in ADDED]
    return [normalize_name(form) for form in forms if form]
