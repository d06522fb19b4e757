"""A review's contents → a PDF that is both archivable and readable with a screen reader.

The file is PDF/A-3a (archiving; the log and the figures are attached as data) and PDF/UA-1
(accessibility) at once. Nothing is fetched from a network, and the same contents give the same
bytes. This is the only module that imports WeasyPrint, and only when a report is made.
"""

from __future__ import annotations

import atexit
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import fontpkg
from django.conf import settings
from django.template.loader import render_to_string

from followup.paper.charts.drawing import PRINT

if TYPE_CHECKING:
    import pydyf
    from weasyprint import CSS, Attachment, Document
    from weasyprint.text.fonts import FontConfiguration

STYLESHEETS = settings.BASE_DIR / "static" / "css" / "paper"
# A document is dressed by the sheet that all have in common and by its room's. The reports print
# parts of the review.
SHEETS_OF = {
    "meetings": ("meetings",),
    "plan": ("plan",),
    "public": ("public",),
    "reports": ("review", "reports"),
    "review": ("review",),
}
PDFUA_EXTENSION = Path(__file__).with_name("pdfua-extension.xmp")
PDFUA_NAMESPACES = {
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}
FACES = [(400, "normal"), (400, "italic"), (700, "normal"), (700, "italic")]


def render_document(
    template: str, context: dict[str, object], attachments: list[Attachment]
) -> bytes:
    """A print template as PDF, in the look all reports share.

    On the first page `<span>` is only for names in South Sami (see `_finish`).
    """
    return _written(_laid_out(template, context), attachments)


def render_sheet(template: str, contexts: Iterable[dict[str, object]]) -> bytes:
    """A print template as PDF on one page: with the first context that fits it, else the last."""
    for context in contexts:
        document = _laid_out(template, context)
        if len(document.pages) == 1:
            break
    return _written(document, [])


def html_of(template: str, context: dict[str, object]) -> str:
    """A print template filled in, as it is laid out."""
    return render_to_string(template, {**context, "palette": PRINT, "is_print": True})


def _laid_out(template: str, context: dict[str, object]) -> Document:
    from weasyprint import HTML

    stylesheet, font_config = _look(_room_of(template))
    html = html_of(template, context)
    source = HTML(string=html, base_url=settings.BASE_DIR.as_uri(), url_fetcher=_fetcher())
    document = source.render(
        stylesheets=[stylesheet], font_config=font_config, pdf_variant="pdf/a-3a"
    )
    # A template may break its title's line; a browser reads past that, a PDF's reader does not.
    document.metadata.title = " ".join(document.metadata.title.split())
    return document


def _written(document: Document, attachments: list[Attachment]) -> bytes:
    _declare_pdfua(document)
    return document.write_pdf(pdf_variant="pdf/a-3a", attachments=attachments, finisher=_finish)


# --- The look ------------------------------------------------------------------------------


def _fetcher():
    """Files and data only: no network, and a missing file stops the rendering."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=("file", "data"), fail_on_errors=True)


def _room_of(template: str) -> str:
    """The room whose document it is: `followup/meetings/minutes_print.html` is of meetings."""
    return template.split("/")[1]


@cache
def _look(room: str) -> tuple[CSS, FontConfiguration]:
    """The print stylesheets of a room's documents and Lato, read once per process."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    font_config = FontConfiguration()
    faces = "\n".join(
        f'@font-face {{ font-family: "Lato"; font-weight: {weight}; font-style: {style};'
        f' src: url("{fontpkg.path("lato", weight, style).as_uri()}"); }}'
        for weight, style in FACES
    )
    files = [STYLESHEETS / f"{name}.css" for name in ("document", *SHEETS_OF[room])]
    stylesheet = CSS(
        string=faces + "\n".join(file.read_text(encoding="utf-8") for file in files),
        base_url=files[0].as_uri(),
        font_config=font_config,
        url_fetcher=_fetcher(),
    )
    return stylesheet, font_config


# FontConfiguration removes its temporary folder when it is let go of, and has to be while
# Python still stands: otherwise it fails as the process ends, and the folder is left behind.
atexit.register(_look.cache_clear)


# --- What is attached ----------------------------------------------------------------------


def data_attachment(name: str, description: str, text: str, day: date) -> Attachment:
    """Data that goes with a report, dated so that the same contents give the same bytes."""
    from weasyprint import Attachment

    moment = _instant(day)
    return Attachment(
        string=text,
        name=name,
        description=description,
        created=moment,
        modified=moment,
        relationship="Data",
    )


def _instant(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


# --- Both standards in one file ------------------------------------------------------------


def _declare_pdfua(document: Document) -> None:
    """Say in the file's metadata that it is PDF/UA-1 too.

    It has to stand in the same rdf:RDF as the rest: validators read only the first.
    """
    generate = document.metadata.generate_rdf_metadata
    # PDF/A asks for these very prefixes.
    for prefix, namespace in PDFUA_NAMESPACES.items():
        ElementTree.register_namespace(prefix, namespace)

    def generate_with_pdfua(*args, **kwargs) -> bytes:
        rdf = ElementTree.fromstring(generate(*args, **kwargs))
        rdf.extend(ElementTree.parse(PDFUA_EXTENSION).getroot())
        return ElementTree.tostring(rdf, encoding="utf-8")

    document.metadata.generate_rdf_metadata = generate_with_pdfua


def _finish(document: Document, pdf: pydyf.PDF) -> None:
    """What WeasyPrint leaves undone for PDF/UA: scopes, decorative marks, the language of the
    sydsamiska names, attachments once.
    """
    elements = {
        thing.reference: thing
        for thing in pdf.objects
        if isinstance(thing, dict) and thing.get("Type") == "/StructElem"
    }
    cover = pdf.page_references[0]
    for element in elements.values():
        if element["S"] == "/TH":
            row = elements[element["P"]]
            in_head = elements[row["P"]]["S"] == "/THead"
            element["A"]["Scope"] = "/Column" if in_head else "/Row"
        elif element["S"] == "/Figure" and "Alt" not in element:
            # A status mark: the word beside it says all, so it is read as nothing.
            element["S"] = "/Span"
            element["ActualText"] = "()"
            del element["A"]
        elif element["S"] == "/Span" and element["Pg"] == cover and element["K"][0] in elements:
            # The only <span> of the cover; other Span elements hold nothing but a piece of text.
            element["Lang"] = "(sma)"
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])
