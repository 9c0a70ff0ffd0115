"""A take or a record that cannot be read is not lost: nothing is bought in its stead, and the file is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.failing import SAID, unreadable
from tests.project import long
from vidpipe.commands.clean import clean
from vidpipe.engine.judge import State
from vidpipe.engine.store import Store
from vidpipe.errors import Exit

if TYPE_CHECKING:
    from pathlib import Path

    from tests.project import Project, Ran
    from vidpipe.engine.layout import Layout
    from vidpipe.spec.load import Loaded


@pytest.fixture
def back(pier: Project) -> Project:
    """Return a job whose next run finds all that it wants in the archive, for its style is changed and changed back."""
    pier.spec(style="noir")
    pier.done()
    pier.spec()
    return pier


def archived(project: Project, target: str) -> Path:
    """Return the content of a target's first take."""
    take = Store(project.layout()).takes(long(target))[0]
    return project.layout().content(take.digest)


def refuses(project: Project, path: Path) -> Ran:
    """Prove that neither plan nor run buys anything, and that both name the file and exit with 1."""
    sent, spent = len(project.server.requests), project.spent()
    ran = project.run()
    assert ran.exit is Exit.FAILED, ran.said
    place = path.relative_to(project.root).as_posix()
    assert f"{place}: {SAID}" in ran.said
    assert len(project.server.requests) == sent
    assert project.spent() == spent
    return ran


@pytest.mark.parametrize("target", ["storyboard", "start 0", "end 1", "clip 1", "film"])
def test_an_archived_take_that_cannot_be_read_is_an_error_of_its_target_and_nothing_is_bought(
    back: Project, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    path = archived(back, target)
    with monkeypatch.context() as failing:
        unreadable(failing, path)
        ran = refuses(back, path)
        assert ran.state(target) is State.BROKEN
        assert "nothing is made in its stead" in ran.reasons(target)
    calls = back.server.calls
    assert target in back.done().restored
    assert back.server.calls == calls
    back.rests()


@pytest.mark.parametrize("how", ["gone", "damaged"])
def test_an_archived_take_that_is_gone_or_damaged_is_made_anew(back: Project, how: str) -> None:
    path = archived(back, "end 1")
    path.unlink() if how == "gone" else path.write_bytes(b"damaged")
    assert "end 1" in back.done().made
    back.rests()


def test_a_take_that_becomes_unreadable_during_a_run_ends_its_target_and_not_the_others(
    back: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, calls = archived(back, "clip 1"), back.server.calls
    begun: list[object] = []
    unreadable(monkeypatch, path, when=lambda: bool(begun))
    ran = back.run(report=begun.append)
    assert ran.exit is Exit.FAILED
    assert f"{path.relative_to(back.root)}: {SAID}" in ran.said
    assert back.server.calls == calls
    assert {"start 0", "clip 0", "clip 2"} <= ran.restored


@pytest.mark.parametrize("what", ["record of a take", "record of another target"])
def test_books_that_cannot_be_read_stop_everything_that_might_be_bought(
    back: Project, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    layout = back.layout()
    path = {
        "record of a take": min((layout.archive / "records" / long("end 1")).iterdir()),
        "record of another target": layout.record(long("clip 2")),
    }[what]
    back.path("clip 1").unlink()
    unreadable(monkeypatch, path)
    refuses(back, path)


def test_a_record_that_cannot_be_read_at_the_end_of_a_run_is_an_error_and_no_change_of_a_persons(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.spec(scenes=1)
    ended: list[bool] = []

    def look(loaded: Loaded, layout: Layout) -> None:
        ended.append(True)

    monkeypatch.setattr("vidpipe.conduct.index.look", look)
    path = toy.layout().record(long("clip 0"))
    with monkeypatch.context() as failing:
        unreadable(failing, path, when=lambda: bool(ended))
        ran = toy.run()
    assert ran.exit is Exit.FAILED
    assert f"runs/pier/.vidpipe/records/clips/scene-000.mp4.json: {SAID}" in ran.said
    assert "was changed during the run" not in ran.said
    toy.rests()


def test_clean_leaves_the_archive_alone_if_it_cannot_tell_what_the_next_run_wants_of_it(
    back: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    back.run(until="storyboard")
    path = archived(back, "end 1")
    unreadable(monkeypatch, path)
    (found,) = clean([str(back.root / "specs/pier.yaml")], archive=True, remove=True)
    assert any("archive stay" in told and SAID in told for told in found.kept)
    assert path.exists()
