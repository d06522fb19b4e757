"""A page as its readers meet it: really parsed, with whitespace as a browser shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.http import HttpResponse
from lxml import html
from lxml.html import HtmlElement

# Elements that a browser sets in the middle of a line. The others begin a line of their own.
INLINE = {"a", "abbr", "b", "code", "em", "i", "label", "mark", "small", "span", "strong", "sub"}

# What keeps a form from being sent by others, or twice.
KEYS = r'name="(?:csrfmiddlewaretoken|client_id)" value="[^"]*"'

# Pictures stand beside the same numbers in words.
UNREAD = {"script", "style", "svg"}


def without_keys(response: HttpResponse) -> str:
    """The response as text, but for the keys that are made anew each time it is asked for."""
    return re.sub(KEYS, "", response.content.decode())


class Page:
    """A parsed response, asked with XPath or in words."""

    def __init__(self, response: HttpResponse) -> None:
        self.root = html.document_fromstring(response.content.decode())

    @classmethod
    def of_text(cls, text: str) -> Page:
        """A page, or a part of one, that was kept as text."""
        page = cls.__new__(cls)
        page.root = html.document_fromstring(text)
        return page

    def all(self, xpath: str) -> list[HtmlElement]:
        return self.root.xpath(xpath)

    def one(self, xpath: str) -> HtmlElement:
        """The one element there is. Raises ValueError when there are none or several."""
        [element] = self.all(xpath)
        return element

    def text(self, xpath: str = "//main") -> str:
        return text_of(self.one(xpath))

    def texts(self, xpath: str) -> list[str]:
        return [text_of(element) for element in self.all(xpath)]

    @property
    def facts(self) -> dict[str, str]:
        """The page's first list of facts, as term → description."""
        facts = self.all("//dl[contains(@class, 'facts')]")[0]
        return {text_of(fact[0]): text_of(fact[1]) for fact in facts}

    def rows(self, table: str = "//main//table") -> list[list[str]]:
        """The cells of the body of the first such table."""
        return [[text_of(cell) for cell in row] for row in self.all(table)[0].xpath("./tbody/tr")]

    @property
    def messages(self) -> list[str]:
        return self.texts("//ul[@class='messages']/li")

    # --- The page's form ---------------------------------------------------------------------

    @property
    def form(self) -> html.FormElement:
        return self.one("//main//form[@method='post']")

    @property
    def typed(self) -> dict[str, str]:
        """What a browser would send if the form were sent as it stands."""
        empty = ".//input[not(@value) and not(@type='checkbox' or @type='radio')]"
        values = {control.name: "" for control in self.form.xpath(empty)}
        values |= dict(self.form.form_values())
        # A browser drops the line break that Django begins every text area with.
        areas = {area.name for area in self.form.xpath(".//textarea")}
        return {n: v.removeprefix("\n") if n in areas else v for n, v in values.items()}

    def control(self, name: str) -> HtmlElement:
        return self.form.xpath(f".//*[@name='{name}']")[0]

    def label(self, name: str) -> str:
        """What the control is called, without the remark that it is optional."""
        label = self.one(f"//label[@for='{self.control(name).get('id')}']")
        return text_of(label).removesuffix("(frivilligt)").strip()

    @property
    def errors(self) -> dict[str, list[str]]:
        """What stands beside each faulty control, as those who listen are told."""
        errors = {}
        for control in self.form.xpath(".//*[@aria-invalid='true']"):
            group = control.xpath("ancestor::fieldset[@aria-describedby]")
            described_by = (group or [control])[0].get("aria-describedby").split()
            errors[control.name] = [
                text_of(error)
                for key in described_by
                for error in self.all(f"//*[@id='{key}'][@class='errorlist']/li")
            ]
        return errors

    @property
    def summary(self) -> dict[str, str]:
        """The error summary: each sentence and the name of the control that its link leads to."""
        sentences = self.all("//*[@class='error-summary']//li")
        return {text_of(sentence): self._led_to(sentence) for sentence in sentences}

    def _led_to(self, sentence: HtmlElement) -> str:
        if not (links := sentence.xpath("./a")):
            return ""
        target = self.one(f"//*[@id='{links[0].get('href').removeprefix('#')}']")
        return target.get("name") or target.xpath(".//@name")[0]


def text_of(element: HtmlElement) -> str:
    """The element's text; line breaks and no-break spaces read as one space."""
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: HtmlElement) -> Iterator[str]:
    if element.tag in UNREAD or not isinstance(element.tag, str):
        return
    edge = "" if element.tag in INLINE else " "
    yield edge + (element.text or "")
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""
    yield edge
