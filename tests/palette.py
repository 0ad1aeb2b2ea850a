"""Pictures of at most 256 colours (PNG, third edition): of a screen a third of the bytes, and none of the look."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

MOST = 256
SIGNATURE = b"\x89PNG\r\n\x1a\n"

Colour = tuple[int, ...]


def with_palette(png: bytes) -> bytes:
    """The same picture with a palette; of a screenshot, which is of 8 bits a sample and not interlaced."""
    parts = dict.fromkeys((b"IHDR", b"IDAT"), b"")
    for kind, data in chunks(png):
        parts[kind] = parts.get(kind, b"") + data
    width, height, depth, kind, *_ = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    size = {2: 3, 6: 4}[kind]
    assert depth == 8
    lines = [points(line, size) for line in unfiltered(zlib.decompress(parts[b"IDAT"]), width * size, size)]
    assert len(lines) == height
    boxes = divided(Counter(point for line in lines for point in line))
    place = {colour: n for n, box in enumerate(boxes) for colour in box}
    rows = b"".join(b"\0" + bytes(place[point] for point in line) for line in lines)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    colours = b"".join(bytes(mean(box)) for box in boxes)
    body = chunk(b"IHDR", head) + chunk(b"PLTE", colours) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
    return SIGNATURE + body


def points(line: bytes, size: int) -> list[Colour]:
    """Red, green and blue of each point; how opaque it is does not matter on a screen."""
    return list(zip(*(line[n::size] for n in range(3)), strict=True))


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        yield kind, png[at + 8 : at + 8 + length]
        at += length + 12


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def unfiltered(data: bytes, width: int, size: int) -> Iterator[bytes]:
    """The lines without their filters (9.2)."""
    above = bytearray(width)
    for at in range(0, len(data), width + 1):
        kind, line = data[at], bytearray(data[at + 1 : at + 1 + width])
        for i in range(width):
            left, corner = (line[i - size], above[i - size]) if i >= size else (0, 0)
            line[i] = (line[i] + predicted(kind, left, above[i], corner)) % 256
        yield bytes(line)
        above = line


def predicted(kind: int, left: int, up: int, corner: int) -> int:
    if kind < 4:
        return (0, left, up, (left + up) // 2)[kind]
    near = left + up - corner
    return min((left, up, corner), key=lambda one: abs(near - one))


def divided(counted: Counter[Colour]) -> list[dict[Colour, int]]:
    """Colours in boxes: the widest that many points have is cut in two until there are enough (median cut)."""
    boxes = [dict(counted)]
    while len(boxes) < MOST and (widest := max(boxes, key=worth)) and len(widest) > 1:
        boxes.remove(widest)
        boxes += cut(widest)
    return boxes


def worth(box: dict[Colour, int]) -> float:
    return max(span(box, axis) for axis in range(3)) * sum(box.values()) ** 0.4


def span(box: dict[Colour, int], axis: int) -> int:
    values = [colour[axis] for colour in box]
    return max(values) - min(values)


def cut(box: dict[Colour, int]) -> list[dict[Colour, int]]:
    axis = max(range(3), key=lambda one: span(box, one))
    middle = (max(colour[axis] for colour in box) + min(colour[axis] for colour in box)) / 2
    return [{c: n for c, n in box.items() if (c[axis] > middle) == side} for side in (False, True)]


def mean(box: dict[Colour, int]) -> list[int]:
    total = sum(box.values())
    return [round(sum(colour[axis] * n for colour, n in box.items()) / total) for axis in range(3)]
