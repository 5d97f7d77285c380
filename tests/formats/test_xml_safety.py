"""XML is read with no document type, no entity, no network and an end to memory."""

import io

import pytest

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats import xml_safety
from citytwin_desktop.formats.xml_safety import iterate, local_name, parse_tree, release

BOMB = b"""<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>"""
HOSTILE = {
    "external entity": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "entity bomb": BOMB,
    "doctype alone": b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>',
    "undeclared entity": b"<a>&nothing;</a>",
    "truncated": b"<a><b>12</b><b",
    "mismatched": b"<a><b></a></b>",
    "empty": b"",
    "text": b"hello",
    "json": b'{"type": "CityJSON"}',
    "latin letters in utf-8": '<?xml version="1.0" encoding="UTF-8"?><a>\u00fc</a>'.encode("latin-1"),
    "unknown encoding": b'<?xml version="1.0" encoding="MOON-8"?><a/>',
    "control character": b"<a>\x01</a>",
    "null": b"<a>\x00</a>",
    "undeclared prefix": b"<gml:a/>",
    "repeated attribute": b'<a b="1" b="2"/>',
    "deep": b"<a>" * 100_000,
    "long text": b"<a>" + b"1 " * 6_000_000 + b"</a>",
    "two roots": b"<a/><b/>",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_documents_get_a_sentence(case: str) -> None:
    for read in (lambda: list(iterate(io.BytesIO(HOSTILE[case]), "x.gml")), lambda: parse_tree(HOSTILE[case], "x.gml")):
        with pytest.raises(KnownError) as caught:
            read()
        assert str(caught.value).startswith("“x.gml” ")
        assert str(caught.value).endswith(".")
        assert len(str(caught.value)) < 250


def test_a_doctype_is_refused_even_far_down_the_prolog() -> None:
    data = b"<?xml version='1.0'?>" + b"<!-- " + b"x" * 200_000 + b" -->" + b"<!DOCTYPE a><a><b/></a>"
    with pytest.raises(KnownError, match="DOCTYPE"):
        list(iterate(io.BytesIO(data), "x.gml", ("b",)))


def test_elements_come_in_the_order_of_their_ends_whatever_the_namespace() -> None:
    data = b'<a xmlns="u:1" xmlns:o="u:2"><o:b><b/></o:b><!-- c --><?pi x?><c/></a>'
    assert [local_name(e) for e in iterate(io.BytesIO(data), "x")] == ["b", "b", "c", "a"]
    assert [e.tag for e in iterate(io.BytesIO(data), "x", ("{*}b",))] == ["{u:1}b", "{u:2}b"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_declared_encodings_and_byte_order_marks(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    data = f'<?xml version="1.0" encoding="{declared}"?><a>K\u00f6ln</a>'.encode(encoding)
    assert parse_tree(data, "x").text == "K\u00f6ln"
    assert [e.text for e in iterate(io.BytesIO(data), "x")] == ["K\u00f6ln"]


def test_white_space_before_the_declaration_is_forgiven() -> None:
    assert parse_tree(b'\r\n  <?xml version="1.0"?><a/>', "x").tag == "a"


def test_one_object_too_large_for_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"<a>" + b"<m>" + b"<b/>" * 200_000 + b"</m>" * 1 + b"</a>"
    monkeypatch.setattr(xml_safety, "_COUNTED_FROM_BYTES", 1000)
    monkeypatch.setattr(xml_safety, "MOST_PENDING_MARKS", 100_000)
    with pytest.raises(KnownError, match="too large"):
        list(iterate(io.BytesIO(data), "x.gml", ("m",)))
    with pytest.raises(KnownError, match="too large"):
        parse_tree(data, "x.gml")


def test_many_small_objects_are_no_large_one(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"<a>" + b"<m><b/></m>" * 50_000 + b"</a>"
    monkeypatch.setattr(xml_safety, "MOST_PENDING_BYTES", 200_000)
    count, longest = 0, 0
    for element in iterate(io.BytesIO(data), "x.gml", ("m",)):
        parent = element.getparent()
        release(element)
        if count % 500 == 0 and parent is not None:
            longest = max(longest, len(parent))
        count += 1
    assert count == 50_000
    assert longest < 20_000  # what one block of the file holds, never all


def test_release_frees_what_came_before() -> None:
    root = parse_tree(b"<a><b/><b/><b><c/></b><b/></a>", "x")
    release(root[2])
    assert [len(child) for child in root] == [1, 0]
