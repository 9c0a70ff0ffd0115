"""What the film is cut from: its scenes with joins, voices and captions, as fingerprint parts and as an edit.

A part of the spec that this film does not use is no part of its fingerprint.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from vidpipe.engine.order import Input
from vidpipe.files import sha256_file
from vidpipe.media.edit import CUT, Bed, Edit, Join, Segment, Source
from vidpipe.media.frame import frame_size
from vidpipe.spec.model import KEEP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vidpipe.engine.fingerprint import Json
    from vidpipe.engine.order import Made
    from vidpipe.job import Job
    from vidpipe.steps.clip import Shot
    from vidpipe.steps.narration import Voice
    from vidpipe.steps.storyboard import Board


@dataclass(frozen=True, slots=True)
class Shown:
    """One scene that the film shows: `join` leads to the next one, whose first frame is this one's last if `shares`.

    `caption` is what is drawn into its pictures.
    """

    scene: int
    clip: Input
    voice: Input | None
    caption: str
    join: Join
    shares: bool

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The files of this scene."""
        return (self.clip,) if self.voice is None else (self.clip, self.voice)


def shown_scenes(job: Job, board: Board, shots: Sequence[Shot], voices: Mapping[int, Voice]) -> tuple[Shown, ...]:
    """Return the scenes that the film shows, in its order; those left out lead nowhere."""
    there = [(shot, shot.made) for shot in shots if shot.made is not None]
    following = [shot for shot, _ in there[1:]]
    return tuple(
        Shown(
            scene=shot.scene,
            clip=made.as_input(f"{shot.kind} {shot.scene}"),
            voice=_voice(voices[shot.scene].made, shot.scene),
            caption=_caption(job, board, shot.scene),
            join=_join(job, board, shot.scene),
            shares=after is not None and _shares(job, board, shot, after),
        )
        for (shot, made), after in zip_longest(there, following)
    )


def _voice(made: Made | None, scene: int) -> Input | None:
    return None if made is None else made.as_input(f"narration {scene}")


def _caption(job: Job, board: Board, scene: int) -> str:
    return words_of(board, scene) if job.spec.captions == "burned" else ""


def words_of(board: Board, scene: int) -> str:
    """Return what of a scene is to be read; empty where there is nothing."""
    words = board.scene(scene)
    return ((words.narration if words else None) or "").strip()


def _join(job: Job, board: Board, scene: int) -> Join:
    """Return how a scene leads to the next one: as its storyboard says, else as the spec says."""
    stitch, words = job.spec.stitch, board.scene(scene)
    own = words.transition if words else None
    if (own.mode if own else stitch.mode) == "cut":
        return CUT
    seconds = own.seconds if own and own.seconds is not None else stitch.seconds
    transition = own.transition if own and own.transition is not None else stitch.transition
    return Join("crossfade", seconds, transition)


def _shares(job: Job, board: Board, shot: Shot, after: Shot) -> bool:
    """Whether two shots show one picture at their boundary: a clip that ends on what the next clip begins with."""
    if not job.spec.stitch.drop_shared_frame or _join(job, board, shot.scene).mode != "cut":
        return False
    both_filmed = shot.kind == after.kind == "clip"
    return both_filmed and after.scene == shot.scene + 1 and not board.cuts(after.scene)


def edit_parts(job: Job, shown: Sequence[Shown]) -> tuple[dict[str, Json], dict[str, Json]]:
    """Return the fingerprint parts of a film beside its inputs: the user's, and vidpipe's own."""
    spec = job.spec
    size: dict[str, Json] = {"aspect_ratio": spec.aspect_ratio, "resolution": spec.resolution, "audio": spec.audio}
    sound, usual = _sound_parts(job)
    return size | _join_parts(job, shown) | sound | _caption_parts(shown), usual


def _join_parts(job: Job, shown: Sequence[Shown]) -> dict[str, Json]:
    stitch = job.spec.stitch
    usual = CUT if stitch.mode == "cut" else Join("crossfade", stitch.seconds, stitch.transition)
    boundaries = shown[:-1]
    parts: dict[str, Json] = {}
    if not boundaries or any(each.join == usual for each in boundaries):
        parts |= {"stitch": usual.mode}
        if usual.mode == "crossfade":
            parts |= {"stitch seconds": usual.seconds, "stitch transition": usual.transition}
    for each in boundaries:
        if each.join != usual:
            parts |= {f"transition {each.scene}": each.join.mode}
            if each.join.mode == "crossfade":
                parts |= {f"transition {each.scene} seconds": each.join.seconds}
                parts |= {f"transition {each.scene} look": each.join.transition}
    return parts | {f"shared frame {each.scene}": "dropped" for each in boundaries if each.shares}


def _sound_parts(job: Job) -> tuple[dict[str, Json], dict[str, Json]]:
    if not job.spec.audio:
        return {}, {}
    loudness: dict[str, Json] = {"loudness": job.spec.loudness}
    music = job.spec.music
    bed: dict[str, Json] = {} if music is None else {"music gain_db": music.gain_db, "music duck": music.duck}
    return (loudness | bed, {}) if "loudness" in job.loaded.named else (bed, loudness)


def music_of(job: Job) -> Input | None:
    """Return the music under the film, hashed; None where nothing is heard of any. Raises OSError where it is gone."""
    path = job.loaded.music
    if path is None or not job.spec.audio:
        return None
    return Input("music", path.name, path, sha256_file(path))


def _caption_parts(shown: Sequence[Shown]) -> dict[str, Json]:
    """Name the captions that are drawn into the film; those beside it change none of its pictures and samples."""
    texts: dict[str, Json] = {f"caption {each.scene}": each.caption for each in shown if each.caption}
    return {"captions": "burned", **texts} if texts else {}


def edit_of(job: Job, shown: Sequence[Shown], music: Input | None) -> Edit:
    """Return the edit that `edit_parts` and the inputs speak of; every input is known."""
    spec = job.spec
    bed = None
    if music is not None and spec.music is not None:
        bed = Bed(source(music), spec.music.gain_db, spec.music.duck)
    return Edit(
        segments=tuple(
            Segment(
                clip=source(each.clip),
                join=each.join,
                voice=None if each.voice is None else source(each.voice),
                caption=each.caption,
                drop_last=each.shares,
            )
            for each in shown
        ),
        size=frame_size(spec.aspect_ratio, spec.resolution),
        audio=spec.audio,
        loudness=None if spec.loudness == KEEP else float(spec.loudness),
        music=bed,
        burn=spec.captions == "burned",
    )


def source(part: Input) -> Source:
    """Return a known input as the film's media know it."""
    assert part.digest is not None
    return Source(part.name, part.path.absolute(), part.digest)
