"""The common shape of dialogs that ask: a heading, a form, a line for what is wrong, and two buttons."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from citytwin_desktop.ui.start_page import primary_button
from citytwin_desktop.ui.window_words import for_window

REST_OF_SCREEN_PX = 220
"""Height that heading, buttons and the screen's own bars need beside a scrolled form."""


class FormDialog(QDialog):
    """A heading, a form, a line for what is wrong, and two buttons.

    Parameters
    ----------
    parent : QWidget
    title, intro, verb : str
        Heading, what it is for, and what the button does.
    scrolling : bool
        Whether the form may be longer than the screen.

    Signals
    -------
    submitted
        The user pressed the button that does it; the dialog stays until it is told to close.
    """

    submitted = Signal()

    def __init__(self, parent: QWidget, title: str, intro: str, verb: str, scrolling: bool = False) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setMinimumWidth(520)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        plain = Qt.TextFormat.PlainText
        heading = QLabel(title, wordWrap=True, textFormat=plain)
        heading.setObjectName("heading")
        self.intro = QLabel(intro, wordWrap=True, textFormat=plain)
        self.intro.setObjectName("muted")
        for label in (heading, self.intro):
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(16)
        self.form.setVerticalSpacing(8)
        self.form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(12)
        self.body.addLayout(self.form)
        self.problem = QLabel(wordWrap=True, textFormat=plain)
        self.problem.setObjectName("failed")
        self.problem.hide()
        self.ok, self.cancel = primary_button(verb), QPushButton(self.tr("Cancel"))
        # Enter does the obvious, even while it cannot be pressed yet.
        self.cancel.setAutoDefault(False)
        self.buttons = QHBoxLayout()
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.cancel)
        self.buttons.addWidget(self.ok)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(heading)
        layout.addWidget(self.intro)
        self.scroll = FittingScroll(self.body) if scrolling else None
        if self.scroll is not None:
            layout.addWidget(self.scroll, 1)
        else:
            layout.addLayout(self.body)
        layout.addWidget(self.problem)
        layout.addLayout(self.buttons)
        self.ok.clicked.connect(self.submitted)
        self.cancel.clicked.connect(self.reject)

    def refuse(self, sentence: str) -> None:
        """Say what is wrong and stay."""
        self.problem.setText(for_window(sentence))
        self.problem.setVisible(bool(sentence))
        self.layout().activate()
        needed = self.layout().heightForWidth(self.width())
        self.resize(self.width(), max(self.height(), needed))

    def fit(self) -> None:
        """As high as the content now is, when what came or went has found its place; the width stays."""
        QTimer.singleShot(0, self, self._fit_now)

    def _fit_now(self) -> None:
        if self.scroll is not None:
            self.scroll.widget().layout().activate()
            self.scroll.updateGeometry()
        self.layout().activate()
        needed = self.layout().heightForWidth(self.width())
        self.resize(self.width(), max(needed, self.sizeHint().height()))


class FittingScroll(QScrollArea):
    """As high as what is in it, as long as the screen has room.

    Parameters
    ----------
    content : QVBoxLayout
    """

    def __init__(self, content: QVBoxLayout) -> None:
        super().__init__(widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        self.setObjectName("dialogScroll")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(content)
        column.addStretch(1)
        self.setWidget(inside)

    def sizeHint(self) -> QSize:
        """The content's own size, cut at what the screen leaves."""
        inside = self.widget()
        needed = max(inside.sizeHint().height(), inside.heightForWidth(self.viewport().width()))
        most = max(self.screen().availableGeometry().height() - REST_OF_SCREEN_PX, 200)
        return QSize(inside.sizeHint().width(), min(needed, most))

    def minimumSizeHint(self) -> QSize:
        """Never less than what the screen leaves of the content."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())


class FileField(QWidget):
    """A path with a button to choose it."""

    def __init__(self, name: str, filters: str, path: str = "", save: bool = False) -> None:
        super().__init__()
        self._filters, self._save = filters, save
        self.edit = QLineEdit(path, objectName=name, accessibleName=self.tr("File"))
        button = QPushButton(self.tr("Choose…"), autoDefault=False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.edit, 1)
        layout.addWidget(button)
        button.clicked.connect(self._choose)

    @property
    def text(self) -> str:
        """The path as it stands."""
        return self.edit.text().strip()

    def set_filter(self, filters: str) -> None:
        """Look for other files."""
        self._filters = filters

    def _choose(self) -> None:
        ask = QFileDialog.getSaveFileName if self._save else QFileDialog.getOpenFileName
        chosen = ask(self, self.tr("Choose a file"), self.text, self._filters)[0]
        if chosen:
            self.edit.setText(chosen)
