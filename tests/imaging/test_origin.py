"""What files say of artificial intelligence: written by the standards, in every format that carries XMP."""

import io
import json
import struct
import time
import zlib

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

import imaging
from imaging.origin import MAX_LABEL, MAX_PACKET, Origin, origin
from tests.imaging.images import encoded, picture, png_chunk, segment

VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
AIGC = {"Label": "1", "ContentProducer": "a programme", "ProduceID": "7f3a", "ReservedCode1": ""}


def xmp(attributes: str = "", elements: str = "") -> bytes:
    return f"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
    <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/" {attributes}>{elements}</rdf:Description></rdf:RDF>
    </x:xmpmeta><?xpacket end="w"?>""".encode()


def iptc(term: str) -> bytes:
    return xmp(f'Iptc4xmpExt:DigitalSourceType="{VOCABULARY}{term}"')


def aigc(label: object, *, attribute: bool = False) -> bytes:
    words = json.dumps(AIGC | {"Label": label}, ensure_ascii=False)
    if attribute:
        return xmp(f'TC260:AIGC="{words.replace('"', "&quot;")}"')
    return xmp(elements=f"<TC260:AIGC>{words}</TC260:AIGC>")


def said(data: bytes) -> Origin:
    return imaging.inspect(io.BytesIO(data)).origin


@pytest.mark.parametrize("format", ["JPEG", "WEBP", "AVIF", "HEIF"])
def test_each_format_is_read(format):
    generated = "trainedAlgorithmicMedia"
    assert said(encoded(picture(), format, xmp=iptc(generated))) == Origin.GENERATED
    assert said(encoded(picture(), format, xmp=aigc("1"))) == Origin.GENERATED
    assert said(encoded(picture(), format, xmp=iptc("digitalCapture"))) == Origin.UNSAID
    assert said(encoded(picture(), format)) == Origin.UNSAID


@pytest.mark.parametrize("is_packed", [False, True])
def test_png_is_read_plain_and_packed(is_packed):
    for packet, what in [(iptc("trainedAlgorithmicMedia"), Origin.GENERATED), (iptc("digitalCapture"), "")]:
        told = PngInfo()
        told.add_itxt("XML:com.adobe.xmp", packet.decode(), lang="en", zip=is_packed)
        assert said(encoded(picture(), "PNG", pnginfo=told)) == what


def test_gif_is_read():
    data = encoded(picture(), "GIF")
    words = iptc("trainedAlgorithmicMedia")
    plain = b"!\xff\x0bXMP DataXMP" + words + b"\1" + bytes(range(255, -1, -1)) + b"\0"  # as Adobe writes it
    at = 13 + (6 << (data[10] & 7))
    assert origin(data[:at] + plain + data[at:]) == Origin.GENERATED


def test_the_manifest_of_c2pa_is_read():
    """An assertion of actions is CBOR in a box of APP11; its source type stands there as text."""
    term = f"{VOCABULARY}trainedAlgorithmicMedia".encode()
    actions = b"\xa1gactions\x81\xa2factionlc2pa.createdqdigitalSourceTypex" + bytes([len(term)]) + term
    box = struct.pack(">I4s", 8 + len(actions), b"cbor") + actions
    data = encoded(picture())
    assert said(data[:2] + segment(0xEB, b"JP\0\1\0\0\0\1" + box) + data[2:]) == Origin.GENERATED


@pytest.mark.parametrize(
    ("term", "what"),
    [
        ("trainedAlgorithmicMedia", Origin.GENERATED),
        ("compositeWithTrainedAlgorithmicMedia", Origin.COMPOSED),
        ("compositeSynthetic", Origin.COMPOSED),
        ("algorithmicMedia", Origin.UNSAID),  # a drawing by a formula
        ("digitalCapture", Origin.UNSAID),
        ("computationalCapture", Origin.UNSAID),
        ("trainedAlgorithmicMediaPerhaps", Origin.UNSAID),
        ("", Origin.UNSAID),
    ],
)
def test_terms(term, what):
    assert said(encoded(picture(), xmp=iptc(term))) == what


@pytest.mark.parametrize("attribute", [False, True])
def test_labels_of_the_chinese_standard(attribute):
    for label in ("1", 1):
        assert said(encoded(picture(), xmp=aigc(label, attribute=attribute))) == Origin.GENERATED
    for label in ("2", "3", 2, 11, "10", "", None):
        assert said(encoded(picture(), xmp=aigc(label, attribute=attribute))) == Origin.UNSAID


def test_a_label_of_another_element_is_not_taken_for_it():
    element = xmp(elements='<TC260:AIGC>{"Label":"2"}</TC260:AIGC><other>{"Label":"1"}</other>')
    attribute = xmp("""TC260:AIGC='{"Label":"2"}' other='{"Label":"1"}'""")
    for packet in (element, attribute):
        assert said(encoded(picture(), xmp=packet)) == Origin.UNSAID


def test_contradictions_mean_a_part():
    both = iptc("trainedAlgorithmicMedia") + iptc("digitalCapture")
    assert origin(both) == Origin.COMPOSED
    assert origin(aigc("1") + iptc("compositeWithTrainedAlgorithmicMedia")) == Origin.COMPOSED
    assert origin(aigc("2") + iptc("trainedAlgorithmicMedia")) == Origin.GENERATED


def test_cut_and_damaged_words_say_nothing():
    assert origin(iptc("trainedAlgorithmicMedia").partition(b"Media")[0]) == Origin.UNSAID
    assert origin(aigc("1").partition(b'"Label"')[0]) == Origin.UNSAID
    assert origin(b"XML:com.adobe.xmp\0\1\0\0\0" + b"no deflate") == Origin.UNSAID
    assert origin(b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(iptc("trainedAlgorithmicMedia"))[:40]) == ""


def test_what_is_huge_costs_little():
    bomb = png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(bytes(200 * MAX_PACKET)))
    many = b"digitalsourcetype/" * 1_000_000
    labels = b"TC260:AIGC>" * 2_000_000
    far = b"<TC260:AIGC>{" + b" " * MAX_LABEL + b'"Label":"1"'
    for data in (bomb, many, labels, far):
        began = time.process_time()
        assert origin(data) == Origin.UNSAID
        assert time.process_time() - began < 1  # measured: 0.05 s


def test_nothing_of_it_survives():
    rendered = imaging.render(io.BytesIO(encoded(picture(), xmp=aigc("1"))))
    for each in (*rendered.renditions, rendered.master):
        assert origin(each.content) == Origin.UNSAID
        assert "xmp" not in Image.open(io.BytesIO(each.content)).info
