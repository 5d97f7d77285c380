"""What is drawn and how it is painted."""

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from citytwin_desktop.ui.elided_choice import ElidedChoice
from citytwin_desktop.ui.paint_settings import PaintSettings
from citytwin_desktop.ui.section import Section
from citytwin_desktop.ui.session import Session
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.variable_list import fill_with_variables

_LAYERS = {"Tree": "Trees", "Road": "Roads", "Green": "Green areas"}
"""Names for people, of those layers whose own is that of one object."""


class LayersPanel(QWidget):
    """Painted variable, colour map and context layers; changes apply at once.

    Signals
    -------
    context_toggled(str, bool), edges_toggled(bool)
    """

    context_toggled = Signal(str, bool)
    edges_toggled = Signal(bool)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.session = session
        self.paint = ElidedChoice(objectName="layersVariable", accessibleName=self.tr("Painted variable"))
        fill_with_variables(self.paint)
        self.paint.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.settings = PaintSettings(session)
        self.edges = QCheckBox(self.tr("Feature edges"), checked=True)
        self.surfaces, self.context = Section(self.tr("Surfaces")), Section(self.tr("Context"))
        self._lay_out()
        self.paint.activated.connect(lambda _: session.set_variable(self.paint.currentData()))
        self.edges.toggled.connect(self.edges_toggled)
        session.view_changed.connect(self.follow_view)

    def set_theme(self, theme: Theme) -> None:
        """Colours and icons."""
        self.surfaces.set_theme(theme)
        self.settings.set_theme(theme)
        self.context.set_theme(theme)

    def refresh(self, hidden: Collection[str] = ()) -> None:
        """List the context layers of the city, unticked those that are hidden."""
        while self.context.rows.count():
            self.context.rows.takeAt(0).widget().deleteLater()
        layers = self.session.document.city.context if self.session.document is not None else ()
        if not layers:
            empty = QLabel(self.tr("Roads, water and green of the city file appear here."), wordWrap=True)
            empty.setObjectName("muted")
            self.context.add(empty)
        for layer in layers:
            box = QCheckBox(self.tr(_LAYERS.get(layer.name, layer.name)), checked=layer.name not in hidden)
            box.toggled.connect(lambda shown, name=layer.name: self.context_toggled.emit(name, shown))
            self.context.add(box)

    def follow_view(self) -> None:
        """Show what is painted now."""
        self.paint.setCurrentIndex(self.paint.findData(self.session.variable))
        self.settings.follow_view()

    def _lay_out(self) -> None:
        self.surfaces.rows.setSpacing(6)
        self.context.rows.setSpacing(6)
        for widget in (self.paint, self.settings, self.edges):
            self.surfaces.add(widget)
        body = QWidget(objectName="panel")
        scroll = QScrollArea(widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.surfaces)
        layout.addWidget(self.context)
        layout.addStretch(1)
