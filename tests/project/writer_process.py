"""A process that edits a project and acknowledges each edit; the torture test kills it."""

from multiprocessing.connection import Connection

from citytwin_desktop.document.document import open_document


def write_edits(path: str, count: int, acknowledge: Connection) -> None:
    """Edit for ever, sending the number of each edit once it is made."""
    document = open_document(path)
    ids = tuple(str(name) for name in document.city.buildings.ids)
    while True:
        count += 1
        document.execute("edit_buildings", building_ids=ids, column="name", value=f"edit {count}")
        acknowledge.send(count)
