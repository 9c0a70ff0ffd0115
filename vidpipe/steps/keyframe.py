"""The keyframe step: a scene has a start and an end picture, and starts on the one that the scene before ended on."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from vidpipe.engine.fingerprint import text_digest
from vidpipe.engine.order import FREE, Making, Order, RefusedTargetError
from vidpipe.engine.patience import to_the_end
from vidpipe.engine.target import target
from vidpipe.files import write_draft
from vidpipe.media.frame import frame_size
from vidpipe.providers.base import ImageRequest, Picture, Reference, Style
from vidpipe.purchase.ask import Question, ask
from vidpipe.steps import prompts
from vidpipe.steps.kinds import KEYFRAME
from vidpipe.steps.storyboard import Board, storyboard

if TYPE_CHECKING:
    from decimal import Decimal

    from vidpipe.engine.fingerprint import Json
    from vidpipe.engine.order import Draft, Input, Made
    from vidpipe.job import Job
    from vidpipe.spec.board import Scene

RECIPE_VERSION = 1


@target("keyframes/scene-{:03}-start.png")
async def opening_frame(job: Job, scene: int) -> Made:
    """Draw the picture that a scene opens on, where it does not continue the one before."""
    board = await storyboard(job)
    return await _draw(job, board, scene, opening_frame.name(scene), None)


@target("keyframes/scene-{:03}-end.png")
async def closing_frame(job: Job, scene: int) -> Made:
    """Draw the picture that a scene ends on, some seconds after the one that it starts on."""
    board = await storyboard(job)
    first = await start_frame(job, scene)
    return await _draw(job, board, scene, closing_frame.name(scene), first)


async def start_frame(job: Job, scene: int) -> Made:
    """Return the picture that a scene starts on: its own, or the one that the scene before ends on."""
    board = await storyboard(job)
    return await (opening_frame(job, scene) if board.cuts(scene) else end_frame(job, scene - 1))


async def end_frame(job: Job, scene: int) -> Made:
    """Return the picture that a scene ends on; where that was refused, the scene holds the one it starts on."""
    try:
        return await closing_frame(job, scene)
    except RefusedTargetError:
        return await start_frame(job, scene)


async def _draw(job: Job, board: Board, scene: int, name: str, first: Made | None) -> Made:
    field = "end_frame_prompt" if first else "start_frame_prompt"
    template = prompts.END_FRAME if first else prompts.START_FRAME
    words = board.scene(scene)
    spec, model = job.spec, job.model("image")
    user, own = job.model_parts("image")
    inputs = tuple(item.as_input() for item in job.context.references)
    inputs = (first.as_input("first frame"), *inputs) if first else inputs

    async def recipe(draft: Draft) -> Making:
        assert words is not None
        return await _buy(job, draft, board, words, template, inputs)

    return await job.make(
        Order(
            name=name,
            kind=KEYFRAME,
            user=user
            | board.style_parts()
            | {
                field: _field(words, field),
                "scene_description": words.scene_description if words else None,
                "aspect_ratio": spec.aspect_ratio,
            }
            | ({"seconds": spec.seconds} if first else {})
            | ({"image_size": spec.image_size} if model.image_sizes else {"resolution": spec.resolution})
            | {f"description of {item.name}": item.description for item in job.context.references if item.description},
            own=own
            | {"recipe_version": RECIPE_VERSION, "prompt_template": text_digest(template)}
            | _letters(job, words),
            inputs=inputs,
            recipe=recipe,
            price=_price(job, len(inputs)),
            refusable=first is not None,
            waits_for=board.waits_for,
        )
    )


def picture_of(data: bytes) -> Picture:
    """Return encoded bytes as a picture of the type of their content."""
    from vidpipe.media.picture import media_type

    return Picture(data, media_type(data))


def _field(scene: Scene | None, name: str) -> str | None:
    if scene is None:
        return None
    return scene.end_frame_prompt if name == "end_frame_prompt" else scene.start_frame_prompt


def _letters(job: Job, scene: Scene | None) -> dict[str, Json]:
    """Return the part that says whether words are written into a picture: vidpipe's own, so no hand is overruled."""
    return {} if job.model("image").paid or _is_lettered(job, scene) else {"letters": "none"}


def _is_lettered(job: Job, scene: Scene | None) -> bool:
    """Whether a picture may show its scene's words, as the animatic writes them.

    Never where a paid model films it, and not where the scene has captions of its own to show. Whatever the spec says
    of captions: that is a setting of the film, and must make no picture and so no clip anew.
    """
    said = scene is not None and bool((scene.narration or "").strip())
    return not job.model("video").paid and not said


def _price(job: Job, inputs: int) -> Decimal | None:
    model = job.model("image")
    return model.picture_price(job.spec.image_size, inputs) if model.paid else None


async def _buy(job: Job, draft: Draft, board: Board, scene: Scene, template: str, inputs: tuple[Input, ...]) -> Making:
    from vidpipe.media.picture import as_png

    model = job.model("image")
    port = job.provider(model).image(model.id)
    price = _price(job, len(inputs))
    if price is not None:
        await job.buy_in()
    expected = price or FREE
    prompt = _prompt(job, board, scene, template)
    request = partial(_request, job, board, scene, prompt, inputs)
    question = Question(model, request, port.draw, expected, lambda _picture: expected)
    bought = await ask(job.purchases, draft, question)
    # It is paid for: from here to its place, no Ctrl-C takes it away any more.
    await to_the_end(asyncio.to_thread(lambda: write_draft(draft.path, as_png(bought.reply.data))), keep=True)
    return Making({"model": model.name, "prompt": prompt, **bought.told}, bought.cost, placed=bought.settle)


def _prompt(job: Job, board: Board, scene: Scene, template: str) -> str:
    assert board.storyboard is not None
    guide = board.storyboard.style_guide
    return template.format_map(
        {
            "frame_prompt": scene.end_frame_prompt if template == prompts.END_FRAME else scene.start_frame_prompt,
            "scene_description": scene.scene_description,
            "visual_style": guide.visual_style,
            "color_palette": guide.color_palette,
            "camera_style": guide.camera_style,
            "seconds": job.spec.seconds,
            "references": prompts.reference_lines([(item.name, item.description) for item in job.context.references]),
        }
    )


def _request(job: Job, board: Board, scene: Scene, prompt: str, inputs: tuple[Input, ...]) -> ImageRequest:
    assert board.storyboard is not None
    spec, guide = job.spec, board.storyboard.style_guide
    pictures = {part.role: part.read() for part in inputs}
    first = pictures.get("first frame")
    references = tuple(
        Reference(item.name, item.description, picture_of(pictures[f"reference:{item.name}"]))
        for item in job.context.references
    )
    return ImageRequest(
        prompt=prompt,
        frame_prompt=scene.end_frame_prompt if first else scene.start_frame_prompt,
        scene_description=scene.scene_description,
        style=Style(guide.visual_style, guide.color_palette, guide.camera_style),
        first=picture_of(first) if first else None,
        references=references,
        seconds=spec.seconds,
        aspect_ratio=spec.aspect_ratio,
        image_size=spec.image_size,
        size=frame_size(spec.aspect_ratio, spec.resolution),
        lettered=_is_lettered(job, scene),
    )
