"""What pages and colours are measured with."""

from collections.abc import Sequence

UNFOLD = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
OUTSIDE = """() => {
  const isOutside = ({ left, right }) => left < -0.5 || right > innerWidth + 0.5;
  const all = Array.from(document.querySelectorAll("body *")).filter((one) => !one.closest(".wide, .skip, .sprite"));
  const out = all.filter((one) => isOutside(one.getBoundingClientRect())).map((one) => one.outerHTML.slice(0, 80));
  return [document.documentElement.scrollWidth - innerWidth, ...out];
}"""

IN_VIEW = """(one) => {
  const { left, right, top, bottom } = one.getBoundingClientRect();
  return left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight;
}"""


def channels(colour: str | Sequence[float]) -> Sequence[float]:
    """Red, green and blue, from 0 to 255, of "rgb(…)" or "#rrggbb"."""
    if not isinstance(colour, str):
        return colour
    if colour.startswith("#"):
        return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return [int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]


def luminance(colour: str | Sequence[float]) -> float:
    """Relative luminance (WCAG 2.2, definitions)."""
    parts = [part / 255 for part in channels(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str | Sequence[float], other: str | Sequence[float]) -> float:
    """The contrast ratio (WCAG 2.2, definitions)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
