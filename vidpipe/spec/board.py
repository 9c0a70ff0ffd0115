"""The storyboard: what is to be seen in each scene, as a person may edit it and as a model replies."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError

from vidpipe.errors import BrokenFileError, Problem, SpecError
from vidpipe.spec.document import Document, Fault
from vidpipe.spec.explain import faults_of
from vidpipe.spec.json import read_json
from vidpipe.spec.model import Part, StitchMode, TransitionName
from vidpipe.spec.source import CONTROL, MIB, decode, too_large

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

LARGEST = 4 * MIB
LONGEST_TEXT = 4_000
LONGEST_NARRATION = 2_000
MOST_SCENES = 100
MOST_PROBLEMS = 50
FENCE = re.compile(r"\s*```[a-zA-Z]*[ \t]*\n(?P<inside>.*?)\n?[ \t]*```\s*", re.DOTALL)

Continuity = Literal["continue", "cut"]


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return text


def _not_empty(scenes: tuple[object, ...]) -> tuple[object, ...]:
    if not scenes:
        raise ValueError("must have at least 1 scene")
    return scenes


Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
Said = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_not_blank)]


class StyleGuide(Part):
    """The look that all scenes share."""

    visual_style: Said = Field(description="Medium, light and texture of every picture.")
    color_palette: Said = Field(description="The colours that the film keeps to.")
    camera_style: Said = Field(description="How the camera frames and moves.")


def _mode_mapping(value: object) -> object:
    """Write the short form, a mode, as the mapping that it stands for."""
    return {"mode": value} if isinstance(value, str) else value


class Transition(Part):
    """How one scene leads to the next, where that is not as the spec's `stitch` says."""

    mode: StitchMode = Field(description="`cut` or `crossfade`.")
    seconds: float | None = Field(None, ge=0.1, le=30, description="Length of the crossfade (the spec's).")
    transition: TransitionName | None = Field(None, description="How the crossfade looks (as the spec says).")


class Scene(Part):
    """One scene: a start keyframe, an end keyframe, and the motion between them.

    `narration` and `transition` are there only where somebody wrote them: a storyboard without them is read, written
    and hashed as if they did not exist.
    """

    scene_index: int = Field(ge=0, description="The scene's position, counted from 0.")
    scene_description: Said = Field(description="What happens.")
    start_frame_prompt: Said = Field(description="The first picture of the scene.")
    end_frame_prompt: Said = Field(description="The last picture of the scene.")
    video_motion_prompt: Said = Field(description="How camera and subjects move from the first picture to the last.")
    transition_notes: Text = Field("", description="How the scene leads to the next one.")
    continuity: Continuity = Field(
        "continue",
        description="`continue` starts from the last picture of the scene before, `cut` opens on a picture of its own.",
    )
    narration: Annotated[str, Field(max_length=LONGEST_NARRATION)] | None = Field(
        None, description="What a voice says over the scene, in the language of the script."
    )
    transition: Annotated[Transition, BeforeValidator(_mode_mapping)] | None = Field(
        None, description="How the scene leads to the next one, where that differs from the spec's `stitch`."
    )


class Storyboard(Part):
    """A style guide and 1 to 100 scenes; each scene's index is its position."""

    style_guide: StyleGuide
    scenes: Annotated[tuple[Scene, ...], Field(strict=False, max_length=MOST_SCENES), AfterValidator(_not_empty)]


