"""Mechanisms that keep a stranger's links from harm, and how to do without each of them."""

from __future__ import annotations

from tests.proof.removal import Removal, put


def _never(_folder: object) -> None:
    """Refuse nothing."""


def _nowhere(_layout: object, _boundary: object) -> None:
    """Find no link."""


STRANGERS = (
    Removal(
        "A folder that is exchanged for a link gets nothing",
        "folders are looked at again",
        "tests/hostile/test_swaps.py::test_what_is_exchanged_while_the_film_is_built_gets_nothing_and_loses_nothing[.vidpipe/tmp-film]",
        put("vidpipe.files.refuse_detour.__code__", _never.__code__),  # wherever it was imported to
    ),
    Removal(
        "A stranger's files do no harm",
        "folders of the job that are links are refused",
        "tests/hostile/test_links.py::test_a_folder_that_leads_elsewhere_is_neither_written_to_nor_emptied_nor_read[.vidpipe/cache]",
        put("vidpipe.engine.links.check_tree.__code__", _nowhere.__code__),
    ),
)
