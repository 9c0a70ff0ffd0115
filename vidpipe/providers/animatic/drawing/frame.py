"""One keyframe from one request: read the words, decide the place and moment, paint, finish. No clock, no disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidpipe.media.picture import cover, open_picture
from vidpipe.providers.animatic.drawing.cameo import MOST
from vidpipe.providers.animatic.drawing.canvas import Canvas
from vidpipe.providers.animatic.drawing.caption import Caption, caption_for, set_caption
from vidpipe.providers.animatic.drawing.carry import light_of, likeness, nearer, painted_over
from vidpipe.providers.animatic.drawing.composition import compose
from vidpipe.providers.animatic.drawing.finish import finish
from vidpipe.providers.animatic.drawing.memory import Place, encode, name_of, recall
from vidpipe.providers.animatic.drawing.palette import Palette, palette_of
from vidpipe.providers.animatic.drawing.scene import Behind, paint_scene
from vidpipe.providers.animatic.drawing.shots import shot_for
from vidpipe.providers.animatic.drawing.words import read

if TYPE_CHECKING:
    from PIL import Image

    from vidpipe.providers.base import ImageRequest

_SMALL = 320  # the longer side of the drawing that a repainted picture is compared with
_OURS = 0.55  # the share of it that must be as we drew it for its scene to go on


@dataclass(frozen=True, slots=True)
class _Sketch:
    """What is the same for every size and moment of one request; `text` is written into the picture, "" for nothing."""

    palette: Palette
    text: str
    portraits: tuple[Image.Image, ...]


def draw_frame(request: ImageRequest) -> bytes:
    """Draw the keyframe at `request.size` as PNG; raises BrokenFileError where a picture of the request is damaged."""
    text = request.scene_description.strip() or request.frame_prompt.strip()
    sketch = _Sketch(
        palette=palette_of(request.style.color_palette, request.style.visual_style),
        text=text if request.lettered else "",
        portraits=tuple(open_picture(one.picture.data, f"reference {one.name}") for one in request.references[:MOST]),
    )
    name = name_of(text)
    fresh = Place(read(request.scene_description, request.frame_prompt, request.style.visual_style), name, 0, name)
    if request.first is None:
        return encode(_paint(sketch, fresh, request.size, None), fresh)
    first = open_picture(request.first.data, "the picture to continue")
    remembered = recall(request.first, first)
    picture = cover(first, request.size)
    if remembered is None:
        return _after_hand(sketch, fresh, picture)
    brief = read(request.scene_description, request.frame_prompt, request.style.visual_style, remembered.brief)
    if brief.setting == remembered.brief.setting:
        goes_on = name == remembered.text
        shot = remembered.shot if goes_on else shot_for(text, request.frame_prompt, remembered.shot)
        place = Place(brief, remembered.seed, remembered.moment + 1, text, shot)
        return encode(_paint(sketch, place, request.size, None), place)
    place = Place(brief, name, 1, name)
    return encode(_paint(sketch, place, request.size, Behind(picture, ours=True)), place)


def _after_hand(sketch: _Sketch, fresh: Place, picture: Image.Image) -> bytes:
    """Continue a picture that a hand made or changed.

    Where most of it is still our start of this scene, the scene goes on and what was painted over it stays; any other
    picture is what the new frame is about.
    """
    later = Place(fresh.brief, fresh.seed, 1, fresh.text)
    scale = min(1.0, _SMALL / max(picture.size))
    size = (max(16, round(picture.width * scale)), max(16, round(picture.height * scale)))
    drawn = _paint(sketch, fresh, size, None)
    if likeness(picture, drawn) < _OURS:
        return encode(_paint(sketch, later, picture.size, Behind(picture, ours=False)), later)
    goes_on = _paint(sketch, later, picture.size, None)
    caption = caption_for(sketch.text, size, sketch.palette)
    changed = painted_over(picture, drawn, () if caption is None else (caption.box(*size),))
    if changed is not None:
        about = (picture.width / 2, picture.height / 2)
        goes_on.paste(nearer(picture, about, 1.03), (0, 0), nearer(changed, about, 1.03))
    return encode(goes_on, later)


def _paint(sketch: _Sketch, place: Place, size: tuple[int, int], behind: Behind | None) -> Image.Image:
    """Return the finished picture of a place at its moment."""
    canvas = Canvas(*size)
    light = None if behind is None else light_of(behind.picture)
    count = len(sketch.portraits)
    view = compose(
        canvas, place.brief, sketch.palette, place.seed, place.moment, light, behind is not None, count, place.shot
    )
    paint_scene(view, behind, sketch.portraits)
    picture = finish(canvas.image, view.unit, place.seed)
    caption: Caption | None = caption_for(sketch.text, size, sketch.palette)
    return picture if caption is None else set_caption(picture, caption, sketch.palette)
