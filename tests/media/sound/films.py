"""Films for the tests of sound: scenes of any samples, stored without loss, and FFmpeg's own meter to judge the mix."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import av
import numpy as np
from av.filter import Graph

from tests.media.edits import source
from vidpipe.media.audio import SoundTrack
from vidpipe.media.sound.mix import mix
from vidpipe.media.sound.plan import SceneSound, SoundPlan, Span
from vidpipe.media.sound.track import Track

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from av.audio.stream import AudioStream
    from numpy.typing import NDArray

    from vidpipe.media.edit import Bed
    from vidpipe.media.sound.plan import Voice

RATE = 48_000
FRAME = 2_000


def noise(seconds: float, level: float = 0.1, seed: int = 0) -> NDArray[np.float32]:
    """Return pink-like noise whose parts have nothing to do with each other: float32 (2, n), `level` its deviation."""
    random = np.random.default_rng(seed)
    count = round(seconds * RATE)
    spectrum = np.fft.rfft(random.normal(size=(2, count))) / np.sqrt(np.arange(count // 2 + 1) + 50)
    samples = np.fft.irfft(spectrum, count)
    return np.asarray(samples / samples.std() * level, np.float32)


def tone(seconds: float, hertz: float = 1_000, level: float = 0.1) -> NDArray[np.float32]:
    """Return a sine of amplitude `level`: float32 (2, n)."""
    wave = level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)
    return np.stack([wave, wave]).astype(np.float32)


def sound_file(
    path: Path, samples: NDArray[np.float32], codec: str, container: str, *, rate: int = RATE, form: str = "fltp"
) -> Path:
    """Write sound (channels, n) as a file of its own; `rate` is that of the samples."""
    layout = {1: "mono", 2: "stereo"}[len(samples)]
    with av.open(str(path), "w", format=container) as output:
        stream = cast("AudioStream", output.add_stream(codec, rate=rate, layout=layout))
        planar = av.AudioResampler(form, layout, rate)
        for place in range(0, samples.shape[1], 4_096):
            part = np.ascontiguousarray(samples[:, place : place + 4_096], np.float32)
            frame = av.AudioFrame.from_ndarray(part, format="fltp", layout=layout)
            frame.sample_rate, frame.pts, frame.time_base = rate, place, Fraction(1, rate)
            for converted in planar.resample(frame):
                output.mux(stream.encode(converted))
        output.mux(stream.encode(None))
    return path


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene to be made: its samples (None: its clip has no sound), held for some frames, and its voice."""

    samples: NDArray[np.float32] | None
    frames: int = 24
    held: int = 0
    voice: Voice | None = None


def film(
    folder: Path,
    scenes: Sequence[Scene | NDArray[np.float32]],
    *,
    fade: int = 0,
    loudness: float | None = None,
    music: Bed | None = None,
) -> SoundPlan:
    """Return the plan of a film of these scenes, each a lossless clip in `folder`, with fades of so many frames."""
    made = []
    wanted = [scene if isinstance(scene, Scene) else Scene(scene, scene.shape[1] // FRAME) for scene in scenes]
    for place, scene in enumerate(wanted):
        path = folder / f"{place}.mp4"
        if scene.samples is not None:
            sound_file(path, scene.samples, "alac", "mp4", form="s32p")
        else:
            path.write_bytes(b"no sound is read from this")
        frames = scene.frames
        track = Track(
            path.name, None if scene.samples is None else 0, Fraction(0), Fraction(frames, 24), frames * FRAME
        )
        whole = (frames + scene.held) * FRAME
        hard = [not (fade and place), not (fade and place + 1 < len(wanted))]
        made.append(SceneSound(source(path), track, whole, frames * FRAME, hard[0], hard[1], scene.voice))
    return SoundPlan(tuple(made), tuple(_spans(made, fade * FRAME)), loudness, music)


def _spans(scenes: Sequence[SceneSound], fade: int) -> list[Span]:
    spans = [Span(0, 0, scenes[0].samples - (fade if len(scenes) > 1 else 0), fades=False)]
    for place, (before, after) in enumerate(pairwise(scenes)):
        last = place + 2 == len(scenes)
        if fade:
            spans.append(Span(place, before.samples - fade, fade, fades=True))
        spans.append(Span(place + 1, fade, after.samples - fade - (0 if last else fade), fades=False))
    return [span for span in spans if span.samples]


def mixed(plan: SoundPlan, cache: Path) -> NDArray[np.float32]:
    """Return the whole mix, float32 (2, n)."""
    return np.concatenate(list(mix(plan, cache)), axis=1)


def metered(samples: NDArray[np.float32]) -> tuple[float, float]:
    """Return integrated loudness (LUFS) and true peak (dBTP) of a whole as FFmpeg's ebur128 filter measures them."""
    graph = Graph()
    form = {"sample_rate": RATE, "format": "fltp", "layout": "stereo", "time_base": Fraction(1, RATE)}
    entry = graph.add_abuffer(**form)  # type: ignore[arg-type]
    end = graph.add("abuffersink")
    graph.link_nodes(entry, graph.add("ebur128", "metadata=1:peak=true"), end).configure()
    found: dict[str, str] = {}
    for place in range(0, samples.shape[1], RATE):
        part = np.ascontiguousarray(samples[:, place : place + RATE])
        frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, place, Fraction(1, RATE)
        entry.push(frame)
        _pull_all(end, found)
    entry.push(None)
    _pull_all(end, found)
    peak = float(found["lavfi.r128.true_peak"])
    return float(found["lavfi.r128.I"]), 20 * math.log10(peak) if peak else -math.inf


def _pull_all(end: object, found: dict[str, str]) -> None:
    while True:
        try:
            found.update(end.pull().metadata)  # type: ignore[attr-defined]
        except (av.BlockingIOError, av.EOFError):
            return


def through_aac(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return sound as it comes out of a film: encoded, and decoded by counting samples."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        track = SoundTrack(container)
        track.write(samples)
        track.finish()
    file.seek(0)
    with av.open(file, "r") as written:
        return np.concatenate([frame.to_ndarray() for frame in written.decode(audio=0)], axis=1).astype(np.float32)


def decibels(samples: NDArray[np.float32]) -> float:
    """Return the mean power of sound in decibels under full scale."""
    return 10 * math.log10(float(np.mean(samples.astype(np.float64) ** 2)) or 1e-30)
