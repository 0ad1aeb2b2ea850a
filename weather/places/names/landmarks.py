"""Mountains, parks and buildings that people ask the weather of and that are no towns: each has a point of its own.

A line has the name, the country (ISO 3166), latitude and longitude to a hundredth of a degree, and other names after
"=". The points are those that public maps show. Names are looked up normalized.
"""

from collections.abc import Iterable
from typing import NamedTuple

from weather.domain.model import Coordinates
from weather.places.gazetteer.folding import normalize_name

WEIGHT = 50_000
"""What a landmark counts, as if so many people lived there: towns of its name stand beside it in a list."""

TEXT = """
    Eiffel Tower FR 48.86,2.29 = eiffelturm, tour eiffel, torre eiffel, эйфелева башня, برج ايفل, エッフェル塔
    Eiffel Tower FR 48.86,2.29 = 埃菲尔铁塔, 에펠탑
    Mont Saint-Michel FR 48.64,-1.51 = mont st michel, le mont saint michel
    Palace of Versailles FR 48.8,2.12 = chateau de versailles, schloss versailles
    Disneyland Paris FR 48.87,2.78 = euro disney
    Mont Ventoux FR 44.17,5.28
    Mont Blanc FR 45.83,6.86 = monte bianco, montblanc, монблан, モンブラン
    Dune of Pilat FR 44.59,-1.21 = dune du pilat, dune du pyla
    Matterhorn CH 45.98,7.66 = monte cervino, cervino, mont cervin, маттерхорн, マッターホルン
    Jungfraujoch CH 46.55,7.98 = jungfrau
    Eiger CH 46.58,8.01
    Pilatus CH 46.98,8.25
    Rigi CH 47.06,8.49
    Säntis CH 47.25,9.34
    Rhine Falls CH 47.68,8.62 = rheinfall
    Zugspitze DE 47.42,10.98
    Neuschwanstein Castle DE 47.56,10.75 = neuschwanstein, schloss neuschwanstein, castillo de neuschwanstein
    Brandenburg Gate DE 52.52,13.38 = brandenburger tor, porte de brandebourg, puerta de brandeburgo
    Cologne Cathedral DE 50.94,6.96 = kolner dom, koelner dom
    Brocken DE 51.8,10.62
    Feldberg DE 47.87,8.0 = feldberg schwarzwald
    Feldberg im Taunus DE 50.23,8.46 = grosser feldberg, feldberg
    Watzmann DE 47.55,12.92
    Lorelei DE 50.14,7.73 = loreley
    Oktoberfest DE 48.13,11.55 = theresienwiese, wiesn
    Nürburgring DE 50.34,6.95 = nuerburgring
    Europa-Park DE 48.27,7.72 = europapark
    Grossglockner AT 47.07,12.69
    Krimml Waterfalls AT 47.2,12.17 = krimmler wasserfalle
    Stonehenge GB 51.18,-1.83 = стоунхендж
    Ben Nevis GB 56.8,-5.0
    Snowdon GB 53.07,-4.08 = yr wyddfa
    Scafell Pike GB 54.45,-3.21
    Loch Ness GB 57.32,-4.42
    Loch Lomond GB 56.1,-4.63
    Hadrian's Wall GB 55.01,-2.36
    Giant's Causeway GB 55.24,-6.51
    Big Ben GB 51.5,-0.12 = биг бен
    Tower Bridge GB 51.51,-0.08
    Buckingham Palace GB 51.5,-0.14
    Wembley Stadium GB 51.56,-0.28
    Silverstone Circuit GB 52.07,-1.02
    Land's End GB 50.07,-5.72
    White Cliffs of Dover GB 51.13,1.34
    Cliffs of Moher IE 52.97,-9.43
    Ring of Kerry IE 51.95,-9.92
    Carrauntoohil IE 52.0,-9.74
    Sagrada Família ES 41.4,2.17 = la sagrada familia, templo de la sagrada familia
    Alhambra ES 37.18,-3.59 = la alhambra
    Teide ES 28.27,-16.64 = mount teide, pico del teide, el teide
    Sierra Nevada ES 37.06,-3.37
    Rock of Gibraltar GI 36.14,-5.34
    Cabo da Roca PT 38.78,-9.5
    Serra da Estrela PT 40.32,-7.61
    Colosseum IT 41.89,12.49 = colosseo, kolosseum, colisee, coliseo, колизей, コロッセオ
    Vesuvius IT 40.82,14.43 = mount vesuvius, vesuvio, vesuv, vesuve, везувий
    Etna IT 37.75,14.99 = mount etna, mt etna, atna, aetna, этна
    Stromboli IT 38.79,15.21
    Pompeii IT 40.75,14.49 = pompeji, pompei scavi
    Tre Cime di Lavaredo IT 46.62,12.3 = drei zinnen
    Marmolada IT 46.43,11.85
    Stelvio Pass IT 46.53,10.45 = passo dello stelvio, stilfser joch
    Brenner Pass AT 47.0,11.51 = brennerpass, passo del brennero
    Gotthard Pass CH 46.56,8.56 = gotthardpass, gotthard, passo del san gottardo
    Acropolis GR 37.97,23.73 = akropolis, acropole, ακρόπολη, acropolis of athens
    Mount Olympus GR 40.09,22.36 = olympus, olymp, όλυμπος
    Meteora GR 39.71,21.63
    Delphi GR 38.48,22.5
    Hagia Sophia TR 41.01,28.98 = ayasofya
    Pamukkale TR 37.92,29.12
    Mount Ararat TR 39.7,44.3 = ararat, agri dagi, арарат
    Elbrus RU 43.35,42.44 = mount elbrus, эльбрус
    Red Square RU 55.75,37.62 = красная площадь, roter platz, place rouge
    Lake Baikal RU 53.5,108.2 = baikal, baikalsee, байкал, озеро байкал, lac baikal
    Plitvice Lakes HR 44.88,15.62 = plitvicka jezera, plitvicer seen, plitvice
    Triglav SI 46.38,13.84
    Tatra Mountains SK 49.18,20.13 = high tatras, hohe tatra, vysoke tatry, tatry
    Rysy PL 49.18,20.09
    Auschwitz PL 50.03,19.18 = auschwitz birkenau
    Gerlach SK 49.16,20.13 = gerlachovsky stit
    Bran Castle RO 45.51,25.37 = castelul bran
    Chernobyl UA 51.39,30.1 = tschernobyl, чернобыль, чорнобиль
    North Cape NO 71.17,25.78 = nordkapp, nordkap
    Preikestolen NO 58.99,6.19 = pulpit rock
    Trolltunga NO 60.12,6.74
    Galdhøpiggen NO 61.64,8.31
    Geirangerfjord NO 62.1,7.1
    Abisko National Park SE 68.33,18.69 = abisko
    Gullfoss IS 64.33,-20.12
    Blue Lagoon IS 63.88,-22.45 = blaa lonid
    Jökulsárlón IS 64.08,-16.23
    Statue of Liberty US 40.69,-74.04 = freiheitsstatue, statue de la liberte, estatua de la libertad, статуя свободы
    Times Square US 40.76,-73.99
    Central Park US 40.78,-73.97
    Empire State Building US 40.75,-73.99
    Golden Gate Bridge US 37.82,-122.48 = golden gate
    Alcatraz US 37.83,-122.42
    White House US 38.9,-77.04 = weisses haus
    Grand Canyon US 36.06,-112.14 = grand canyon national park, grand canyon village, gran canon, гранд каньон
    Yellowstone US 44.6,-110.5 = yellowstone national park, yellowstone park, йеллоустон
    Old Faithful US 44.46,-110.83
    Yosemite US 37.75,-119.59 = yosemite national park, yosemite valley, йосемити
    Zion National Park US 37.3,-113.03 = zion
    Bryce Canyon US 37.59,-112.19 = bryce canyon national park
    Arches National Park US 38.73,-109.59
    Monument Valley US 36.98,-110.1
    Death Valley US 36.46,-116.87 = death valley national park, furnace creek, tal des todes
    Joshua Tree National Park US 33.87,-115.9
    Sequoia National Park US 36.49,-118.57
    Glacier National Park US 48.76,-113.79
    Rocky Mountain National Park US 40.34,-105.68
    Grand Teton US 43.74,-110.8 = grand teton national park
    Great Smoky Mountains US 35.61,-83.49 = great smoky mountains national park, smoky mountains
    Everglades US 25.29,-80.9 = everglades national park
    Acadia National Park US 44.34,-68.27
    Mount Rushmore US 43.88,-103.46
    Mount Rainier US 46.85,-121.76
    Mount St. Helens US 46.19,-122.19 = mount saint helens
    Mount Hood US 45.37,-121.7
    Mount Washington US 44.27,-71.3
    Mount Whitney US 36.58,-118.29
    Denali US 63.07,-151.01 = mount mckinley, denali national park
    Pikes Peak US 38.84,-105.04
    Mauna Kea US 19.82,-155.47
    Mauna Loa US 19.48,-155.6
    Kilauea US 19.42,-155.29
    Lake Tahoe US 39.1,-120.03
    Hoover Dam US 36.02,-114.74
    Walt Disney World US 28.39,-81.56 = disney world, disneyworld
    Disneyland US 33.81,-117.92
    Area 51 US 37.23,-115.81
    Cape Canaveral US 28.39,-80.6 = kennedy space center
    Niagara Falls CA 43.09,-79.09 = niagarafalle, chutes du niagara, cataratas del niagara, niagara, ниагарский водопад
    Lake Louise CA 51.42,-116.22
    Mount Logan CA 60.57,-140.4
    Chichen Itza MX 20.68,-88.57
    Teotihuacan MX 19.69,-98.84
    Popocatépetl MX 19.02,-98.62
    Machu Picchu PE -13.16,-72.55 = machupicchu, мачу пикчу, マチュピチュ, 马丘比丘
    Lake Titicaca PE -15.8,-69.4 = titicaca, titicacasee, lago titicaca
    Iguazu Falls AR -25.69,-54.44 = cataratas del iguazu, iguacu falls, iguazu, foz do iguacu falls
    Perito Moreno Glacier AR -50.48,-73.05 = glaciar perito moreno
    Aconcagua AR -32.65,-70.01
    Torres del Paine CL -50.94,-73.0
    Salar de Uyuni BO -20.13,-67.49
    Angel Falls VE 5.97,-62.54 = salto angel
    Christ the Redeemer BR -22.95,-43.21 = cristo redentor
    Sugarloaf Mountain BR -22.95,-43.16 = pao de acucar
    Mount Everest NP 27.99,86.93 = everest, qomolangma, эверест, エベレスト, 珠穆朗玛峰, جبل ايفرست, एवरेस्ट
    Everest Base Camp NP 28.0,86.85
    Annapurna NP 28.6,83.82
    K2 PK 35.88,76.51
    Nanga Parbat PK 35.24,74.59
    Taj Mahal IN 27.17,78.04 = тадж махал, ताज महल, タージマハル, 泰姬陵
    Mount Fuji JP 35.36,138.73 = mt fuji, fujisan, fujiyama, fuji, fudschi, mont fuji, monte fuji, фудзияма
    Mount Fuji JP 35.36,138.73 = 富士山, 후지산
    Tokyo Tower JP 35.66,139.75 = 東京タワー
    Great Wall of China CN 40.43,116.57 = great wall, chinesische mauer, grande muraille, 长城, 八达岭
    Forbidden City CN 39.92,116.4 = verbotene stadt, 故宫
    Mount Tai CN 36.25,117.1 = tai shan, 泰山
    Huangshan Mountain CN 30.13,118.17 = yellow mountain, 黄山风景区
    Angkor Wat KH 13.41,103.87 = angkor
    Borobudur ID -7.61,110.2
    Mount Bromo ID -7.94,112.95 = bromo, gunung bromo
    Mount Agung ID -8.34,115.51 = gunung agung
    Rinjani ID -8.41,116.46 = mount rinjani, gunung rinjani
    Halong Bay VN 20.9,107.1 = ha long bay, vinh ha long
    Mount Kinabalu MY 6.07,116.56
    Petronas Towers MY 3.16,101.71
    Uluru AU -25.34,131.04 = ayers rock
    Great Barrier Reef AU -18.29,147.7
    Twelve Apostles AU -38.67,143.1 = great ocean road
    Sydney Opera House AU -33.86,151.22
    Mount Kosciuszko AU -36.46,148.26
    Milford Sound NZ -44.67,167.93
    Mount Cook NZ -43.6,170.14 = aoraki
    Pyramids of Giza EG 29.98,31.13 = pyramids, pyramiden von gizeh, great pyramid, الاهرامات, اهرامات الجيزة
    Abu Simbel EG 22.34,31.63
    Mount Sinai EG 28.54,33.97
    Petra JO 30.33,35.44 = البتراء
    Wadi Rum JO 29.58,35.42
    Dead Sea JO 31.5,35.5 = totes meer, mer morte, البحر الميت
    Masada IL 31.32,35.35
    Burj Khalifa AE 25.2,55.27 = برج خليفة
    Toubkal MA 31.06,-7.92 = jebel toubkal
    Kilimanjaro TZ -3.07,37.35 = mount kilimanjaro, kilimandscharo, kilimandjaro, килиманджаро, キリマンジャロ
    Serengeti TZ -2.33,34.83 = serengeti national park
    Ngorongoro Crater TZ -3.17,35.58 = ngorongoro
    Mount Kenya KE -0.15,37.31
    Masai Mara KE -1.49,35.14 = maasai mara
    Victoria Falls ZW -17.92,25.86 = mosi oa tunya, viktoriafalle
    Table Mountain ZA -33.96,18.41 = tafelberg, tafelberg kapstadt
    Kruger National Park ZA -24.0,31.5 = kruger park, krugerpark
    Cape of Good Hope ZA -34.36,18.47 = kap der guten hoffnung
    Etosha NA -18.85,16.33 = etosha national park
    Sossusvlei NA -24.73,15.29
    Puy de Dôme FR 45.77,2.96
    Picos de Europa ES 43.2,-4.82
    Königssee DE 47.55,12.98 = konigssee, koenigssee
    Tokyo Disneyland JP 35.63,139.88 = 東京ディズニーランド, disneyland tokyo
    Jiuzhaigou CN 33.26,103.92 = 九寨沟
    Hallasan KR 33.36,126.53 = 한라산
    Baikonur Cosmodrome KZ 45.96,63.31
    Shoreditch GB 51.53,-0.08
    Covent Garden GB 51.51,-0.12
    Canary Wharf GB 51.51,-0.02
    Mayfair GB 51.51,-0.15
    SoHo US 40.72,-74.0
    Greenwich Village US 40.73,-74.0
    Upper East Side US 40.77,-73.96
    Upper West Side US 40.79,-73.97
    French Quarter US 29.96,-90.06
    Venice Beach US 33.99,-118.47
    South Beach US 25.78,-80.13
    Mission District US 37.76,-122.42
    Schwabing DE 48.17,11.58
    Reeperbahn DE 53.55,9.96
    Montparnasse FR 48.84,2.32
    Le Marais FR 48.86,2.36 = marais
    Quartier Latin FR 48.85,2.34 = latin quarter
    Pigalle FR 48.88,2.34
    Triana ES 37.38,-6.01
    Gothic Quarter ES 41.38,2.18 = barri gotic, barrio gotico
    Alfama PT 38.71,-9.13
    Beyoğlu TR 41.04,28.98 = taksim
    Sultanahmet TR 41.01,28.98
    Gangnam KR 37.5,127.04 = 강남, 강남구
    Myeongdong KR 37.56,126.98 = 명동
    Haeundae KR 35.16,129.16 = 해운대
    Roppongi JP 35.66,139.73 = 六本木
    Akihabara JP 35.7,139.77 = 秋葉原
    Harajuku JP 35.67,139.7 = 原宿
    Bandra IN 19.05,72.83
    Tsim Sha Tsui HK 22.3,114.17 = 尖沙咀
    South Pole AQ -90.0,0.0 = sudpol, suedpol, pole sud, polo sur, южный полюс
"""


class Landmark(NamedTuple):
    """A point that people know by name, in a country (ISO 3166)."""

    name: str
    country: str
    at: Coordinates


def landmarks(lines: Iterable[str]) -> dict[str, list[Landmark]]:
    """Of each normalized name the landmarks that bear it."""
    table: dict[str, list[Landmark]] = {}
    for line in lines:
        known, _, others = line.partition("=")
        name, country, point = known.strip().rsplit(" ", 2)
        latitude, longitude = map(float, point.split(","))
        landmark = Landmark(name, country, Coordinates(latitude, longitude))
        for folded in {normalize_name(one) for one in (name, *others.split(","))} - {""}:
            if landmark not in table.setdefault(folded, []):
                table[folded].append(landmark)
    return table


LANDMARKS = landmarks(TEXT.strip().splitlines())
