"""Files that a page gives."""

from django.http import HttpResponse


def as_pdf(document: bytes, name: str) -> HttpResponse:
    """A PDF to be read in the browser, and saved by its name."""
    return HttpResponse(
        document,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def as_download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file to be saved by its name."""
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
