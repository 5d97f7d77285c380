"""Write ``envelope_archetypes.csv`` from the parameter tables of TABULA/EPISCOPE.

Usage: ``python build_envelope_archetypes.py path/to/tabula-values.xlsx``

TABULA names a national class of construction years and, for each, constructions with their U-values. Which
construction stands for a class is our choice and is written down in ``envelope_choices.csv``: the construction
as built, of the most common kind, before any refurbishment. The values are read from the workbook: codes with
an element (``Wall.ReEx.01.02``) from the sheet Tab.Building.Constr, the others (``Gen.12``) from
Tab.U.Class.Constr. An empty code means that the value stands in ``envelope_codes.csv``.
"""

import csv
import sys
from pathlib import Path

import openpyxl

LICENCE = "CC BY 4.0"
HEADER = ("set", "use", "year_from", "year_to", "field", "value", "unit", "source", "source_code", "source_year")
SOURCE = "TABULA/EPISCOPE typology parameter tables, sheet"
CLASS_COLUMNS = {
    "wall": "U_Class_Wall_Default",
    "roof": "U_Class_Roof_Default",
    "floor": "U_Class_Floor_Default",
}


def rows_by_code(book: openpyxl.Workbook, sheet: str) -> dict[str, dict[str, object]]:
    """Rows of a sheet by their code, each by column name."""
    lines = list(book[sheet].iter_rows(values_only=True))
    return {str(line[0]): dict(zip(lines[0], line, strict=True)) for line in lines[10:] if line[0]}


def table_rows(book: openpyxl.Workbook, choices: list[dict[str, str]]) -> list[tuple[object, ...]]:
    """One row for each set, class and field."""
    constructions = rows_by_code(book, "Tab.Building.Constr")
    classes = rows_by_code(book, "Tab.U.Class.Constr")
    found: list[tuple[object, ...]] = []
    for choice in choices:
        key = (choice["set"], "dwelling", choice["year_from"], choice["year_to"])
        for element in ("wall", "roof", "floor", "window"):
            if not choice[element]:
                continue
            code, field = f"{choice['set']}.{choice[element]}", f"{element}_u_value_w_m2k"
            if choice[element].startswith("Gen."):
                value, sheet, year = classes[code][CLASS_COLUMNS[element]], "Tab.U.Class.Constr", 2026
            else:
                value, sheet, year = constructions[code]["U"], "Tab.Building.Constr", 2012
            origin = (f"{SOURCE} {sheet}", code, year)
            found.append((*key, field, round(float(str(value)), 3), "W/m2K", *origin, LICENCE))
            if element == "window":
                found.append((*key, "window_g_value", constructions[code]["g_gl_n"], "1", *origin, LICENCE))
    return found


if __name__ == "__main__":
    folder = Path(__file__).parent
    with (folder / "envelope_choices.csv").open(encoding="utf-8", newline="") as file:
        chosen = list(csv.DictReader(file))
    workbook = openpyxl.load_workbook(Path(sys.argv[1]), read_only=True, data_only=True)
    with (folder / "envelope_archetypes.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow((*HEADER, "licence"))
        writer.writerows(table_rows(workbook, chosen))
