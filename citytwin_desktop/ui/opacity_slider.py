"""A slider for an opacity, with its per cent."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from citytwin_desktop.scene.numbers import THIN_SPACE
from citytwin_desktop.ui.paint_style import LEAST_OPACITY

NUMBER_WIDTH = 44


class OpacitySlider(QWidget):
    """From 5 to 100 %; arrow keys go by one, Page keys by ten.

    Parameters
    ----------
    name : str
        Of the object.
    title : str
        What is more or less opaque.

    Signals
    -------
    chosen(float)
        Share, 0.05 to 1, by the user's hand.
    """

    chosen = Signal(float)

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal, objectName=name, accessibleName=f"{title} [%]")
        self.slider.setRange(round(LEAST_OPACITY * 100), 100)
        self.slider.setPageStep(10)
        self.slider.setToolTip(f"{title} [%]")
        self.slider.setFixedHeight(26)
        self.number = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.number.setFixedWidth(NUMBER_WIDTH)
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.slider, 1)
        row.addWidget(self.number)
        self.setFocusProxy(self.slider)
        self.slider.valueChanged.connect(self._moved)
        self.show_share(1.0)

    @property
    def share(self) -> float:
        """What is chosen, 0.05 to 1."""
        return self.slider.value() / 100.0

    def show_share(self, share: float) -> None:
        """Show an opacity, telling nobody."""
        self.slider.blockSignals(True)
        self.slider.setValue(round(share * 100))
        self.slider.blockSignals(False)
        self._write()

    def _moved(self) -> None:
        self._write()
        self.chosen.emit(self.share)

    def _write(self) -> None:
        self.number.setText(f"{self.slider.value()}{THIN_SPACE}%")
