"""The clip step: a video model fills the motion between two keyframes; a refused scene holds its keyframes instead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from vidpipe.engine.fingerprint import text_digest
from vidpipe.engine.judge import Action
from vidpipe.engine.once import every
from vidpipe.engine.order import FREE, Making, Order, RefusedTargetError
from vidpipe.engine.target import target
from vidpipe.media.frame import frame_size
from vidpipe.providers.base import VideoRequest
from vidpipe.providers.registry import default_model
from vidpipe.purchase.film import Commission, film
from vidpipe.steps import prompts
from vidpipe.steps.keyframe import closing_frame, end_frame, picture_of, start_frame
from vidpipe.steps.kinds import CLIP
from vidpipe.steps.storyboard import Board, storyboard

if TYPE_CHECKING:
    from decimal import Decimal

    from vidpipe.engine.fingerprint import Json
    from vidpipe.engine.order import Draft, Made
    from vidpipe.job import Job
    from vidpipe.spec.board import Scene

RECIPE_VERSION = 1
HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Shot:
    """What the film has of one scene: its clip, a still that stands in for it, or nothing; `gap` says why no clip."""

    scene: int
    made: Made | None
    kind: Literal["clip", "still", "skip"] = "clip"
    gap: str = ""


async def shot(job: Job, scene: int) -> Shot:
    """Return what the film shows of a scene. Raises RefusedTargetError where `on_refused` says to fail."""
    try:
        return Shot(scene, await clip(job, scene))
    except RefusedTargetError as error:
        refused = error
    then = job.spec.on_refused.then
    if then == "fail":
        raise refused
    if then == "skip":
        return Shot(scene, None, "skip", refused.reason)
    return Shot(scene, await still(job, scene), "still", refused.reason)


@target("clips/scene-{:03}.mp4")
async def clip(job: Job, scene: int) -> Made:
    """Film one scene, from its start keyframe to its end keyframe."""
    board = await storyboard(job)
    first, last = await every(start_frame(job, scene), closing_frame(job, scene))
    words = board.scene(scene)
    spec, model = job.spec, job.model("video")
    user, own = job.model_parts("video")

    async def recipe(draft: Draft) -> Making:
        assert words is not None
        return await _film(job, draft, board, words, first, last)

    extras: dict[str, Json] = {"seed": spec.seed, "negative_prompt": spec.negative_prompt}
    return await job.make(
        Order(
            name=clip.name(scene),
            kind=CLIP,
            user=user
            | board.style_parts()
            | {
                "video_motion_prompt": words.video_motion_prompt if words else None,
                "scene_description": words.scene_description if words else None,
                "seconds": spec.seconds,
                "aspect_ratio": spec.aspect_ratio,
                "resolution": spec.resolution,
                "audio": spec.audio,
            }
            | {name: value for name, value in extras.items() if value is not None},
            own=own | {"recipe_version": RECIPE_VERSION, "prompt_template": text_digest(prompts.CLIP)},
            inputs=(first.as_input("first frame"), last.as_input("last frame")),
            recipe=recipe,
            price=_price(job) if model.paid else None,
            waits_for=board.waits_for,
            accepts=_accepted(job),
        )
    )


def _accepted(job: Job) -> dict[str, Json]:
    """Return what serves as well: a film without sound leaves out that of a clip which has some."""
    return {} if job.spec.audio else {"audio": True}


def _price(job: Job) -> Decimal:
    return job.model("video").clip_price(job.spec.seconds, job.spec.resolution, job.spec.audio)


async def _film(job: Job, draft: Draft, board: Board, words: Scene, first: Made, last: Made) -> Making:
    request = partial(_request, job, board, words, first, last)
    model = job.model("video")
    if model.paid:
        await job.buy_in()
    port = job.provider(model).video(model.id)
    making = await film(job.purchases, draft, Commission(model, port, request, _price(job)))
    told: dict[str, Json] = {"model": model.name, "prompt": _prompt(board, words), "seed": job.spec.seed}
    return replace(making, provenance=told | dict(making.provenance))


def _request(job: Job, board: Board, words: Scene, first: Made, last: Made) -> VideoRequest:
    spec = job.spec
    return VideoRequest(
        prompt=_prompt(board, words),
        motion_prompt=words.video_motion_prompt,
        first=picture_of(first.as_input("first frame").read()),
        last=picture_of(last.as_input("last frame").read()),
        seconds=spec.seconds,
        aspect_ratio=spec.aspect_ratio,
        resolution=spec.resolution,
        size=frame_size(spec.aspect_ratio, spec.resolution),
        audio=spec.audio,
        seed=spec.seed,
        negative_prompt=spec.negative_prompt,
    )


def _held(job: Job, board: Board, words: Scene, first: Made, last: Made) -> VideoRequest:
    return replace(_request(job, board, words, first, last), motion_prompt=HOLD)


def _prompt(board: Board, words: Scene) -> str:
    assert board.storyboard is not None
    guide = board.storyboard.style_guide
    return prompts.CLIP.format_map(
        {
            "motion_prompt": words.video_motion_prompt,
            "scene_description": words.scene_description,
            "visual_style": guide.visual_style,
            "camera_style": guide.camera_style,
        }
    )


@target("clips/scene-{:03}-still.mp4")
async def still(job: Job, scene: int) -> Made:
    """Hold a refused scene's keyframes for its length, so that timing and the following scenes stay right."""
    board = await storyboard(job)
    first, last = await every(start_frame(job, scene), end_frame(job, scene))
    spec = job.spec
    words = board.scene(scene)

    async def recipe(draft: Draft) -> Making:
        assert words is not None
        held = partial(_held, job, board, words, first, last)
        model = default_model("animatic", "video")
        port = job.provider(model).video(model.id)
        return await film(job.purchases, draft, Commission(model, port, held, FREE))

    made = await job.make(
        Order(
            name=still.name(scene),
            kind=CLIP,
            user={
                "seconds": spec.seconds,
                "aspect_ratio": spec.aspect_ratio,
                "resolution": spec.resolution,
                "audio": spec.audio,
            },
            own={"recipe_version": RECIPE_VERSION, "held": True},
            inputs=(first.as_input("first frame"), last.as_input("last frame")),
            recipe=recipe,
            accepts=_accepted(job),
        )
    )
    outcome = job.outcomes[made.name]
    if outcome.action is Action.MADE:
        job.outcomes[made.name] = replace(outcome, action=Action.HELD)
    return made
