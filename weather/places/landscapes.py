"""Islands, coasts, mountains, old provinces and counties that have no place of their name: the towns that they mean.

The gazetteer has towns, states and countries. What people call a landscape crosses those, or lies inside one; here are
the well known ones, under the names that people of several languages give them. All names are normalized ones.
"""

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
    nice FR; cannes FR; antibes FR = cote dazur, french riviera
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
    freiburg DE; freudenstadt DE; titisee neustadt DE = schwarzwald, black forest, foret noire
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
    novosibirsk RU; krasnoyarsk RU; irkutsk RU = siberia, sibirien, siberie, siberien
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
    san carlos de bariloche AR; punta arenas CL; ushuaia AR = patagonia, patagonien
    hanga roa CL = easter island, isla de pascua, osterinsel
    jakarta ID; surabaya ID; bandung ID = java
    medan ID; palembang ID; padang ID = sumatra
    kuching MY; kota kinabalu MY; pontianak ID = borneo
    mataram ID = lombok
    puerto princesa PH; el nido PH = palawan
    malay PH = boracay
    krabi TH = phi phi
    ko samui TH = koh samui
    vaitape PF = bora bora
"""


def landscapes(text: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Of each name its towns with their countries' ISO 3166 codes."""
    table: dict[str, tuple[tuple[str, str], ...]] = {}
    for line in text.strip().splitlines():
        towns, names = line.split("=")
        meant = tuple((town.strip()[:-3], town.strip()[-2:]) for town in towns.split(";"))
        table |= {name.strip(): meant for name in names.split(",")}
    return table


LANDSCAPES = landscapes(TEXT)
