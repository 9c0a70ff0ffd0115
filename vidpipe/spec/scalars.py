"""Unquoted YAML values: the YAML 1.2 core schema, and an error for everything that other YAML readers read otherwise.

A value that one reader takes for a number and another for text would make a film that nobody asked for. The words and
numbers refused here are those on which YAML 1.1 (most libraries) and 1.2 (most editors) disagree.
"""

from __future__ import annotations

import math
import re

from vidpipe.words import shown_text

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
RATIOS = frozenset({"16:9", "9:16"})
"""Numbers to base 60 in YAML 1.1, but nobody means that by an aspect ratio."""

LONGEST_NUMBER = 30

INTEGER = re.compile(r"[-+]?[0-9]+")
FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")

SURPRISES = tuple(
    (re.compile(pattern), message)
    for pattern, message in (
        (r"(?i:y|n|yes|no|on|off)", "means true or false to some YAML readers: write true or false, or"),
        (r"[-+]?0[0-9]+", "means different numbers to different YAML readers: write it without the leading zero, or"),
        (r"[-+]?0(?:o[0-7_]+|x[0-9a-fA-F_]+|b[01_]+)", "is a number to some YAML readers: write it in decimal, or"),
        (
            r"(?=.*_)[-+]?(?:\.?[0-9][0-9_]*|[0-9][0-9_]*\.[0-9_]*)(?:[eE][-+]?[0-9]+)?",
            "is a number to some YAML readers: write it without _, or",
        ),
        (r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?", "is a number to base 60 to some YAML readers:"),
        (r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:.*)?", "is a date to some YAML readers:"),
        (r"[-+]?\.(?i:inf|nan)", "is no number that vidpipe can use: write a finite one, or"),
        (r"=|<<", "has a meaning of its own to some YAML readers:"),
    )
)


def plain_scalar(text: str) -> str | int | float | bool | None:
    """Return the value of an unquoted YAML scalar. Raises ValueError, saying what to write, where readers disagree."""
    if text in NULLS:
        return None
    if text in BOOLEANS:
        return BOOLEANS[text]
    if text in RATIOS:
        return text
    for pattern, message in SURPRISES:
        if pattern.fullmatch(text):
            word = shown_text(text)
            raise ValueError(f'{word} {message} put it in quotes ("{word}")')
    return _number(text) if FLOAT.fullmatch(text) else text


def _number(text: str) -> int | float:
    if len(text) > LONGEST_NUMBER:
        raise ValueError(f"is a number of {len(text):,} characters: at most {LONGEST_NUMBER} are read")
    if INTEGER.fullmatch(text):
        return int(text)
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is too large a number")
    return number
