"""The shipped district as a project, ready to simulate."""

from pathlib import Path

from citytwin_desktop.catalog.resources import resource_path
from citytwin_desktop.document.document import Document, create_document, open_document
from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.energyplus.shipped_weather import chicago_weather_path

DEMO_NAME = "demo.citytwin.gpkg"
ARCHETYPE_SET = "US"


def open_demo(folder: Path) -> Document:
    """Open the demo project in a folder, making it if it is not there.

    Parameters
    ----------
    folder : Path
        Made if it does not exist.

    Raises
    ------
    KnownError
        When the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"The folder “{folder}” cannot be made ({error.strerror}): choose another with --dir."
        raise KnownError(msg) from None
    path = folder / DEMO_NAME
    document = open_document(path) if path.exists() else create_document(path)
    try:
        if not len(document.city.buildings):
            document.execute("import_city", sources=[str(resource_path("demo", "district.city.json"))])
        if document.weather is None:
            document.execute("set_weather", path=str(chicago_weather_path()))
        if not any(document.city.buildings.columns["archetype_id"]):
            document.execute("enrich", archetype_set=ARCHETYPE_SET)
    except BaseException:
        document.close()
        raise
    return document