class BrokenBoardError(BrokenFileError):
    """A storyboard file that cannot be used, with all its problems."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def parse_board(data: bytes, file: str) -> Storyboard:
    """Read the storyboard of a person, called `file`. Raises BrokenBoardError with every problem and its place."""
    try:
        if len(data) > LARGEST:
            raise SpecError([Problem(file, 0, 0, "", too_large(len(data), LARGEST))])
        document = read_json(decode(data, file=file), file)
    except SpecError as error:
        raise BrokenBoardError(error.problems) from error
    board, faults = _validated(document.values)
    faults += [] if board is None else index_faults([scene.scene_index for scene in board.scenes])
    told = [*document.problems, *(document.problem(fault) for fault in faults if not document.is_spoilt(fault.path))]
    if board is None or told:
        told.sort(key=lambda problem: (problem.line, problem.column))
        raise BrokenBoardError(told[:MOST_PROBLEMS])
    return board


def reply_board(text: str, scenes: int, *, narration: bool = False) -> Storyboard:
    """Read a model's reply, with or without a code fence, whatever number its scenes are counted from.

    Words to be spoken have to be there with `narration`, if only empty ones, and are left out without. Raises
    ValueError, in words that can be logged, for anything that is no storyboard of that many scenes.
    """
    fenced = FENCE.fullmatch(text)
    try:
        document = read_json((fenced["inside"] if fenced else text)[: LARGEST + 1], "reply")
    except SpecError as error:
        raise ValueError(str(error)) from error
    board, faults = _validated(_renumbered(document))
    problems = [*document.problems, *(document.problem(fault) for fault in faults)]
    if board is None or problems:
        raise ValueError("\n".join(str(problem) for problem in problems[:MOST_PROBLEMS]))
    if len(board.scenes) != scenes:
        raise ValueError(f"reply: scenes: must be {scenes} (got {len(board.scenes)})")
    faults = index_faults([scene.scene_index for scene in board.scenes])
    if faults:
        raise ValueError(str(document.problem(faults[0])))
    silent = next((scene.scene_index for scene in board.scenes if scene.narration is None), None)
    if narration and silent is not None:
        raise ValueError(f"reply: scenes[{silent}].narration: is missing")
    return board if narration else _unspoken(board)


def _unspoken(board: Storyboard) -> Storyboard:
    return board.model_copy(
        update={"scenes": tuple(scene.model_copy(update={"narration": None}) for scene in board.scenes)}
    )


def index_faults(indices: Sequence[int]) -> list[Fault]:
    """Hold every scene's index against its position."""
    faults = []
    for position, index in enumerate(indices):
        if index != position:
            first = indices.index(index)
            double = f", which scenes[{first}] has already" if first < position else ""
            message = f"must be {position}, the scene's position counted from 0 (got {index}{double})"
            faults.append(Fault(("scenes", position, "scene_index"), message))
    return faults


def board_json(board: Storyboard) -> bytes:
    """Write a storyboard as people read it: indented, keys in a stable order, one line end at the end.

    Control characters, which no file that is read may hold as they are, stay escapes.
    """
    text = json.dumps(_written(board), ensure_ascii=False, indent=2)
    plain = CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return f"{plain}\n".encode()


def board_digest(board: Storyboard) -> str:
    """Return the hex sha256 of what a storyboard says, however it was formatted."""
    canonical = json.dumps(_written(board), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _written(board: Storyboard) -> dict[str, Any]:
    return board.model_dump(exclude_none=True)


def board_schema(scenes: int, *, narration: bool = False) -> dict[str, object]:
    """Return the JSON Schema that a text model is held to: exactly so many scenes, every key there, no references.

    Words to be spoken are asked of it only with `narration`; transitions are a person's alone.
    """
    scene = _properties(Scene, leave_out={"transition", "narration"})
    if narration:
        scene["narration"] = {"type": "string", "description": Scene.model_fields["narration"].description}
    return _closed(
        {
            "style_guide": _closed(_properties(StyleGuide)),
            "scenes": {"type": "array", "items": _closed(scene), "minItems": scenes, "maxItems": scenes},
        }
    )


def _properties(model: type[BaseModel], leave_out: AbstractSet[str] = frozenset()) -> dict[str, Any]:
    kept = {"type", "description", "enum", "minimum"}
    properties = model.model_json_schema()["properties"]
    return {
        name: {k: v for k, v in prop.items() if k in kept} for name, prop in properties.items() if name not in leave_out
    }


def _closed(properties: dict[str, Any]) -> dict[str, object]:
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


def _validated(values: dict[str, object]) -> tuple[Storyboard | None, list[Fault]]:
    try:
        return Storyboard.model_validate(values), []
    except ValidationError as error:
        return None, faults_of(error, Storyboard)


def _renumbered(document: Document) -> dict[str, object]:
    """Count scenes by position where the reply counts them one by one from another number."""
    scenes = document.values.get("scenes")
    if not isinstance(scenes, list) or not all(isinstance(scene, dict) for scene in scenes):
        return document.values
    indices = [scene.get("scene_index") for scene in scenes]
    first = indices[0] if indices else None
    if type(first) is not int or indices != list(range(first, first + len(indices))):
        return document.values
    return {**document.values, "scenes": [{**scene, "scene_index": n} for n, scene in enumerate(scenes)]}
