"""The command that looks at the machine itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from vidpipe.cli_options import SPEC, dir_option, json_option, quiet_option
from vidpipe.cli_output import show, voice_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@click.command()
@click.argument("specs", type=SPEC, nargs=-1, metavar="[SPEC]...")
@dir_option
@json_option
@quiet_option
def doctor(specs: Sequence[str], directory: Path | None, as_json: bool, quiet: bool) -> int:
    """Tell whether every SPEC could be made here: credentials, models, codecs, room, locks, clock and settings.

    Nothing is bought, and without google in the specs nothing is sent. Without any SPEC, specs/ is meant. Exits with 1
    where a check fails; warnings alone are none.
    """
    from pathlib import Path

    from vidpipe.commands.doctor import doctor as look
    from vidpipe.report.doctor import doctor as told
    from vidpipe.report.doctor import of_doctor

    found = look([Path(spec) for spec in specs], directory=directory)
    show(as_json, lambda: of_doctor(found), lambda: told(found, voice_of(quiet)))
    return found.exit_code
