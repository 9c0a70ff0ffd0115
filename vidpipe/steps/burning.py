"""Whether captions can be drawn into the film on this machine: asked in every plan, so before anything is spent."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from vidpipe.engine.judge import Action
from vidpipe.engine.order import NotMadeError
from vidpipe.job import Unset
from vidpipe.steps.film import film
from vidpipe.steps.storyboard import storyboard

if TYPE_CHECKING:
    from vidpipe.job import Job


async def unset_captions(job: Job) -> Unset:
    """Say which letters of captions that are to be burned no font here has; a film that is done needs no fonts.

    Before there is a storyboard, its narration is expected in the letters of the script.
    """
    outcome = job.outcomes.get(film.name())
    if job.spec.captions != "burned" or outcome is None or outcome.action not in {Action.MAKE, Action.MAYBE}:
        return Unset()
    try:
        board = await storyboard(job)
    except NotMadeError:
        return Unset()
    if board.storyboard is not None:
        texts = [scene.narration or "" for scene in board.storyboard.scenes]
        return Unset(stop=await asyncio.to_thread(_missing, texts))
    if not job.spec.narration:
        return Unset()
    letters = "".join(character if character.isalpha() else " " for character in job.loaded.script)
    return Unset(warning=await asyncio.to_thread(_missing, [letters]))


def _missing(texts: list[str]) -> str:
    from vidpipe.media.captions.choice import missing_letters

    return missing_letters(texts)
