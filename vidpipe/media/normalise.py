"""Re-encode one clip to the form of its film, where its packets cannot be taken as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.media.decode import film_frames
from vidpipe.media.encode import Encoder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import av

    from vidpipe.media.clip import ClipInfo


def encode_piece(frames: Iterable[av.VideoFrame], path: Path, size: tuple[int, int], count: int) -> None:
    """Write exactly `count` frames of the film to `path`, without sound, as every piece of a film is encoded.

    Raises RuntimeError where the frames are fewer or more.
    """
    with Encoder(path, size, audio=False) as encoder:
        for frame in frames:
            encoder.write_frame(frame)
        if encoder.frames != count:
            raise RuntimeError(f"{path.name}: {encoder.frames} frames were made where {count} were planned")


def normalise(
    source: Path | bytes, info: ClipInfo, path: Path, size: tuple[int, int], check: Callable[[], None]
) -> None:
    """Write the clip's pictures to `path` as `info.film_frames` frames of the film; `check` may raise to stop it."""

    def frames() -> Iterable[av.VideoFrame]:
        for frame in film_frames(source, info, size):
            check()
            yield frame

    encode_piece(frames(), path, size, info.film_frames)
