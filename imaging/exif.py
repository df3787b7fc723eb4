"""The orientation in an EXIF block (CIPA DC-008, 4.6.5)."""

import struct


def orientation(tiff: bytes) -> int:
    """Return the orientation (1 to 8) in an EXIF block; 1 if it is broken, as in browsers."""
    order = ">" if tiff.startswith(b"MM") else "<"
    try:
        (start,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, start)
        for entry in range(start + 2, start + 2 + 12 * count, 12):
            tag, kind, number, value = struct.unpack_from(order + "HHIH", tiff, entry)
            if tag == 0x0112:
                return value if kind == 3 and number == 1 and 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1
