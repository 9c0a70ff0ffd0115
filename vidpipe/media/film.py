"""The film step's one entry: an edit in, a verified film out. It only orchestrates: workers read, decode and encode.

What of a film is neither a clip's own packets nor in the cache is encoded, a few pieces at once; then the film is
joined, and proved. So a rebuild after one edit costs that edit, one join and one proof.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from vidpipe.media.cache import Piece
from vidpipe.media.edit import SourceChangedError
from vidpipe.media.frame import FRAME_RATE
from vidpipe.media.placing import timeline
from vidpipe.media.plain import a_float, a_list, a_text, an_object
from vidpipe.media.recipe import recipes
from vidpipe.media.sound.form import plan_to_json
from vidpipe.media.sound.plan import sound_plan
from vidpipe.media.supply import Supply
from vidpipe.media.wav import read_wav
from vidpipe.place import shown_path

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from vidpipe.media.edit import Edit, Segment
    from vidpipe.media.plain import Json, Object
    from vidpipe.media.samples import Probed
    from vidpipe.media.supply import Calls
    from vidpipe.media.timeline import Timeline


_LEAST, _SLOWEST = 600.0, 0.1
"""Seconds that joining a film, or proving it, may take at least, and for each frame: fifty times what is needed."""


@dataclass(frozen=True, slots=True)
class FilmReport:
    """What was built. The others name clips, each with what was done to it, in a user's words.

    `normalised` could not be taken as they are, and are told with the reason; `dropped` lost a frame that the next one
    shows again, `unlike` should have and kept it, because the next one begins with another picture; `held` stand
    longer, by so many seconds, because their narration does; the voices over `hurried` speak so many times faster.
    `told` are sentences about the sound, and `loudness` is the film's in LUFS, None where it is not steered, or silent;
    `encoded` counts the pieces that were not in the cache.
    """

    timeline: Timeline
    normalised: tuple[tuple[str, str], ...] = ()
    dropped: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    held: tuple[tuple[str, float], ...] = ()
    hurried: tuple[tuple[str, float], ...] = ()
    told: tuple[str, ...] = ()
    loudness: float | None = None
    encoded: int = 0

    @property
    def frames(self) -> int:
        """Count the film's frames."""
        return self.timeline.frames

    @property
    def seconds(self) -> float:
        """The film's length."""
        return self.frames / FRAME_RATE


def _never() -> bool:
    return False


def build_film(
    edit: Edit, path: Path, *, cache: Path, scratch: Path, workers: Calls, stop: Callable[[], bool] = _never
) -> FilmReport:
    """Build the film at `path` and verify it; equal edits of equal files give equal bytes, whatever the cache holds.

    All paths are absolute. `cache` is a folder that is made where it is missing, `scratch` an existing one on the same
    file system for drafts, which the caller removes. `stop` is asked now and then whether to give up.
    Raises BrokenFileError for a file that is damaged, SourceChangedError for one that is another by now,
    NarrationTooLongError, NoFontError, StoppedError, FilmError where the result is not what was planned, and OSError
    where it cannot be written. What stands at `path` after an error is not a film.
    """
    supply = Supply((segment.clip for segment in edit.segments), cache, scratch, workers, stop)
    supply.probe()
    edit, unlike = _dropping(edit, supply)
    clips = [supply.clip(segment.clip) for segment in edit.segments]
    line = timeline(edit, [clip.info for clip in clips], [_voice_seconds(edit, segment) for segment in edit.segments])
    keys, answer = _join(edit, line, clips, path, cache, supply)
    *joins, frames = accumulate((part.frames for part in line.parts), initial=0)
    name = shown_path(path)
    planned: dict[str, Json] = {"path": str(path), "name": name, "size": list(edit.size)}
    planned |= {"joins": joins, "frames": frames, "audio": edit.audio}
    supply.call("verify", planned, name, _LEAST + frames * _SLOWEST)
    supply.cache.prune({segment.clip.digest for segment in edit.segments}, keys)
    told = tuple(a_text(sentence) for sentence in a_list(answer["told"]))
    loudness = None if answer["loudness"] is None else a_float(answer["loudness"])
    return replace(_report(edit, line, clips), unlike=unlike, told=told, loudness=loudness, encoded=supply.encoded)


