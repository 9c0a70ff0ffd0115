"""Fonts are looked for in folders where anything may lie."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.media.captions.typefaces import font_of, with_letters
from vidpipe.media.captions.fonts import font_files, found_faces

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.timeout(20)
def test_a_pipe_a_device_or_a_folder_that_is_called_a_font_is_passed_over_at_once(tmp_path: Path) -> None:
    fonts = tmp_path / "fonts"
    (fonts / "folder.ttf").mkdir(parents=True)
    os.mkfifo(fonts / "pipe.ttf")
    (fonts / "device.ttf").symlink_to("/dev/zero")
    (fonts / "gone.ttf").symlink_to("nowhere")
    real = fonts / "real.ttf"
    real.write_bytes(font_of(with_letters("ab")))
    files = font_files({"XDG_DATA_HOME": str(tmp_path), "XDG_DATA_DIRS": "/nowhere", "HOME": "/nowhere"})
    assert len(files) == 4  # a folder is none
    assert [found.path for found in found_faces(files, ())] == [str(real)]
