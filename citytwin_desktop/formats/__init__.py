"""Reading and writing of foreign formats: bytes in, ``(CityModel, ImportReport)`` out.

One module for each format; no file is left open and nothing is kept between calls.
"""
