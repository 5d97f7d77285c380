"""Remarks on many objects, those beyond a thousand of one kind counted in one more."""

from collections import Counter

from citytwin_desktop.formats.report import Action, ImportReport

_MOST_REMARKS = 1_000


class Remarks:
    """Passes remarks on to the report.

    Parameters
    ----------
    name : str
        Of the file.
    report : ImportReport
    """

    def __init__(self, name: str, report: ImportReport) -> None:
        self.name, self._report = name, report
        self._counts: Counter[tuple[str, Action]] = Counter()

    def add(self, identifier: str, code: str, message: str, action: Action = "kept") -> None:
        """Note something about one object."""
        self._counts[code, action] += 1
        if self._counts[code, action] <= _MOST_REMARKS:
            self._report.add(identifier, code, message, action)

    def on_file(self, code: str, message: str, action: Action = "kept") -> None:
        """Note something about the file as a whole."""
        self._report.add(self.name, code, message, action)

    def close(self) -> None:
        """Tell how many remarks were left out."""
        for (code, action), count in self._counts.items():
            if count > _MOST_REMARKS:
                message = f"{count - _MOST_REMARKS:,} more objects have the same remark as those named."
                self._report.add(self.name, code, message, action)
