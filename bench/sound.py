"""What a film's sound costs a clip of 8 s: `python -m bench.sound [CLIP...]`. Goal: at most 0.1 s of CPU.

The clips are generated here, or are those that are named. Beside it stands the plain work, decoding the clips and
encoding that as AAC, which nothing can do without; the ratios to it hold on a machine of any speed.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np

from bench.goals import held
from vidpipe.media.audio import SoundTrack
from vidpipe.media.edit import Source
from vidpipe.media.frame import SAMPLE_RATE, SAMPLES_PER_FRAME
from vidpipe.media.sound.mix import mix
from vidpipe.media.sound.plan import SceneSound, SoundPlan, Span
from vidpipe.media.sound.track import Track

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

SECONDS = 8
FADE = SAMPLE_RATE // 2
ROUNDS = 3
GOALS = {"cold": 1.5, "warm": 1.1}
"""Times the plain work."""
MOST = 0.1
"""Seconds of CPU for each clip, cold or warm."""


def clip_sound(seed: int) -> NDArray[np.float32]:
    """Return a soft room with voices in it, about as hard to encode as a generated clip."""
    random = np.random.default_rng(seed)
    time_ = np.arange(SECONDS * SAMPLE_RATE) / SAMPLE_RATE
    spectrum = np.fft.rfft(random.normal(size=(2, len(time_))))
    room = np.fft.irfft(spectrum / (1 + np.arange(spectrum.shape[1]) / 800) ** 2, len(time_))
    pitch = 110 + 20 * seed
    voice = sum(np.sin(2 * np.pi * pitch * order * time_ + order) / order for order in range(1, 24))
    syllables = np.clip(np.sin(2 * np.pi * (2 + 0.3 * seed) * time_), 0, 1) ** 2
    return np.asarray(0.02 * room / room.std() + 0.08 * voice * syllables, np.float32)


def write_sound(path: Path, parts: Iterable[NDArray[np.float32]]) -> None:
    """Encode sound as a film's is."""
    with av.open(str(path), "w", format="mp4") as container:
        track = SoundTrack(container)
        for part in parts:
            for place in range(0, part.shape[1], SAMPLE_RATE):
                track.write(part[:, place : place + SAMPLE_RATE])
        track.finish()


def make_clips(folder: Path, count: int, given: Sequence[Path]) -> list[Path]:
    """Write `count` clips, each of its own bytes, and return their paths; `given` are copied where there are any."""
    distinct = list(given)
    for number in range(0 if given else 4):
        distinct.append(folder / f"distinct-{number}.mp4")
        write_sound(distinct[-1], [clip_sound(number)])
    paths = [folder / f"{number:03}.mp4" for number in range(count)]
    for number, path in enumerate(paths):
        shutil.copyfile(distinct[number % len(distinct)], path)
        with path.open("ab") as file:
            file.write(b"\0\0\0\x0cfree" + number.to_bytes(4, "big"))
    return paths


def plain(paths: Sequence[Path], target: Path) -> None:
    """Decode every clip and encode all of it: the least that a film's sound must cost."""

    def decoded() -> Iterable[NDArray[np.float32]]:
        for path in paths:
            with av.open(str(path)) as container:
                parts = [frame.to_ndarray() for frame in container.decode(audio=0)]
            yield np.concatenate(parts, axis=1).astype(np.float32, copy=False)

    write_sound(target, decoded())


def planned(paths: Sequence[Path], *, fades: bool) -> SoundPlan:
    """Return the plan of a film of these clips."""
    fade = FADE if fades else 0
    samples = SECONDS * SAMPLE_RATE
    scenes, spans = [], []
    for number, path in enumerate(paths):
        source = Source(path.name, path, hashlib.sha256(path.read_bytes()).hexdigest())
        with av.open(str(path)) as container:
            stream = container.streams.audio[0].index
        track = Track(path.name, stream, Fraction(0), Fraction(SECONDS), samples)
        scenes.append(SceneSound(source, track, samples, samples, not (fade and number), not fade))
        head, tail = (fade if number else 0), (fade if number + 1 < len(paths) else 0)
        spans.append(Span(number, head, samples - head - tail, fades=False))
        if tail:
            spans.append(Span(number, samples - tail, tail, fades=True))
    assert all(span.samples % SAMPLES_PER_FRAME == 0 for span in spans)
    return SoundPlan(tuple(scenes), tuple(spans), -16.0, None)


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds that a piece of work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def measure(folder: Path, paths: list[Path], *, fades: bool) -> dict[str, float]:
    """Return CPU seconds of each kind of work, done once."""
    target, cache = folder / "out.mp4", folder / "cache"
    shutil.rmtree(cache, ignore_errors=True)
    found = {"plain": cpu(lambda: plain(paths, target))}
    plan = planned(paths, fades=fades)
    found["cold"] = cpu(lambda: write_sound(target, mix(plan, cache)))
    found["warm"] = cpu(lambda: write_sound(target, mix(plan, cache)))
    found["mix alone, cold"] = cpu(lambda: [None for _ in mix(plan, folder / "other")])
    found["mix alone, warm"] = cpu(lambda: [None for _ in mix(plan, folder / "other")])
    with paths[len(paths) // 2].open("ab") as file:
        file.write(b"\0\0\0\x08free")
    edited = planned(paths, fades=fades)
    found["mix alone, one clip edited"] = cpu(lambda: [None for _ in mix(edited, folder / "other")])
    shutil.rmtree(folder / "other")
    return found


def main() -> int:
    """Print the best of some rounds; return 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="CLIP", help="a clip of 8 s with sound")
    parser.add_argument("--clips", type=int, default=20)
    options = parser.parse_args()
    fine = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = make_clips(folder, options.clips, options.files)
        for fades in (False, True):
            rounds = [measure(folder, paths, fades=fades) for _ in range(ROUNDS)]
            joins = "crossfades" if fades else "cuts"
            print(f"{options.clips} clips of {SECONDS} s, {joins}, loudness -16 LUFS, best of {ROUNDS}")
            spent = {title: min(each[title] for each in rounds) / options.clips for title in rounds[0]}
            for title, each in spent.items():
                print(f"{title:28} {1000 * each:7.1f} ms CPU a clip {each / spent['plain']:6.2f} x")
            for title, most in GOALS.items():
                what = f"sound of {SECONDS} s clips, {joins}, {title}"
                fine &= held(what, spent[title], MOST, "CPU s a clip", digits=3)
                fine &= held(what, spent[title] / spent["plain"], most, "x decoding and encoding it")
    return int(not fine)


if __name__ == "__main__":
    sys.exit(main())
