"""`vidpipe probe`: what a file is, for a person and for a program."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from tests.golden_file import matches_golden
from tests.media.clips import Kind, SoundKind, make_clip
from vidpipe.__main__ import main
from vidpipe.media.worker import shared
from vidpipe.media.worker.pool import Workers

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.cli.conftest import CommandLine


def test_each_kind_of_file_is_told_as_a_person_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    make_clip(tmp_path / "plain.mp4", Kind())
    make_clip(tmp_path / "kling.mp4", Kind(rate=30, frames=15, sound=SoundKind(44_100, "mono"), sound_first=True))
    make_clip(tmp_path / "phone.mp4", Kind(rotation=90, sound=None, pixel_aspect=Fraction(4, 3), cover=True))
    make_clip(tmp_path / "uneven.mp4", Kind(frames=3, times=(0, 1, 5)))
    make_clip(tmp_path / "film.mp4", Kind(frames=122, rate=2))
    (tmp_path / "page.mp4").write_text("<html>404")
    (tmp_path / "cut off.mp4").write_bytes((tmp_path / "plain.mp4").read_bytes()[:-700])
    files = ("plain.mp4", "kling.mp4", "phone.mp4", "uneven.mp4", "film.mp4", "page.mp4", "cut off.mp4", "missing.mp4")
    assert main(["probe", *files]) == 1
    matches_golden("probe", capsys.readouterr().out)


def test_json_says_the_same_of_every_file_and_the_exit_code_is_of_the_worst(
    vidpipe: CommandLine, tmp_path: Path
) -> None:
    fine = make_clip(tmp_path / "fine.mp4", Kind(rate=25, frames=50))
    empty = tmp_path / "empty.mp4"
    empty.write_bytes(b"")
    assert vidpipe("probe", fine).code == 0
    said = vidpipe("probe", "--json", fine, empty)
    assert said.code == said.json["exit"] == 1
    good, bad = said.json["files"]
    assert (good["pictures"]["frames"], good["pictures"]["frame_rate"], good["pictures"]["seconds"]) == (50, "25", 2.0)
    assert good["film"] == {"frames": 48, "copied": False, "reason": "25 frames a second, not 24", "refused": False}
    assert good["sound"] == {"stream": 1, "codec": "aac", "rate": 48_000, "channels": 2}
    assert "the file is empty (0 bytes)" in bad["problem"]
    assert "pictures" not in bad


def test_a_name_that_steers_a_terminal_is_shown_not_obeyed(vidpipe: CommandLine, tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a\x1b[31mred.mp4", Kind(frames=2))
    assert "\x1b" not in vidpipe("probe", path).out


def test_a_finished_film_is_described_although_it_is_too_long_for_a_clip(vidpipe: CommandLine, tmp_path: Path) -> None:
    said = vidpipe("probe", "--json", make_clip(tmp_path / "film.mp4", Kind(frames=122, rate=2)))
    assert said.code == 0
    (film,) = said.json["files"]
    assert film["pictures"]["seconds"] == 61.0
    why = "61.0 s is longer than the 60 s that a clip may last"
    assert (film["film"]["copied"], film["film"]["reason"], film["film"]["refused"]) == (False, why, True)


def test_a_file_that_crashes_the_decoder_takes_no_other_answer_along(
    vidpipe: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "_pool", Workers(1, registry="tests.cli.crashing"))
    files = [make_clip(tmp_path / name, Kind(frames=2)) for name in ("one.mp4", "crash.mp4", "two.mp4")]
    said = vidpipe("probe", "--json", *files)
    one, crashed, two = said.json["files"]
    assert said.code == 1
    assert "the decoder crashed (signal 11, SIGSEGV)" in crashed["problem"]
    assert (one["pictures"]["frames"], two["pictures"]["frames"]) == (2, 2)
    assert (one["problem"], two["problem"]) == (None, None)


def test_an_answer_that_is_none_is_a_damaged_file(
    vidpipe: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "_pool", Workers(1, registry="tests.cli.crashing"))
    said = vidpipe("probe", make_clip(tmp_path / "lie.mp4", Kind(frames=2)))
    assert said.code == 1
    assert "the decoder went wrong" in said.out
