"""`.env` as every dotenv reader has it (python-dotenv's manner, without its interpolation).

1. A line is `NAME=value`, after `export` if one likes; empty lines and lines that begin with # are passed over.
2. A bare value ends at a # after a blank, and loses the blanks around it.
3. In single quotes all stands as it is but an escaped quote or backslash; in double quotes a backslash and n, t and the
   like are signs. Both may go over several lines, and a comment may follow.
4. The last of two lines of one name counts.
"""

import re
from collections.abc import Iterator
from pathlib import Path

LINE = re.compile(
    r"""
    [^\S\n]* (?: export [^\S\n]+ )? (?P<name> [^\s=#'"]+ ) [^\S\n]* =
    (?: [^\S\n]* (?: '(?P<single> (?: [^'\\] | \\. )* )' | "(?P<double> (?: [^"\\] | \\. )* )" )
        [^\S\n]* (?: \#[^\n]* )?
      | (?P<bare> (?! [^\S\n]* ['"] ) [^\n]* )
    ) (?: \n | \Z )
    """,
    re.VERBOSE | re.DOTALL,
)
PASSED_OVER = re.compile(r"[^\S\n]*(?:#[^\n]*)?(?:\n|\Z)")
OTHER = re.compile(r"([^\n]*)(?:\n|\Z)")

SIGNS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", '"': '"', "'": "'", "\\": "\\"}


class DotenvError(Exception):
    """A file that is there and cannot be read: says why, in one line, without what is in it."""


def dotenv(path: Path) -> dict[str, str]:
    """The variables of a file; none if there is no such file. Raises DotenvError."""
    try:
        text = path.read_text("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except UnicodeDecodeError as error:
        raise DotenvError(f"is not UTF-8 (at byte {error.start})") from None
    except OSError as error:
        raise DotenvError(f"cannot be read ({error.strerror})") from None
    if "\0" in text:
        raise DotenvError("is not UTF-8 (it holds zero bytes)")
    return dict(variables(text))


def variables(text: str) -> Iterator[tuple[str, str]]:
    """Each name and its value. Raises DotenvError for a line of ours that is none of the above."""
    at = 0
    while at < len(text):
        if match := LINE.match(text, at):
            yield match["name"], value(match)
        elif not (match := PASSED_OVER.match(text, at)):
            match = OTHER.match(text, at)
            if match and re.match(r"\s*(export\s+)?(OPEN)?WEATHER", match[1]):
                raise DotenvError(f"holds a line that is not NAME=value (line {text.count(chr(10), 0, at) + 1})")
        at = match.end() if match else len(text)


def value(match: re.Match[str]) -> str:
    """What stands after the equals sign."""
    if (single := match["single"]) is not None:
        return re.sub(r"\\([\\'])", r"\1", single)
    if (double := match["double"]) is not None:
        return re.sub(r"\\([abfnrtv\"'\\])", lambda sign: SIGNS[sign[1]], double)
    return re.sub(r"\s+#.*", "", match["bare"]).strip()
