"""The commands about pictures and sound: what a video file is, and a look at a film before it is paid for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from vidpipe.cli_options import json_option
from vidpipe.cli_output import show, voice_of

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command()
@click.argument("files", type=click.Path(path_type=str), nargs=-1, required=True, metavar="FILE...")
@json_option
def probe(files: Sequence[str], as_json: bool) -> int:
    """Tell what every FILE is: pictures, sound, and whether a film can take it as it is.

    Frames are counted, not believed, and the whole file is read. Exits with 1 where a FILE is no MP4 or is damaged.
    """
    from pathlib import Path

    from vidpipe.commands.probe import probe as look
    from vidpipe.report.probe import exit_code, of_probe, probed

    found = look([Path(file) for file in files])
    show(as_json, lambda: of_probe(found), lambda: probed(found, voice_of()))
    return int(exit_code(found))
