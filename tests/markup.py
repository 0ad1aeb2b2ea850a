"""Pages as trees."""

import html5lib


def parsed(text: str):
    """The document, to be read only; raises on any parse error."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def words(element) -> str:
    """All that stands in an element, with single spaces."""
    return " ".join("".join(element.itertext()).split())
