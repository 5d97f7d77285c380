"""Where the command line writes: results on stdout, everything else on stderr."""

import re
import sys
from typing import Any

import typer

_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def say(text: str) -> None:
    """Tell the person something; never mixed with results."""
    # Names come from files of strangers: what could steer the terminal, or turn the text around, is shown as a box.
    typer.echo(_STEERING.sub("\ufffd", text), err=True)


def print_json(document: Any) -> None:
    """Print one JSON document on stdout and nothing else there."""
    import orjson

    options = orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS
    typer.echo(orjson.dumps(document, option=options).decode())


class ProgressLine:
    """One line on stderr that shows how far a run is; quiet when nobody watches a terminal."""

    def __init__(self) -> None:
        self._shown = ""
        self._live = sys.stderr.isatty()

    def show(self, fraction: float, text: str) -> None:
        """Draw the line anew if it changed."""
        line = f"{fraction:4.0%}  {text[:70]}"
        if self._live and line != self._shown:
            typer.echo(f"\r{line:<78}", nl=False, err=True)
            self._shown = line

    def close(self) -> None:
        """End the line."""
        if self._shown:
            typer.echo("", err=True)
