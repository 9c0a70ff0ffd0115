"""Clips from stills: exact ends, steady motion, equal bytes, and a way to stop."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from vidpipe.errors import BrokenFileError, StoppedError
from vidpipe.media.picture import cover, open_picture
from vidpipe.media.planes import Planes, to_planes
from vidpipe.providers.animatic import camera, open_provider
from vidpipe.providers.animatic.camera import Camera, film, frames
from vidpipe.providers.animatic.motion import DRIFT, HOLD, PAN_RIGHT, PULL_BACK, PUSH_IN, TILT_UP, Move, window
from vidpipe.providers.base import Done, Gone, NotAcceptedError, Picture, VideoRequest

SIZE = (160, 90)


def _picture(seed: int, size: tuple[int, int] = SIZE) -> Picture:
    coarse = np.random.default_rng(seed).integers(0, 256, (5, 8, 3), np.uint8)
    buffer = BytesIO()
    Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC).save(buffer, "PNG")
    return Picture(buffer.getvalue(), "image/png")


REQUEST = VideoRequest(
    prompt="waves under a cliff",
    motion_prompt="slow push in",
    first=_picture(1),
    last=_picture(2, (200, 200)),
    seconds=1,
    aspect_ratio="16:9",
    resolution="720p",
    size=SIZE,
    audio=True,
    seed=None,
    negative_prompt=None,
)


def _planes(seed: int) -> Planes:
    return to_planes(cover(open_picture(_picture(seed).data, "x"), SIZE))


def _same(one: Planes, other: Planes) -> bool:
    pairs = ((one.y, other.y), (one.u, other.u), (one.v, other.v))
    return all(np.array_equal(left, right) for left, right in pairs)


def _decoded(path: Path) -> list[NDArray[np.uint8]]:
    with av.open(str(path), format="mov") as container:
        return [np.asarray(frame.to_ndarray()[: SIZE[1]], np.uint8) for frame in container.decode(video=0)]


def test_equal_requests_give_equal_bytes(tmp_path: Path) -> None:
    film(REQUEST, tmp_path / "one.mp4")
    film(REQUEST, tmp_path / "two.mp4")
    assert (tmp_path / "one.mp4").read_bytes() == (tmp_path / "two.mp4").read_bytes()


def test_a_clip_has_24_frames_a_second_and_sound_of_the_same_length(tmp_path: Path) -> None:
    film(replace(REQUEST, seconds=2), tmp_path / "x.mp4")
    with av.open(str(tmp_path / "x.mp4"), format="mov") as container:
        assert container.streams.video[0].frames == 48
        assert (container.streams.video[0].width, container.streams.video[0].height) == SIZE
        assert container.streams.audio[0].duration == 96_000


def test_without_audio_there_is_no_sound_track(tmp_path: Path) -> None:
    film(replace(REQUEST, audio=False), tmp_path / "x.mp4")
    with av.open(str(tmp_path / "x.mp4"), format="mov") as container:
        assert [stream.type for stream in container.streams] == ["video"]


def test_another_seed_gives_another_sound_and_other_words_another_move(tmp_path: Path) -> None:
    names = ("plain", "seeded", "panned")
    requests = (REQUEST, replace(REQUEST, seed=5), replace(REQUEST, motion_prompt="pan left"))
    for name, request in zip(names, requests, strict=True):
        film(request, tmp_path / name)
    assert len({(tmp_path / name).read_bytes() for name in names}) == 3


@pytest.mark.parametrize("move", [HOLD, DRIFT, PUSH_IN, PULL_BACK, PAN_RIGHT, TILT_UP], ids=lambda move: move.name)
def test_the_first_and_last_frames_are_exactly_the_stills(move: Move) -> None:
    first, last = _planes(1), _planes(2)
    shown = list(frames(first, last, move, 1))
    assert len(shown) == 24
    assert _same(shown[0], first)
    assert _same(shown[-1], last)
    assert not _same(shown[12], first)


def test_a_film_opens_and_ends_on_its_stills_whatever_their_shape(tmp_path: Path) -> None:
    film(REQUEST, tmp_path / "x.mp4")
    shown = _decoded(tmp_path / "x.mp4")
    stills = [cover(open_picture(picture.data, "x"), SIZE) for picture in (REQUEST.first, REQUEST.last)]
    for frame, still in zip((shown[0], shown[-1]), stills, strict=True):
        assert np.abs(frame.astype(int) - to_planes(still).y).mean() < 2


def test_a_dissolve_between_identical_stills_shows_nothing_but_the_move() -> None:
    still = _planes(3)
    for number, frame in enumerate(frames(still, still, PUSH_IN, 1)):
        box = window(PUSH_IN, number / 23, 1, SIZE)
        moved = Image.fromarray(still.y).resize(SIZE, Image.Resampling.BICUBIC, box=box)
        assert np.array_equal(frame.y, np.asarray(moved))


def test_a_dissolve_does_not_darken() -> None:
    grey = Planes(*(np.full(shape, 101, np.uint8) for shape in ((90, 160), (45, 80), (45, 80))))
    lighter = Planes(*(np.full(shape, 102, np.uint8) for shape in ((90, 160), (45, 80), (45, 80))))
    assert {int(frame.y.min()) for frame in frames(grey, grey, HOLD, 1)} == {101}
    levels = [int(frame.y[0, 0]) for frame in frames(grey, lighter, HOLD, 1)]
    assert levels == [101] * 12 + [102] * 12


def _spot(across: float, down: float) -> Planes:
    rows, columns = np.mgrid[0:180, 0:320]
    distance = (columns - across) ** 2 + (rows - down) ** 2
    luma = np.rint(16 + 200 * np.exp(-distance / (2 * 6**2))).astype(np.uint8)
    chroma = np.full((90, 160), 128, np.uint8)
    return Planes(luma, chroma, chroma)


def _place_of_spot(frame: Planes) -> tuple[float, float]:
    weight = np.clip(frame.y.astype(float) - 16, 3, None) - 3
    rows, columns = np.mgrid[0:180, 0:320]
    return float((weight * columns).sum() / weight.sum()), float((weight * rows).sum() / weight.sum())


@pytest.mark.parametrize("move", [DRIFT, PUSH_IN, PAN_RIGHT, TILT_UP], ids=lambda move: move.name)
def test_motion_follows_its_curve_to_a_fraction_of_a_pixel(move: Move) -> None:
    spot = _spot(230, 60)
    seen = np.array([_place_of_spot(frame) for frame in frames(spot, spot, move, 4)])
    wanted = []
    for number in range(96):
        left, top, right, bottom = window(move, number / 95, 4, (320, 180))
        wanted.append(((230.5 - left) * 320 / (right - left) - 0.5, (60.5 - top) * 180 / (bottom - top) - 0.5))
    assert np.abs(seen - np.array(wanted)).max() < 0.1
    assert np.abs(np.diff(seen, 2, axis=0)).max() < 0.25
    assert np.ptp(seen, axis=0).max() > 5


def test_colour_moves_with_the_light() -> None:
    grey = _planes(3)
    tinted = Planes(grey.y, grey.y[::2, ::2].copy(), grey.y[1::2, 1::2].copy())
    for frame in frames(tinted, tinted, PAN_RIGHT, 1):
        halved = frame.y.astype(float).reshape(45, 2, 80, 2).mean(axis=(1, 3))
        assert np.abs(frame.u - halved).mean() < 4
        assert np.abs(frame.v - halved).mean() < 4


def test_a_stop_is_heeded_at_the_next_frame_and_leaves_no_clip(tmp_path: Path) -> None:
    asked: list[bool] = []

    def stop() -> bool:
        asked.append(len(asked) == 5)
        return asked[-1]

    with pytest.raises(StoppedError):
        film(REQUEST, tmp_path / "x.mp4", stop=stop)
    assert len(asked) == 6
    assert not (tmp_path / "x.mp4").exists() or (tmp_path / "x.mp4").stat().st_size == 0


def test_a_damaged_picture_is_named(tmp_path: Path) -> None:
    damaged = replace(REQUEST.last, data=REQUEST.last.data[:-40])
    with pytest.raises(BrokenFileError, match="the last picture of the clip: "):
        film(replace(REQUEST, last=damaged), tmp_path / "x.mp4")


def test_an_operation_is_done_at_once_and_can_be_fetched_again(tmp_path: Path) -> None:
    async def scenario() -> None:
        model = open_provider(None).video("animatic")
        operation = await model.submit(REQUEST)
        assert operation != await model.submit(REQUEST)
        done = await model.poll(operation)
        assert isinstance(done, Done)
        await model.fetch(done, tmp_path / "one.mp4")
        await model.fetch(done, tmp_path / "two.mp4")

    asyncio.run(scenario())
    film(REQUEST, tmp_path / "three.mp4")
    assert len({(tmp_path / f"{name}.mp4").read_bytes() for name in ("one", "two", "three")}) == 1


def test_a_name_of_another_process_is_gone(tmp_path: Path) -> None:
    async def scenario() -> None:
        assert await Camera().poll(await Camera().submit(REQUEST)) == Gone()
        with pytest.raises(NotAcceptedError, match="submit it again"):
            await Camera().fetch(Done("animatic-of-yesterday"), tmp_path / "x.mp4")

    asyncio.run(scenario())


def test_only_the_last_fetched_requests_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera, "film", lambda request, path, stop: None)

    async def scenario() -> None:
        model = Camera()
        names = [await model.submit(REQUEST) for _ in range(20)]
        for name in names[:-1]:
            await model.fetch(Done(name), tmp_path / "x.mp4")
        standing = [isinstance(await model.poll(name), Done) for name in names]
        assert standing == [False] * 11 + [True] * 9

    asyncio.run(scenario())


class _Rendering:
    """Stands in for `film`: goes on until it is stopped."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.ended = threading.Event()

    def __call__(self, request: VideoRequest, path: Path, *, stop: Callable[[], bool]) -> None:
        self.begun.set()
        while not stop():
            pass
        self.ended.set()
        raise StoppedError


@pytest.fixture
def rendering(monkeypatch: pytest.MonkeyPatch) -> _Rendering:
    stand_in = _Rendering()
    monkeypatch.setattr(camera, "film", stand_in)
    return stand_in


def test_a_cancelled_fetch_has_stopped_rendering_when_it_returns(tmp_path: Path, rendering: _Rendering) -> None:
    async def scenario() -> None:
        model = Camera()
        fetching = asyncio.create_task(model.fetch(Done(await model.submit(REQUEST)), tmp_path / "x.mp4"))
        await asyncio.to_thread(rendering.begun.wait)
        fetching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await fetching
        assert rendering.ended.is_set()

    asyncio.run(scenario())


def test_closing_the_provider_stops_what_is_being_rendered(tmp_path: Path, rendering: _Rendering) -> None:
    async def scenario() -> None:
        provider = open_provider(None)
        model = provider.video("animatic")
        fetching = asyncio.create_task(model.fetch(Done(await model.submit(REQUEST)), tmp_path / "x.mp4"))
        await asyncio.to_thread(rendering.begun.wait)
        await provider.close()
        with pytest.raises(StoppedError):
            await fetching

    asyncio.run(scenario())
