"""Reads the body of an answer, of which neither the size on the wire nor the size unzipped is trusted."""

import zlib

import httpx

from weather.errors import UpstreamInvalid

MAX_BODY = 8 * 2**20


async def read_body(response: httpx.Response, most: int = MAX_BODY) -> bytes:
    """The decoded body. Raises UpstreamInvalid if it is cut short."""
    try:
        return await read_bounded(response, most)
    except (httpx.RemoteProtocolError, httpx.ReadError):
        raise UpstreamInvalid("the body was cut short") from None


async def read_bounded(response: httpx.Response, most: int) -> bytes:
    """The decoded body. Raises UpstreamInvalid beyond so many bytes, however small it was on the wire."""
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("gzip", "x-gzip", "identity", ""):
        raise UpstreamInvalid("a content coding that was not asked for")
    unzip = zlib.decompressobj(wbits=31) if coding.endswith("gzip") else None
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += decompress_bounded(unzip, chunk, most + 1 - len(body)) if unzip else chunk
        if len(body) > most or (unzip and unzip.unused_data):
            raise UpstreamInvalid("too much")
    if unzip and not unzip.eof:
        raise UpstreamInvalid("cut short")
    return bytes(body)


def decompress_bounded(unzip: "zlib._Decompress", chunk: bytes, room: int) -> bytes:
    try:
        return unzip.decompress(chunk, room)
    except zlib.error:
        raise UpstreamInvalid("not the gzip it says it is") from None
