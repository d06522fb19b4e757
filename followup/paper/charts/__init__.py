"""Numbers → SVG, the same picture on the page and in the PDF.

Every chart stands beside a table of the same numbers; the caller sees to that. WeasyPrint reads
no CSS inside an SVG, so that colours and fonts are attributes, from a palette. Coordinates are
written here, with a decimal point: a template would write them with a Swedish comma.
"""
