"""From an SVG to a small PNG, in a process of its own: imports little, so that such a process starts at once."""

from __future__ import annotations

import functools
import struct
import zlib
from types import ModuleType

import numpy as np

from analysis.site.drawing import FONTS

_HEAD = b"\x89PNG\r\n\x1a\n"
_SUB, _MOST = 1, 256


@functools.cache
def _engine() -> ModuleType:
    """vl-convert with this package's font."""
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert


def engraved(svg: str) -> bytes:
    """The SVG as PNG, one pixel for each of its px."""
    return small(_engine().svg_to_png(svg))


def small(png: bytes) -> bytes:
    """A PNG of at most 256 colours without transparency, in a fifth of the bytes; the same pixels where they suffice.

    Colours beyond them become the nearest of those that are used most. A PNG of another kind comes back as it is.
    """
    parts = _parts(png)
    width, height, depth, kind, *_, interlaced = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    rows = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8)
    if (depth, kind, interlaced) != (8, 6, 0) or not (rows.reshape(height, -1)[:, 0] == _SUB).all():
        return png
    # Each pixel is told by its difference from the one to its left, in bytes that begin anew after 255.
    pixels = rows.reshape(height, -1)[:, 1:].reshape(height, width, 4).cumsum(axis=1, dtype=np.uint8).reshape(-1, 4)
    if (pixels[:, 3] != 255).any():
        return png
    codes = (pixels[:, :3].astype(np.uint32) * np.array([65536, 256, 1], np.uint32)).sum(axis=1, dtype=np.uint32)
    colours, places, counts = np.unique(codes, return_inverse=True, return_counts=True)
    table = _split(colours[np.argsort(-counts.astype(np.int64), kind="stable")[:_MOST]])
    every = _split(colours)
    # In parts, since a picture may have as many colours as pixels.
    nearest = [
        ((part[:, None] - table[None]) ** 2).sum(axis=2).argmin(axis=1)
        for part in np.array_split(every, -(-len(every) // 4096))
    ]
    lines = np.zeros((height, width + 1), np.uint8)  # the first byte of a line: not told by differences
    lines[:, 1:] = np.concatenate(nearest)[places].reshape(height, width)
    return _HEAD + b"".join(
        _part(name, data)
        for name, data in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            (b"PLTE", table.astype(np.uint8).tobytes()),
            (b"IDAT", zlib.compress(lines.tobytes(), 9)),
            (b"IEND", b""),
        )
    )


def _split(codes: np.ndarray) -> np.ndarray:
    return np.stack([codes >> 16 & 255, codes >> 8 & 255, codes & 255], axis=1).astype(np.int32)


def _parts(png: bytes) -> dict[bytes, bytes]:
    """The parts of a PNG by name; those of one name joined."""
    found: dict[bytes, bytes] = {}
    at = len(_HEAD)
    while at < len(png):
        length, name = struct.unpack_from(">I4s", png, at)
        found[name] = found.get(name, b"") + png[at + 8 : at + 8 + length]
        at += 12 + length
    return found


def _part(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
