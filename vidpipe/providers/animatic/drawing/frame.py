"""One keyframe from one request: read the words, compose, paint, finish, set the caption. No clock, no disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from vidpipe.media.picture import cover, open_picture
from vidpipe.providers.animatic.drawing.cameo import MOST
from vidpipe.providers.animatic.drawing.canvas import Canvas
from vidpipe.providers.animatic.drawing.caption import caption_for, set_caption
from vidpipe.providers.animatic.drawing.carry import light_of, likeness, nearer, painted_over
from vidpipe.providers.animatic.drawing.composition import compose
from vidpipe.providers.animatic.drawing.finish import finish
from vidpipe.providers.animatic.drawing.palette import Palette, palette_of
from vidpipe.providers.animatic.drawing.scene import paint_scene
from vidpipe.providers.animatic.drawing.words import Brief, read

if TYPE_CHECKING:
    from vidpipe.providers.base import ImageRequest

_SMALL = 200  # the longer side of the drawings that a picture is compared with
_OURS = 0.55  # the share of a picture that must be as we drew it for its scene to go on
_NEAR = 40.0  # the mean difference beyond which no later moment of the scene will fit either
_MOMENTS = 4


@dataclass(frozen=True, slots=True)
class _Sketch:
    """What is the same for every size and moment of one request."""

    brief: Brief
    palette: Palette
    seed: str
    caption: str
    portraits: tuple[Image.Image, ...]


def draw_frame(request: ImageRequest) -> Image.Image:
    """Draw the keyframe at `request.size`; raises BrokenFileError where a picture in the request cannot be opened."""
    sketch = _sketch(request)
    if request.first is None:
        return _paint(sketch, request.size, 0.0, None)
    picture = cover(open_picture(request.first.data, "the picture to continue"), request.size)
    found = _moment_of(sketch, picture)
    if found is None:
        return _paint(sketch, request.size, 1.0, picture)
    moment, ours = found
    drawn = _paint(sketch, request.size, moment + 1, None)
    changed = painted_over(picture, ours)
    if changed is not None:
        about = (picture.width / 2, picture.height / 2)
        drawn.paste(nearer(picture, about, 1.03), (0, 0), nearer(changed, about, 1.03))
    return drawn


def _sketch(request: ImageRequest) -> _Sketch:
    style = request.style
    words = f"{style.visual_style} {style.color_palette}"
    shown = request.references[:MOST]
    return _Sketch(
        brief=read(request.scene_description, request.frame_prompt, words),
        palette=palette_of(style.color_palette, style.visual_style),
        seed=request.scene_description.strip() or request.frame_prompt.strip(),
        caption=request.scene_description.strip() or request.frame_prompt.strip(),
        portraits=tuple(open_picture(one.picture.data, f"reference {one.name}") for one in shown),
    )


def _moment_of(sketch: _Sketch, picture: Image.Image) -> tuple[float, Image.Image] | None:
    """Return the moment of this scene that the picture shows, and our small drawing of it; None if it shows another."""
    scale = _SMALL / max(picture.size)
    size = (max(16, round(picture.width * scale)), max(16, round(picture.height * scale)))
    for moment in range(_MOMENTS):
        drawn = _paint(sketch, size, float(moment), None)
        alike = likeness(picture, drawn)
        if alike.share >= _OURS and (moment > 0 or alike.distance < _NEAR):
            return _best(sketch, picture, size, moment, drawn, alike.distance)
        if alike.distance > _NEAR:
            return None
    return None


def _best(
    sketch: _Sketch, picture: Image.Image, size: tuple[int, int], moment: int, drawn: Image.Image, distance: float
) -> tuple[float, Image.Image]:
    """Return the moment from this one on that fits best; time only runs forward."""
    while moment + 1 < _MOMENTS:
        later = _paint(sketch, size, float(moment + 1), None)
        apart = likeness(picture, later).distance
        if apart >= distance:
            break
        moment, drawn, distance = moment + 1, later, apart
    return float(moment), drawn


def _paint(sketch: _Sketch, size: tuple[int, int], moment: float, behind: Image.Image | None) -> Image.Image:
    canvas = Canvas(*size)
    light = light_of(behind) if behind is not None else None
    view = compose(canvas, sketch.brief, sketch.palette, sketch.seed, moment, light, behind is not None)
    paint_scene(view, behind, sketch.portraits)
    picture = finish(canvas.image, view.unit, sketch.seed)
    caption = caption_for(sketch.caption, size, sketch.palette)
    return picture if caption is None else set_caption(picture, caption, sketch.palette)
