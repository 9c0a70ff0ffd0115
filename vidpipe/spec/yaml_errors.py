"""PyYAML's syntax errors, in words that say what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vidpipe.spec.document import WHOLE_FILE, Place
from vidpipe.words import shown_text

if TYPE_CHECKING:
    from yaml.error import Mark, MarkedYAMLError

INDENTED = "this line is not indented like the lines around it, or a quote or bracket is missing before it"

NO_NAME = "expected alphabetic or numeric character"

SAID = (
    (r"found character '\\t' that cannot start", "a tab stands where YAML wants spaces: replace it"),
    (r"found character '(?P<what>.+)' that cannot start", "text cannot start with {what}: put it in quotes"),
    (r"mapping values are not allowed here", 'a ": " stands inside plain text: put the text in quotes'),
    (r"could not find expected ':'", "this is no `key: value`: is a colon, a quote or an indentation missing?"),
    (r"found unexpected end of stream", "a quote is opened here and never closed"),
    (r"found unexpected document separator", "a quote is opened here and not closed before the document ends"),
    (r"expected <block end>, but found", INDENTED),
    (r"expected ',' or '(?P<what>[]}])', but got", "a comma or {what} is missing"),
    (r"found unknown escape character", r"unknown escape in double quotes: use single quotes, or write \\ for \ "),
    (r"expected escape sequence of", r"unknown escape in double quotes: use single quotes, or write \\ for \ "),
    (NO_NAME, "text cannot start with & or *: put it in quotes"),
    (r"expected the node content, but found", "a value is missing here"),
    (r"expected chomping or indentation", "nothing but a comment may follow | or > in its line"),
    (r"sequence entries are not allowed here", "a list item (-) cannot stand here: start it on a line of its own"),
    (r"found undefined tag handle|found incompatible YAML", "tags and directives are not allowed: remove it"),
    (r"did not find expected <document start>", INDENTED),
    (r"expected '<document start>'", INDENTED),
)
AT_THE_START = ("while scanning a quoted scalar", "while scanning a simple key")
"""What is better told where it begins than where PyYAML noticed."""


def syntax_problem(error: MarkedYAMLError) -> tuple[Place, str]:
    """Return the place and the message of a syntax error."""
    problem = str(error.problem or error.context or "syntax error")
    mark = error.problem_mark or error.context_mark
    message = _message(problem)
    if error.context == "while scanning a directive" and problem.startswith(NO_NAME):
        message = "text cannot start with %: put it in quotes"
    if error.context in AT_THE_START:
        mark = error.context_mark
    elif str(error.context).startswith("while parsing a flow") and error.context_mark:
        message += f" (the bracket was opened in line {error.context_mark.line + 1})"
    return _place(mark), message


def _message(problem: str) -> str:
    for pattern, message in SAID:
        match = re.match(pattern, problem)
        if match:
            return message.format(**match.groupdict()).strip()
    return f"is not valid YAML: {shown_text(problem)}"


def _place(mark: Mark | None) -> Place:
    return Place(mark.line + 1, mark.column + 1) if mark else WHOLE_FILE
