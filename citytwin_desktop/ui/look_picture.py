"""What to put into a picture of the view, and into a video that goes round the city."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton, QSpinBox, QWidget

from citytwin_desktop.ui.form_dialog import FormDialog
from citytwin_desktop.ui.view_picture import SCALES, PictureStyle

FRAMES_PER_SECOND = 25
TURNTABLE_ENGINE = "turntable"


class PictureDialog(FormDialog):
    """Size, background and overlays of a picture.

    Parameters
    ----------
    parent : QWidget
    size : tuple of int
        Of the view [px].
    style : PictureStyle
        Last choices.

    Signals
    -------
    copy_wanted
        Into the clipboard rather than a file.
    """

    copy_wanted = Signal()

    def __init__(self, parent: QWidget, size: tuple[int, int], style: PictureStyle) -> None:
        super().__init__(parent, self.tr("Save picture"), self.tr("What the 3D view shows, as a PNG file."), "")
        self.ok.setText(self.tr("Save picture…"))
        self.setObjectName("pictureDialog")
        self.scale = QComboBox(objectName="pictureScale", accessibleName=self.tr("Size"))
        for scale in SCALES:
            self.scale.addItem(f"×{scale}  ·  {size[0] * scale}\u2009×\u2009{size[1] * scale} px", scale)
        self.scale.setCurrentIndex(SCALES.index(style.scale))
        self.transparent = QCheckBox(self.tr("Transparent background"), checked=style.transparent)
        self.overlays = QCheckBox(self.tr("With legend, scale bar and labels"), checked=style.overlays)
        self.copy = QPushButton(self.tr("Copy to clipboard"))
        self.copy.setAutoDefault(False)
        self.buttons.insertWidget(0, self.copy)
        self.form.addRow(self.tr("Size"), self.scale)
        self.form.addRow("", self.transparent)
        self.form.addRow("", self.overlays)
        self.copy.clicked.connect(self.copy_wanted)

    def style_chosen(self) -> PictureStyle:
        """What was chosen."""
        return PictureStyle(self.scale.currentData(), self.transparent.isChecked(), self.overlays.isChecked())


class TurntableDialog(FormDialog):
    """Length and format of a video that goes once round the city.

    Parameters
    ----------
    parent : QWidget
    video : bool
        Whether ffmpeg is there to make one file of the pictures.
    """

    def __init__(self, parent: QWidget, video: bool) -> None:
        note = (
            self.tr("One turn about the turning point, from where the view is now.")
            if video
            else self.tr("One turn about the turning point as numbered pictures. With ffmpeg installed, also as MP4.")
        )
        super().__init__(parent, self.tr("Save turntable"), note, self.tr("Save turntable…"))
        self.setObjectName("turntableDialog")
        self.format = QComboBox(objectName="turntableFormat", accessibleName=self.tr("Format"))
        if video:
            self.format.addItem(self.tr("Video (MP4)"), "mp4")
        self.format.addItem(self.tr("Numbered pictures (PNG)"), "png")
        self.seconds = QSpinBox(objectName="turntableSeconds", accessibleName=self.tr("Length [s]"))
        self.seconds.setRange(1, 120)
        self.seconds.setValue(10)
        self.seconds.setSuffix("\u2009s")
        self.form.addRow(self.tr("Format"), self.format)
        self.form.addRow(self.tr("Length"), self.seconds)

    @property
    def frames(self) -> int:
        """Number of frames."""
        return self.seconds.value() * FRAMES_PER_SECOND
