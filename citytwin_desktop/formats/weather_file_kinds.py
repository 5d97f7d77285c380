"""Files that people take for an EPW weather file, told by their beginning, each with what to choose instead."""

import re

_BESIDE = "it lies beside the EPW file of the same name, choose that one"
_CONVERT = "convert it to EPW with the converter that comes with EnergyPlus, or get the EPW file of the place"

# Pattern of the first bytes and what the file is; the first that fits counts.
_KINDS: tuple[tuple[bytes, str], ...] = (
    (rb"PK\x03\x04", "not an EPW weather file but an archive: choose the EPW file in it"),
    (rb"\x1f\x8b|BZh", "not an EPW weather file but a packed one: unpack it first"),
    (rb"(?is).{0,400}!\s*The following Location and design day data", f"a file of design days (DDY): {_BESIDE}"),
    (rb"(?is).{0,2000}^\s*(Site:Location|SizingPeriod:DesignDay)\s*,", f"a file of design days (DDY): {_BESIDE}"),
    (rb"(?is)\s*(?:-+\s*)?Statistics for\b", f"a file of weather statistics (STAT): {_BESIDE}"),
    (rb"(?is)\s*place\s+\S[^\n]*\n\s*latitude\s", f"a Radiance weather file (WEA), sun only: {_BESIDE}"),
    (rb'(?is)\s*"?\d{5,6}"?\s*,[^\n]*\n\s*"?Date \(MM/DD/YYYY\)', f"a TMY3 file of the NREL: {_CONVERT}"),
    (rb"(?is)\s*Source,Location ID,City", f"a file of the US solar radiation database (NSRDB): {_CONVERT}"),
    (rb"(?is)\s*Latitude \(decimal degrees\)\s*:", "a weather file of PVGIS as CSV: download it there as EPW"),
    (rb"(?is).{0,6000}\bRW\s+HW\s+MM\s+DD\s+HH\b", f"a test reference year (TRY) of the DWD: {_CONVERT}"),
    (rb"(?is).{0,3000}\bRG\s+IS\s+MM\s+DD\s+HH\b", f"a test reference year (TRY) of the DWD: {_CONVERT}"),
    (rb"(?is)\s\d{5}\s+[A-Z_ .]{5,30}[A-Z]{2}\s+-?\d+\s+[NS]\s+\d+\s+\d+\s+[EW]\s", f"a TMY2 file: {_CONVERT}"),
    (rb"(?is)\s*(?:!|Version\s*,)", "not an EPW weather file but an EnergyPlus input: choose a weather file"),
    (rb"(?is)\s*<", "not an EPW weather file but XML or a web page: download the file again"),
)
_KINDS_COMPILED = tuple((re.compile(pattern, re.MULTILINE), kind) for pattern, kind in _KINDS)
_HEAD_BYTES = 8_192


def told_apart(data: bytes) -> str:
    """What a file is that is no EPW file, and what to do, as the end of a sentence; empty when it cannot be told.

    Parameters
    ----------
    data : bytes
    """
    head = data[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return next((kind for pattern, kind in _KINDS_COMPILED if pattern.match(head)), "")
