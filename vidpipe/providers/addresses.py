"""The words that become part of an address: a location, a project, a model's id; none may lead a request elsewhere.

A location is the first word of the host that gets the token, a project and a model are steps of the path.
"""

from __future__ import annotations

import re

from vidpipe.words import shown_text

LOCATION = re.compile(r"[a-z0-9-]{1,40}")
PROJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:-]{0,127}")
MODEL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,199}")


class AddressError(Exception):
    """A request would go to an address that is none of the provider's; nothing has been sent."""


def location_fault(text: str) -> str:
    """Say what is wrong with a location of Google Cloud; an empty answer means nothing."""
    if LOCATION.fullmatch(text):
        return ""
    return f"must be small letters, digits and hyphens, at most 40, such as us-central1 (got {shown_text(text)})"


def project_fault(text: str) -> str:
    """Say what is wrong with a project of Google Cloud; an empty answer means nothing."""
    if PROJECT.fullmatch(text):
        return ""
    return f"must be a project's id, of letters, digits, points, colons and hyphens (got {shown_text(text)})"


def model_id_fault(text: str) -> str:
    """Say what is wrong with a model's id; an empty answer means nothing."""
    if MODEL_ID.fullmatch(text):
        return ""
    return f"must be a model's id, of letters, digits, points, hyphens, _ and @ (got {shown_text(text)})"
