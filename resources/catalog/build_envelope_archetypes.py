"""Write ``envelope_archetypes.csv`` from the parameter tables of TABULA/EPISCOPE.

Usage: ``python build_envelope_archetypes.py path/to/tabula-values.xlsx``

TABULA names a national class of construction years and, for each, constructions with their U-values. Which
construction stands for a class is our choice and is written down here; the values are read from the tables.
"""

import csv
import sys
from pathlib import Path

import openpyxl

SOURCE = "TABULA/EPISCOPE typology parameter tables, sheet Tab.Building.Constr"
LICENCE = "CC BY 4.0"
HEADER = ("set", "year_from", "year_to", "field", "value", "unit", "source", "source_code", "source_year", "licence")

# (first year, last year): wall, roof, ground floor, window.
CHOICES = {
    "GB": {
        (0, 1918): ("Wall.ReEx.01.02", "Roof.ReEx.01.01", "Floor.ReEx.01.02", "Window.ReEx.01.01"),
        (1919, 1944): ("Wall.ReEx.01.02", "Roof.ReEx.01.01", "Floor.ReEx.01.02", "Window.ReEx.01.01"),
        (1945, 1964): ("Wall.ReEx.04.01", "Roof.ReEx.01.01", "Floor.ReEx.01.02", "Window.ReEx.01.01"),
        (1965, 1980): ("Wall.ReEx.04.01", "Roof.ReEx.04.03", "Floor.ReEx.01.02", "Window.ReEx.04.02"),
        (1981, 1990): ("Wall.SyAv.04.03", "Roof.ReEx.05.05", "Floor.ReEx.01.02", "Window.ReEx.04.02"),
        (1991, 2003): ("Wall.SyAv.04.03", "Roof.ReEx.06.07", "Floor.ReEx.06.04", "Window.ReEx.04.02"),
        (2004, 2009): ("Wall.ReEx.07.03", "Roof.ReEx.07.09", "Floor.ReEx.07.05", "Window.ReEx.07.03"),
        (2010, 9999): ("Wall.ReEx.07.04", "Roof.ReEx.08.11", "Floor.ReEx.07.06", "Window.ReEx.07.03"),
    },
    "NL": {
        (0, 1964): ("Wall.ReEx.01.02", "Roof.ReEx.01.02", "Floor.ReEx.01.02", "Window.ReEx.01.02"),
        (1965, 1974): ("Wall.ReEx.02.01", "Roof.ReEx.02.01", "Floor.ReEx.02.01", "Window.ReEx.01.02"),
        (1975, 1991): ("Wall.ReEx.03.01", "Roof.ReEx.03.01", "Floor.ReEx.03.01", "Window.ReEx.01.02"),
        (1992, 2005): ("Wall.ReEx.04.01", "Roof.ReEx.04.01", "Floor.ReEx.04.01", "Window.ReEx.01.02"),
        (2006, 2014): ("Wall.ReEx.05.01", "Roof.ReEx.05.01", "Floor.ReEx.05.01", "Window.ReEx.01.03"),
        (2015, 9999): ("Wall.ReEx.06.01", "Roof.ReEx.06.01", "Floor.ReEx.06.01", "Window.ReEx.01.03"),
    },
}
FIELDS = ("wall_u_value_w_m2k", "roof_u_value_w_m2k", "floor_u_value_w_m2k", "window_u_value_w_m2k")


def constructions(path: Path) -> dict[str, tuple[float, float | None]]:
    """U-value and g-value by construction code."""
    sheet = openpyxl.load_workbook(path, read_only=True, data_only=True)["Tab.Building.Constr"]
    return {row[0]: (row[17], row[18]) for row in sheet.iter_rows(values_only=True) if isinstance(row[17], int | float)}


def rows(known: dict[str, tuple[float, float | None]]) -> list[tuple[object, ...]]:
    """One row for each set, class and field."""
    found: list[tuple[object, ...]] = []
    for country, classes in CHOICES.items():
        for (first, last), codes in classes.items():
            for field, short in zip(FIELDS, codes, strict=True):
                code = f"{country}.{short}"
                u_value, g_value = known[code]
                found.append((country, first, last, field, round(u_value, 3), "W/m2K", SOURCE, code, 2012, LICENCE))
                if field.startswith("window"):
                    found.append((country, first, last, "window_g_value", g_value, "1", SOURCE, code, 2012, LICENCE))
    return found


if __name__ == "__main__":
    with (Path(__file__).parent / "envelope_archetypes.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows(constructions(Path(sys.argv[1]))))
