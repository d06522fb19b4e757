"""The handbook under /hjalp/: every chapter is there, every link leads somewhere, and every name of
a button, link or field that it gives is one that the portal has.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from PIL import Image

from promises.handbook import CHAPTERS, CONTENTS, NEEDED_MOST, needed_most, neighbours
from promises.models import Member
from tests.html import Page, text_of

pytestmark = pytest.mark.django_db

SHARPNESS = 2
"""Pixels of a picture to a pixel of the page."""
AT_MOST = 60_000  # bytes


def chapter_pages(client) -> dict[str, Page]:
    return {slug: Page(client.get(f"/hjalp/{slug}/")) for slug in CHAPTERS}


@pytest.fixture(scope="module")
def said_by_the_portal() -> list[str]:
    """Every text between two tags of the portal's own pages, and every string in its code."""
    said = []
    for template in Path(settings.BASE_DIR, "templates").rglob("*.html"):
        if "help" not in template.parts:
            bare = re.sub(r"{[%#{].*?[%#}]}", "<", template.read_text(encoding="utf-8"))
            said += re.split(r"[<>]", bare)
    for package in ("promises", "followup"):
        for module in Path(settings.BASE_DIR, package).rglob("*.py"):
            if module.stem != "handbook":
                said += re.findall(r'"([^"\n]+)"', module.read_text(encoding="utf-8"))
    for script in Path(settings.BASE_DIR, "static/js").glob("*.js"):
        said += re.findall(r'"([^"\n]+)"', script.read_text(encoding="utf-8"))
    return [" ".join(text.split()).casefold() for text in said]


def test_the_contents_lead_to_every_chapter_once(signed_in, reader):
    page = Page(signed_in(reader).get("/hjalp/"))
    links = page.all("//div[@class='handbook-groups']//a")
    assert [link.get("href") for link in links] == [f"/hjalp/{slug}/" for slug in CHAPTERS]
    assert page.texts("//div[@class='handbook-groups']//h2") == list(CONTENTS)


@pytest.mark.parametrize("role", Member.Role)
def test_what_a_role_needs_most_stands_first(role, signed_in, reader):
    reader.role = role
    reader.save()
    page = Page(signed_in(reader).get("/hjalp/"))
    assert page.texts("//section[@class='most-needed']//a") == [
        chapter.title for chapter in needed_most(role)
    ]
    assert page.all("//main//h2")[0].text == "Det här behöver du mest"


def test_every_role_is_told_what_it_needs_most():
    assert set(NEEDED_MOST) == set(Member.Role)


def test_every_chapter_has_its_title_and_ways_on(signed_in, reader):
    for slug, page in chapter_pages(signed_in(reader)).items():
        before, after = neighbours(CHAPTERS[slug])
        assert page.text("//h1") == CHAPTERS[slug].title
        assert [link.get("href") for link in page.all("//nav[@class='turning']/a")] == [
            f"/hjalp/{one.slug}/" for one in (before, after) if one
        ]


def test_a_chapter_that_does_not_exist_is_not_found(signed_in, reader):
    assert signed_in(reader).get("/hjalp/trolleri/").status_code == 404


@pytest.mark.parametrize("role", Member.Role)
def test_every_link_leads_somewhere_for_every_role(role, signed_in, reader):
    reader.role = role
    reader.save()
    client = signed_in(reader)
    asked: dict[str, Page] = {}
    for slug, page in ({"": Page(client.get("/hjalp/"))} | chapter_pages(client)).items():
        for address in page.root.xpath("//main//a/@href"):
            path, _, fragment = address.partition("#")
            if path not in asked:
                response = client.get(path)
                assert response.status_code == 200, (slug, address)
                asked[path] = Page(response)
            assert not fragment or asked[path].one(f"//*[@id='{fragment}']") is not None


def test_every_name_in_the_portal_that_is_given_is_the_portals_own(
    said_by_the_portal, signed_in, administrator
):
    said = set(said_by_the_portal)
    unknown = {
        (slug, name)
        for slug, page in chapter_pages(signed_in(administrator)).items()
        for name in map(text_of, page.all("//*[@class='ui']"))
        if name.casefold() not in said and not _begins_one(name, said)
    }
    assert unknown == set()


def _begins_one(name: str, said: set[str]) -> bool:
    """Whether it is the first words of a longer text: the rest of it depends on the page."""
    return len(name.split()) > 1 and any(text.startswith(f"{name.casefold()}") for text in said)


def test_every_picture_is_there_as_large_as_the_page_says_and_light(signed_in, reader):
    pages = chapter_pages(signed_in(reader)).values()
    pictures = [picture for page in pages for picture in page.all("//main//img")]
    assert len(pictures) == len({picture.get("data-picture") for picture in pictures})
    for picture in pictures:
        name = picture.get("data-picture")
        path = Path(finders.find(f"img/help/{name}.webp") or name)
        with Image.open(path) as image:
            size = (image.width / SHARPNESS, image.height / SHARPNESS)
        assert size == (int(picture.get("width")), int(picture.get("height"))), name
        assert path.stat().st_size <= AT_MOST, name
        assert len(picture.get("alt")) > 20, name


def test_no_picture_is_left_that_no_chapter_shows(signed_in, reader):
    pages = chapter_pages(signed_in(reader)).values()
    shown = {name for page in pages for name in page.root.xpath("//main//img/@data-picture")}
    folder = Path(settings.BASE_DIR, "static/img/help")
    assert {picture.stem for picture in folder.iterdir()} == shown


def test_the_footer_of_every_page_and_the_menu_lead_to_the_handbook(signed_in, agreement, reader):
    page = Page(signed_in(reader).get("/loften/"))
    assert page.texts("//footer//a[@href='/hjalp/']") == ["Hjälp"]
    assert page.texts("//details[@class='menu']//a[@href='/hjalp/']") == ["Hjälp"]


def test_only_an_administrator_is_shown_the_way_to_the_guide(signed_in, reader, administrator):
    address = "//main//a[@href='/kom-igang/']"
    chapter = "/hjalp/satta-igang/"
    assert len(Page(signed_in(administrator).get(chapter)).all(address)) == 1
    assert Page(signed_in(reader).get(chapter)).all(address) == []
