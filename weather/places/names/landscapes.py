"""Islands, coasts, mountains, old provinces and counties that have no place of their name: the towns that they mean.

The gazetteer has towns, states and countries. What people call a landscape crosses those, or lies inside one; here are
the well known ones, under the names that people of several languages give them. All names are normalized ones.
"""

from functools import cache

from weather.places.gazetteer.folding import normalize_name
from weather.places.names import world_cities

TEXT = """
    palma ES = mallorca, majorca, majorque, maiorca
    mao ES = menorca, minorca, minorque
    ibiza ES = eivissa
    santa cruz de tenerife ES = tenerife, teneriffa
    las palmas ES = gran canaria
    arrecife ES = lanzarote
    puerto del rosario ES = fuerteventura
    malaga ES; marbella ES; nerja ES = costa del sol
    girona ES; lloret de mar ES; roses ES = costa brava
    alicante ES; benidorm ES = costa blanca
    bilbao ES; san sebastian ES = basque coast
    funchal PT = madeira, madere
    ponta delgada PT; angra do heroismo PT; horta PT = azores, azoren, acores
    faro PT; lagos PT; albufeira PT = algarve
    ajaccio FR; bastia FR = corsica, corse, korsika, corcega
    strasbourg FR; mulhouse FR; colmar FR = alsace, elsass, alsacia
    nice FR; cannes FR; antibes FR = cote dazur, french riviera, riviera
    marseille FR; avignon FR; aix en provence FR = provence
    saint martin de re FR; la rochelle FR = ile de re
    grenoble FR; chambery FR; annecy FR = french alps, alpes
    bayonne FR; biarritz FR = pays basque
    perigueux FR; bergerac FR = dordogne, perigord
    portoferraio IT = elba
    cagliari IT; sassari IT; olbia IT = sardinia, sardegna, sardinien, sardaigne, cerdena
    riva del garda IT; desenzano del garda IT; bardolino IT = lake garda, gardasee, lago di garda, lac de garde
    como IT; bellagio IT = lake como, comer see, lago di como
    verbania IT; locarno CH = lago maggiore, lake maggiore
    bolzano IT; merano IT; bressanone IT = south tyrol, sudtirol, suedtirol, alto adige
    cortina dampezzo IT; canazei IT = dolomites, dolomiten, dolomiti
    amalfi IT; positano IT; salerno IT = amalfi coast, costiera amalfitana
    rimini IT; riccione IT = adriatic coast
    westerland DE = sylt
    wyk auf fohr DE = fohr, foehr
    nebel DE = amrum
    bergen auf rugen DE; sassnitz DE; ostseebad binz DE = rugen, ruegen
    seebad heringsdorf DE; ostseebad zinnowitz DE = usedom
    freiburg DE; freudenstadt DE; titisee neustadt DE = schwarzwald, black forest, foret noire, الغابة السوداء
    kempten DE; oberstdorf DE; sonthofen DE = allgau, allgaeu
    garmisch partenkirchen DE; berchtesgaden DE = bavarian alps, bayerische alpen
    daun DE; prum DE = eifel
    wernigerode DE; goslar DE = harz
    rostock DE; kiel DE; stralsund DE = ostsee, ostseekuste
    husum DE; busum DE; cuxhaven DE = nordsee, nordseekuste
    konstanz DE; friedrichshafen DE; bregenz AT = bodensee, lake constance, lac de constance
    bautzen DE; gorlitz DE = lausitz, oberlausitz
    winterberg DE = sauerland
    bad ischl AT; gmunden AT = salzkammergut
    klagenfurt am worthersee AT; velden am worther see AT = worthersee
    st moritz CH; pontresina CH = engadin, engadine
    interlaken CH; grindelwald CH = berner oberland, bernese oberland
    den burg NL = texel
    ronne DK = bornholm
    visby SE = gotland
    borgholm SE = oland
    rovaniemi FI; kiruna SE; tromso NO = lapland, lappland, laponie, laponia
    svolvaer NO; leknes NO = lofoten
    portree GB = skye, isle of skye
    kirkwall GB = orkney, orkney islands
    lerwick GB = shetland, shetland islands
    newport GB; cowes GB = isle of wight
    inverness GB; fort william GB; aviemore GB = highlands, scottish highlands
    stornoway GB = outer hebrides, hebrides
    keswick GB; windermere GB; kendal GB = lake district
    stow on the wold GB; cirencester GB = cotswolds
    truro GB; newquay GB; penzance GB = cornwall, cornouailles
    exeter GB; plymouth GB; torquay GB = devon
    taunton GB; bath GB = somerset
    dorchester GB; weymouth GB = dorset
    brighton GB; hastings GB; worthing GB = sussex
    guildford GB; woking GB = surrey
    canterbury GB; maidstone GB; dover GB = kent
    chelmsford GB; southend on sea GB; colchester GB = essex
    ipswich GB; bury st edmunds GB = suffolk
    norwich GB; great yarmouth GB = norfolk
    york GB; leeds GB; sheffield GB = yorkshire
    carlisle GB; kendal GB = cumbria
    buxton GB; bakewell GB = peak district
    bangor GB; caernarfon GB = snowdonia
    galway IE; clifden IE = connemara
    carlow IE = county carlow, co carlow
    cavan IE = county cavan, co cavan
    ennis IE = county clare, co clare
    letterkenny IE = county donegal, co donegal
    tralee IE; killarney IE = county kerry, co kerry, kerry
    naas IE = county kildare, co kildare
    portlaoise IE = county laois, co laois
    carrick on shannon IE = county leitrim, co leitrim
    dundalk IE = county louth, co louth
    castlebar IE = county mayo, co mayo
    navan IE = county meath, co meath
    tullamore IE = county offaly, co offaly
    clonmel IE = county tipperary, co tipperary
    mullingar IE = county westmeath, co westmeath
    wexford IE = county wexford, co wexford
    wicklow IE = county wicklow, co wicklow
    cork IE = county cork, co cork
    galway IE = county galway, co galway
    kilkenny IE = county kilkenny, co kilkenny
    limerick IE = county limerick, co limerick
    longford IE = county longford, co longford
    monaghan IE = county monaghan, co monaghan
    roscommon IE = county roscommon, co roscommon
    sligo IE = county sligo, co sligo
    waterford IE = county waterford, co waterford
    dublin IE = county dublin, co dublin
    ballymena GB = county antrim, co antrim
    armagh GB = county armagh, co armagh
    downpatrick GB = county down, co down
    enniskillen GB = county fermanagh, co fermanagh
    derry GB = county londonderry, co londonderry
    omagh GB = county tyrone, co tyrone
    heraklion GR; chania GR; rethymno GR = crete, kreta, creta
    kerkyra GR = corfu, korfu, corfou
    rodos GR = rhodes, rhodos, rodi
    kos GR = kos island
    fira GR = santorini, santorin
    kalamata GR; tripoli GR; patra GR = peloponnese, peloponnes
    pula HR; rovinj HR; porec HR = istria, istrien, istra
    split HR; zadar HR; dubrovnik HR = dalmatia, dalmatien, dalmacija
    nevsehir TR; goreme TR = cappadocia, kappadokien, kapadokya
    victoria MT = gozo
    novosibirsk RU; krasnoyarsk RU; irkutsk RU = siberia, sibirien, siberie, siberien, سيبيريا
    hyannis US; provincetown US = cape cod
    key west US; marathon US; key largo US = florida keys
    riverhead US; hempstead US = long island
    napa US = napa valley
    san francisco US; oakland US; san jose US = bay area
    san jose US; palo alto US; mountain view US = silicon valley
    honolulu US = oahu
    kahului US = maui
    lihue US = kauai
    hilo US; kailua kona US = big island
    puerto ayora EC = galapagos, galapagos islands
    san carlos de bariloche AR; punta arenas CL; ushuaia AR = patagonia, patagonien, patagonie, باتاغونيا
    hanga roa CL = easter island, isla de pascua, osterinsel
    jakarta ID; surabaya ID; bandung ID = java, java island, jawa, جاوة, جاوا, جزيرة جاوا
    medan ID; palembang ID; padang ID = sumatra
    kuching MY; kota kinabalu MY; pontianak ID = borneo
    mataram ID = lombok
    puerto princesa PH; el nido PH = palawan
    malay PH = boracay
    krabi TH = phi phi
    ko samui TH = koh samui
    vaitape PF = bora bora
    papeete PF = tahiti
    tokyo JP; beijing CN; delhi IN = asia, asien, asie, азия, アジア, 亚洲
    london GB; paris FR; berlin DE = europe, europa, европа, ヨーロッパ, 欧洲
    cairo EG; lagos NG; nairobi KE = africa, afrika, afrique, африка, アフリカ, 非洲
    new york US; mexico city MX; toronto CA = north america, nordamerika, amerique du nord
    sao paulo BR; buenos aires AR; lima PE = south america, sudamerika, amerique du sud, sudamerica
    guatemala city GT; managua NI; panama PA = central america, mittelamerika, centroamerica
    sydney AU; auckland NZ = oceania, ozeanien, oceanie
    kingston JM; havana CU; santo domingo DO = caribbean, karibik, caraibes, caribe, antillas, antilles
    dubai AE; riyadh SA; baghdad IQ = middle east, naher osten, moyen orient, medio oriente
    boston US; providence US; hartford US = new england, neuengland
    chicago US; minneapolis US; detroit US = midwest
    seattle US; tacoma US = pacific northwest
    pittsburgh US; knoxville US; asheville US = appalachia, appalachian mountains, appalachians
    belgrade RS; sofia BG; sarajevo BA = balkans, balkan, balkanhalbinsel
    tallinn EE; riga LV; vilnius LT = baltics, baltikum, baltic states
    innsbruck AT; grenoble FR; bolzano IT = alps, alpen, alpes, alpi, альпы, the alps
    hamburg DE; dresden DE; magdeburg DE = elbe
    london GB; oxford GB; reading GB = thames, river thames, themse
    aberdeen GB; bergen NO; esbjerg DK = north sea, mer du nord, noordzee
    beirut LB; damascus SY; amman JO = levant, levante
    shenyang CN; harbin CN; changchun CN = manchuria, mandschurei, mandchourie
    metz FR; nancy FR = lorraine, lothringen
    montpellier FR; nimes FR = languedoc
    valladolid ES; burgos ES = castile, kastilien, castilla
    baghdad IQ; mosul IQ; basrah IQ = mesopotamia, mesopotamien, mesopotamie
    aswan EG; wadi halfa SD = nubia, nubien
    sharm el sheikh EG; dahab EG = sinai, sinai peninsula, sinaihalbinsel
    tijuana MX; la paz MX = baja, baja peninsula
    yekaterinburg RU; chelyabinsk RU; perm RU = ural, urals, урал, oural, ural mountains
    tbilisi GE; baku AZ; yerevan AM = caucasus, kaukasus, caucase, кавказ
    nizhniy novgorod RU; samara RU; volgograd RU = volga, wolga, волга
    bar harbor US; ellsworth US = acadia
    cluj napoca RO; brasov RO; sibiu RO = transylvania, transilvania, siebenburgen, transylvanie
    stockholm SE; oslo NO; copenhagen DK = scandinavia, skandinavien, scandinavie
    holyhead GB; llangefni GB = anglesey
    korinthos GR = corinth, korinth, corinthe, corinto
    argostoli GR = kefalonia, cephalonia, kefallonia
    mitilini GR = lesbos, lesvos
    sant francesc de formentera ES = formentera
    santa cruz de la palma ES = la palma
    san sebastian de la gomera ES = la gomera, gomera
    siofok HU; keszthely HU; balatonfured HU = balaton, lake balaton, plattensee
    prague CZ; pilsen CZ; ceske budejovice CZ = bohemia, bohmen, cechy, boheme
    zwiesel DE; passau DE; regen DE = bayerischer wald, bavarian forest
    olsztyn PL; gizycko PL = mazury, masuren, masuria
    aarhus DK; aalborg DK = jylland, jutland, jutland peninsula, jutlandia
    victoria CA; nanaimo CA = vancouver island
    monterosso al mare IT; vernazza IT; riomaggiore IT = cinque terre
    chambery FR; albertville FR = savoie, savoyen
    annecy FR; chamonix mont blanc FR = haute savoie
    brest FR; quimper FR = finistere
    bordeaux FR; arcachon FR = gironde
    lyon FR; villefranche sur saone FR = rhone
    grenoble FR; vienne FR = isere
    saint denis FR; bobigny FR = seine saint denis
    versailles FR; saint germain en laye FR = yvelines
    montpellier FR; beziers FR = herault
    marseille FR; aix en provence FR; arles FR = bouches du rhone
    toulouse FR = haute garonne
    avignon FR; orange FR = vaucluse
    la rochelle FR; royan FR = charente maritime
    les sables dolonne FR; la roche sur yon FR = vendee
    toulon FR; saint tropez FR = var
    nice FR; cannes FR; menton FR = alpes maritimes
    bangor GB; conwy GB = north wales
    bergisch gladbach DE; wuppertal DE = bergisches land
    trier DE; cochem DE = mosel, moselle valley
    kuressaare EE = saaremaa, osel
    ishigaki JP = 石垣島
    ko pha ngan TH = koh phangan, ko phangan
    denpasar ID; singaraja ID = بالي, جزيرة بالي
    florence IT; pisa IT; siena IT = توسكانا
    tamanrasset DZ; ouargla DZ; sabha LY = sahara, sahara desert, wuste sahara, desert du sahara, الصحراء الكبرى
    brno CZ; olomouc CZ; ostrava CZ = moravia, mahren, moravie
    srinagar IN; jammu IN; muzaffarabad PK = kashmir, kaschmir, cachemire
    fukuoka JP; kumamoto JP; kagoshima JP = kyushu, kyuschu
    dortmund DE; essen DE; duisburg DE = ruhrgebiet, ruhr area
    reims FR; troyes FR; epernay FR = champagne
    dijon FR; beaune FR; auxerre FR = burgundy, burgund, bourgogne
    tours FR; orleans FR; angers FR = loire valley, loiretal, val de loire
    arles FR = camargue
    epinal FR; gerardmer FR = vosges, vogesen
    charleville mezieres FR; bastogne BE = ardennes, ardennen
    kaiserslautern DE; speyer DE; neustadt an der weinstrasse DE = pfalz, palatinate
    dhaka BD; kolkata IN = bengal, bengalen, bengale
    beersheba IL; eilat IL = negev
    tiberias IL; nazareth IL = galilee, galilaa
    kathmandu NP; leh IN; thimphu BT = himalaya, himalayas
    dalandzadgad MN = gobi, gobi desert, wuste gobi
    maun BW; upington ZA = kalahari
    delemont CH; lons le saunier FR; pontarlier FR = jura
    skipton GB; settle GB = yorkshire dales
    marrakesh MA; ouarzazate MA = atlas mountains, atlasgebirge
"""


WIDER = frozenset(
    "africa afrika afrique america amerika amerique antarctic antarctica antarktis arctic arktis asia asien asie "
    "atlantic australasia balkans balkan caribbean europa europe eurasia maghreb mediterranean midwest mittelmeer "
    "oceania orient pacific pazifik polynesia scandinavia skandinavien scandinavie".split()
) | {"middle east", "far east", "naher osten", "north sea", "baltic sea", "black sea", "red sea", "dead sea"}
"""Names of continents, seas and the like: nobody who types one alone means the village that has it too."""


def landscapes(text: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Of each name its towns with their countries' ISO 3166 codes."""
    table: dict[str, tuple[tuple[str, str], ...]] = {}
    for line in text.strip().splitlines():
        towns, names = line.split("=")
        meant = tuple((town.strip()[:-3], town.strip()[-2:]) for town in towns.split(";"))
        table |= {normalize_name(name): meant for name in names.split(",")}
    return table


LANDSCAPES = landscapes(TEXT)


@cache
def towns_meant() -> dict[str, tuple[tuple[str, str], ...]]:
    """The same, and the names of large towns in other scripts: read when they are first needed, for it takes 15 ms."""
    return landscapes(world_cities.TEXT) | LANDSCAPES
