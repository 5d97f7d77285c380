"""Tool tips that stay readable: wrapped when long, and nothing in them taken for markup."""

from html import escape

from PySide6.QtCore import Qt

LONGEST_LINE = 72
"""Characters; Qt wraps rich text only."""


def plain_tip(text: str) -> str:
    """A tool tip in which nothing is taken for markup, for names come from other people's files."""
    if len(text) <= LONGEST_LINE and not Qt.mightBeRichText(text):
        return text
    return f"<span>{escape(text).replace(chr(10), '<br>')}</span>"
