"""The commands about pictures and sound: what a video file is, and a look at a film before it is paid for."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from vidpipe.cli_options import dir_option, jobs_argument, json_option, quiet_option, verbose_option
from vidpipe.cli_output import show, voice_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


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


@click.command()
@jobs_argument
@dir_option
@json_option
@quiet_option
@verbose_option
def preview(jobs: Sequence[str], directory: Path | None, as_json: bool, quiet: bool, verbose: bool) -> int:
    """Make an animatic of each film as it stands, in runs/NAME.preview.mp4: free, offline, and the job is only read.

    The storyboard, keyframes, narration and clips that the job has are shown as they are; what is missing is drawn. So
    rhythm and framing can be seen before the clips are paid for. Without any SPEC or JOB, specs/ is meant.
    """
    from vidpipe.commands.preview import exit_code_of
    from vidpipe.commands.preview import preview as make
    from vidpipe.report.preview import of_previews, previews
    from vidpipe.report.progress import Progress

    voice = voice_of(quiet, verbose)
    progress = Progress(sys.stderr, voice)
    found = make(jobs, directory=directory, watch=progress.watch)
    code = exit_code_of(found)
    show(as_json, lambda: of_previews(found, code), lambda: previews(found, voice, progress.said), code=code)
    return code