def _dropping(edit: Edit, supply: Supply) -> tuple[Edit, tuple[str, ...]]:
    """Return the edit that drops no last frame but one that is seen again, and the names of clips that keep theirs."""
    wanted = [place for place, each in enumerate(edit.segments[:-1]) if each.drop_last and each.join.mode == "cut"]
    pairs = {place: (edit.segments[place].clip, edit.segments[place + 1].clip) for place in wanted}
    verdicts = supply.meet(pairs.values())
    unlike = {place for place, (before, after) in pairs.items() if not verdicts[before.digest, after.digest]}
    segments = (
        replace(each, drop_last=each.drop_last and place not in unlike) for place, each in enumerate(edit.segments)
    )
    return replace(edit, segments=tuple(segments)), tuple(pairs[place][0].name for place in sorted(unlike))


def _voice_seconds(edit: Edit, segment: Segment) -> float | None:
    if segment.voice is None or not edit.audio:
        return None
    return read_wav(segment.voice.read(), segment.voice.name).seconds


def _join(
    edit: Edit, line: Timeline, clips: Sequence[Probed], path: Path, cache: Path, supply: Supply
) -> tuple[set[str], Object]:
    """Encode what is missing, join the film, and return the keys of its pieces and what the task `film` answers.

    A piece whose bytes are not those that were encoded is found out when they are read, and then encoded once more.
    """
    style, look = _type(edit, line, supply)
    made_of = recipes(edit, line, clips)
    keys = supply.keys(made_of, look)
    sound = plan_to_json(sound_plan(edit, line, [clip.info for clip in clips])) if edit.audio else None
    dropped: set[str] = set()
    name = shown_path(path)
    while True:
        found = supply.pieces(made_of, keys, style)
        whole = [Piece(edit.segments[part.segment].clip, clips[part.segment]) for part in line.parts]
        joined = [(piece or clip).to_json() for piece, clip in zip(found, whole, strict=True)]
        arguments: Json = {"path": str(path), "pieces": joined, "sound": sound, "cache": str(cache)}
        try:
            answer = an_object(supply.call("film", an_object(arguments), name, _LEAST + line.frames * _SLOWEST))
        except SourceChangedError as error:
            if error.name in dropped or not supply.cache.drop_piece(error.name):
                raise
            dropped.add(error.name)
        else:
            return {key for key in keys if key is not None}, answer


def _type(edit: Edit, line: Timeline, supply: Supply) -> tuple[Json, Json]:
    """Return the type that captions are set in, if any are burned, and all that decides how they look."""
    texts = [caption.text for placed in line.segments for caption in placed.captions]
    if not edit.burn or not texts:
        return None, None
    answer = an_object(supply.call("style", {"texts": texts}, "captions"))
    return answer["style"], answer["look"]


def _report(edit: Edit, line: Timeline, clips: Sequence[Probed]) -> FilmReport:
    normalised, dropped, held, hurried = [], [], [], []
    for clip, placed in zip(clips, line.segments, strict=True):
        name, why = clip.info.name, clip.why_encoded(edit.size)
        if why:
            normalised.append((name, why))
        if placed.clip_frames < clip.info.film_frames:
            dropped.append(name)
        if placed.frames > placed.clip_frames:
            held.append((name, (placed.frames - placed.clip_frames) / FRAME_RATE))
        if placed.voice_tempo > 1:
            hurried.append((name, placed.voice_tempo))
    return FilmReport(line, tuple(normalised), dropped=tuple(dropped), held=tuple(held), hurried=tuple(hurried))
