"""The narration step: a speech model speaks a scene's words into a WAV file, which a person's own may replace."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from vidpipe.engine.order import FREE, Input, Making, Order, RefusedTargetError
from vidpipe.engine.patience import to_the_end
from vidpipe.engine.target import target
from vidpipe.errors import BrokenFileError
from vidpipe.files import write_draft
from vidpipe.media.wav import check_wav
from vidpipe.providers.base import NoVoiceError, ReplyLostError, SpeechRequest
from vidpipe.purchase.ask import Question, ask
from vidpipe.steps.kinds import NARRATION
from vidpipe.steps.storyboard import Board, storyboard, storyboard_file

if TYPE_CHECKING:
    from decimal import Decimal

    from vidpipe.engine.fingerprint import Json
    from vidpipe.engine.order import Draft, Made
    from vidpipe.job import Job
    from vidpipe.providers.base import Speech, SpeechModel

RECIPE_VERSION = 1
TOKENS_PER_SECOND = 25  # of sound, as the vendors count it
BYTES_PER_SECOND = 6  # of text, spoken slower than anybody does, so that prices are upper bounds
PAUSE = 5  # seconds


@dataclass(frozen=True, slots=True)
class Voice:
    """What the film has of a scene's narration: its file, or none; `refused` says that a safety filter did not let it.

    Without both, the scene says nothing, the film has no sound, or this machine cannot speak (`Job.silence`).
    """

    scene: int
    made: Made | None = None
    refused: str = ""


def words_spoken(job: Job, board: Board, scene: int) -> str | None:
    """Return what is to be said over a scene: empty for nothing, None where the storyboard is still to say it."""
    if not job.spec.audio:
        return ""
    known = board.scene(scene)
    if known is None:
        return None if job.spec.narration else ""
    words = (known.narration or "").strip()
    return words if any(character.isalnum() for character in words) else ""


async def narration(job: Job, scene: int) -> Made | None:
    """Return the voice of a scene; None where there is none. Raises NotMadeError or, as `voice` does, the refusal."""
    return (await voice(job, scene)).made


async def voice(job: Job, scene: int) -> Voice:
    """Return what the film has of a scene's voice. Raises RefusedTargetError where `on_refused` says to fail."""
    return await job.once.ask(f"the voice of scene {scene}", lambda: _voice(job, scene))


async def _voice(job: Job, scene: int) -> Voice:
    board = await storyboard(job)
    if words_spoken(job, board, scene) == "":
        return Voice(scene)
    lacking = _lacking(job)
    if lacking and await job.must_make(_order(job, board, scene)):
        job.silence = lacking
        job.verdicts.leave(narration_file.name(scene), lacking)
        return Voice(scene)
    try:
        return Voice(scene, await narration_file(job, scene))
    except RefusedTargetError as error:
        if job.spec.on_refused.then == "fail":
            raise
        return Voice(scene, refused=error.reason)


def _lacking(job: Job) -> str:
    """Say what this machine lacks to speak; a model that is paid for speaks elsewhere."""
    model = job.model("speech")
    if model.paid:
        return ""
    try:
        job.provider(model).speech(model.id)
    except NoVoiceError as error:
        return f"narration: {error}"
    return ""


@target("narration/scene-{:03}.wav")
async def narration_file(job: Job, scene: int) -> Made:
    """Speak what is said over a scene."""
    return await job.make(_order(job, await storyboard(job), scene))


def _order(job: Job, board: Board, scene: int) -> Order:
    words, model = words_spoken(job, board, scene), job.model("speech")
    user, own = job.model_parts("speech")
    named, usual = job.spec.voice, next(iter(model.voices), None)
    request = SpeechRequest(words or "", named or usual)
    voices: dict[str, Json] = {"voice": named or usual} if named or usual else {}
    return Order(
        name=narration_file.name(scene),
        kind=NARRATION,
        user=user | ({"narration": words} if words is not None else {}) | (voices if named else {}),
        own=own | {"recipe_version": RECIPE_VERSION} | ({} if named else voices),
        inputs=() if words is not None else (_unwritten(job, scene),),
        recipe=partial(_speak, job, request),
        price=_price(job, words) if model.paid else None,
        waits_for=board.waits_for,
    )


def _unwritten(job: Job, scene: int) -> Input:
    """Stand for words that are not written yet: each scene will have its own, so no two share a making in a plan."""
    board = storyboard_file.name()
    return Input("narration", board, job.store.layout.target(board), None, narration_file.name(scene))


def _price(job: Job, words: str | None) -> Decimal:
    """Return an upper bound of what a speech costs, in USD; before there are words, of as many as a scene may have."""
    size = len(words.encode()) if words is not None else BYTES_PER_SECOND * job.spec.seconds * 4
    tokens_out = TOKENS_PER_SECOND * (size // BYTES_PER_SECOND + PAUSE)
    return job.model("speech").speech_price(len(words) if words is not None else size, size, tokens_out)


async def _speak(job: Job, request: SpeechRequest, draft: Draft) -> Making:
    model = job.model("speech")
    port = job.provider(model).speech(model.id)
    if model.paid:
        await job.buy_in()
    expected = _price(job, request.text) if model.paid else FREE

    def cost(speech: Speech) -> Decimal:
        return model.speech_price(len(request.text), speech.tokens_in, speech.tokens_out) or expected

    question = Question(model, lambda: request, partial(said_aloud, port), expected, cost)
    bought = await ask(job.purchases, draft, question)
    # It is paid for: from here to its place, no Ctrl-C takes it away any more.
    await to_the_end(asyncio.to_thread(write_draft, draft.path, bought.reply.data), keep=True)
    told = {"model": model.name, "prompt": request.text, "voice": request.voice, **bought.told}
    return Making(told, bought.cost, placed=bought.settle)


async def said_aloud(port: SpeechModel, request: SpeechRequest) -> Speech:
    """Ask once; what is no sound was delivered all the same, so it counts as a reply that was lost."""
    speech = await port.speak(request)
    try:
        check_wav(speech.data, "the answer")
    except BrokenFileError as error:
        raise ReplyLostError(str(error)) from error
    return speech
