"""Counties of England, which people write behind a town and of which the gazetteer's data has but a few. Pure.

Each is a circle: the latitude and longitude of its middle in degrees, and the kilometres that reach its towns.
"""

CIRCLES = {
    "bedfordshire": (52.1, -0.45, 35), "berkshire": (51.45, -1.0, 50), "buckinghamshire": (51.8, -0.8, 50),
    "cambridgeshire": (52.35, 0.0, 50), "cheshire": (53.2, -2.5, 50), "cornwall": (50.4, -4.9, 90),
    "cumbria": (54.5, -3.0, 75), "derbyshire": (53.1, -1.6, 50), "devon": (50.7, -3.8, 80), "dorset": (50.8, -2.3, 50),
    "county durham": (54.7, -1.8, 45), "durham": (54.7, -1.8, 45), "east sussex": (50.9, 0.3, 45),
    "essex": (51.8, 0.6, 60), "gloucestershire": (51.8, -2.2, 50), "greater manchester": (53.5, -2.3, 35),
    "hampshire": (51.0, -1.3, 60), "herefordshire": (52.1, -2.7, 40), "hertfordshire": (51.8, -0.2, 40),
    "isle of wight": (50.7, -1.3, 25), "kent": (51.2, 0.7, 65), "lancashire": (53.9, -2.6, 55),
    "leicestershire": (52.7, -1.1, 45), "lincolnshire": (53.1, -0.2, 75), "merseyside": (53.4, -3.0, 30),
    "norfolk": (52.65, 1.0, 65), "north yorkshire": (54.2, -1.3, 85), "northamptonshire": (52.3, -0.85, 50),
    "northumberland": (55.2, -2.0, 65), "nottinghamshire": (53.1, -1.0, 45), "oxfordshire": (51.8, -1.3, 45),
    "rutland": (52.65, -0.65, 20), "shropshire": (52.65, -2.7, 50), "somerset": (51.1, -2.9, 65),
    "south yorkshire": (53.5, -1.3, 35), "staffordshire": (52.8, -2.0, 50), "suffolk": (52.2, 1.0, 60),
    "surrey": (51.25, -0.4, 45), "sussex": (50.9, 0.0, 80), "tyne and wear": (54.95, -1.6, 25),
    "warwickshire": (52.3, -1.6, 45), "west midlands": (52.5, -1.9, 35), "west sussex": (50.95, -0.5, 45),
    "west yorkshire": (53.75, -1.7, 40), "wiltshire": (51.3, -1.95, 55), "worcestershire": (52.2, -2.2, 40),
    "yorkshire": (53.9, -1.4, 100), "east riding of yorkshire": (53.85, -0.5, 50), "east yorkshire": (53.85, -0.5, 50),
}  # fmt: skip
