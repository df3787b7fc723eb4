"""Frame sizes of AV1 pictures, from their sequence headers (AV1 Bitstream Specification, 5.3 to 5.5)."""

from .limits import MAX_PARTS, Refusal, Refused

_SEQUENCE_HEADER = 1


class _Bits:
    def __init__(self, data: bytes) -> None:
        self.value, self.left = int.from_bytes(data), 8 * len(data)

    def take(self, count: int) -> int:
        self.left -= count
        if self.left < 0:
            raise Refused(Refusal.DAMAGED)
        return self.value >> self.left & (1 << count) - 1


def frame_size(data: bytes) -> tuple[int, int]:
    """Return the largest width and height that any sequence header in these units declares. Raises Refused(DAMAGED)."""
    found = []
    at = 0
    for _ in range(MAX_PARTS):
        if at >= len(data):
            break
        head = data[at]
        at += 2 if head & 4 else 1
        length, at = _length(data, at) if head & 2 else (len(data) - at, at)
        if head >> 3 & 15 == _SEQUENCE_HEADER:
            found.append(_largest(_Bits(data[at : at + min(length, 256)])))
        at += length
    if at != len(data) or not found:
        raise Refused(Refusal.DAMAGED)
    return max(width for width, _ in found), max(height for _, height in found)


def _length(data: bytes, at: int) -> tuple[int, int]:
    """Read a number with seven bits per byte, lowest first; return it with its end."""
    length = 0
    for place, byte in enumerate(data[at : at + 8]):
        length |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return length, at + place + 1
    raise Refused(Refusal.DAMAGED)


def _largest(bits: _Bits) -> tuple[int, int]:
    _profile, _still, reduced = bits.take(3), bits.take(1), bits.take(1)
    if reduced:
        bits.take(5)
    else:
        _skip_operating_points(bits, _skip_timing(bits))
    across, down = bits.take(4) + 1, bits.take(4) + 1
    return bits.take(across) + 1, bits.take(down) + 1


def _skip_timing(bits: _Bits) -> int:
    """Skip the timing info; return the length of a buffer delay if there is a decoder model, else 0."""
    if not bits.take(1):
        return 0
    bits.take(64)
    if bits.take(1):
        zeros = 0
        while not bits.take(1):
            zeros += 1
        bits.take(zeros)
    if not bits.take(1):
        return 0
    delay = bits.take(5) + 1
    bits.take(42)
    return delay


def _skip_operating_points(bits: _Bits, delay: int) -> None:
    delays = bits.take(1)
    for _ in range(bits.take(5) + 1):
        bits.take(12)
        if bits.take(5) > 7:
            bits.take(1)
        if delay and bits.take(1):
            bits.take(2 * delay + 1)
        if delays and bits.take(1):
            bits.take(4)
