"""Charts of the selection; whatever imports pyqtgraph comes late, with the first chart: that takes half a second."""
