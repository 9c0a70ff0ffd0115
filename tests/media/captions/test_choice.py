"""Captions get type that has all their letters, or a message that says what to install."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.media.captions.typefaces import collection, font_of, with_letters
from vidpipe.media.captions import choice
from vidpipe.media.captions.choice import EMBEDDED_FACE, NoFontError, missing_letters, style_for
from vidpipe.media.captions.fonts import folders, font_files
from vidpipe.media.captions.style import Style

if TYPE_CHECKING:
    from collections.abc import Mapping

RUSSIAN = "Смотритель поднялся."
ARABIC = "صعد الحارس"
LATIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.,:;!?-"


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a machine without fonts."""
    (tmp_path / "data/fonts").mkdir(parents=True)
    nowhere = str(tmp_path / "nowhere")
    return {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data"), "XDG_DATA_DIRS": nowhere}


@pytest.fixture(autouse=True)
def _shaping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "can_shape", lambda: True)


def install(machine: Mapping[str, str], name: str, font: bytes) -> Path:
    path = Path(machine["XDG_DATA_HOME"], "fonts", name)
    path.write_bytes(font)
    return path


def names(style: Style) -> list[str]:
    return [Path(face.path).name for face in style.faces]


def test_plain_letters_are_set_in_the_type_that_is_the_same_everywhere(machine: dict[str, str]) -> None:
    install(machine, "NotoSans-Regular.ttf", font_of(with_letters(LATIN)))
    assert style_for(["Plain words, “quoted”."], machine).faces == (EMBEDDED_FACE,)


def test_one_font_that_has_everything_is_taken(machine: dict[str, str]) -> None:
    install(machine, "DejaVuSans.ttf", font_of(with_letters(LATIN)))
    install(machine, "Zeta.ttf", font_of(with_letters(LATIN + RUSSIAN)))
    assert names(style_for(["Plain.", RUSSIAN], machine)) == ["Zeta.ttf"]


def test_of_several_fonts_the_upright_regular_one_of_a_good_family_is_taken(machine: dict[str, str]) -> None:
    for name in ("AAA", "NotoSans-Bold", "NotoSans-Italic", "NotoSans-Regular", "NotoSansMono-Regular"):
        install(machine, f"{name}.ttf", font_of(with_letters(RUSSIAN)))
    assert names(style_for([RUSSIAN], machine)) == ["NotoSans-Regular.ttf"]


def test_accents_are_drawn_onto_the_own_type_where_no_font_has_them(machine: dict[str, str]) -> None:
    assert style_for(["Die Wärterin stieg hinauf \u2013 müde."], machine).faces == (EMBEDDED_FACE,)
    install(machine, "DejaVuSans.ttf", font_of(with_letters(LATIN + "äü\u2013")))
    assert names(style_for(["Die Wärterin stieg hinauf \u2013 müde."], machine)) == ["DejaVuSans.ttf"]


def test_letters_are_gathered_from_several_fonts_where_no_font_has_all(machine: dict[str, str]) -> None:
    install(machine, "Kana.ttf", font_of(with_letters("ねこ")))
    install(machine, "Greek.ttf", font_of(with_letters("λ")))
    assert sorted(names(style_for(["Plain λ ねこ"], machine))) == ["", "Greek.ttf", "Kana.ttf"]


@pytest.mark.parametrize(("text", "index"), [("猫", 1), ("猫の", 0), ("猫한", 2)])
def test_han_letters_are_drawn_as_their_readers_write_them(machine: dict[str, str], text: str, index: int) -> None:
    fonts = [with_letters("猫の한", f"Noto Sans CJK {region}") for region in ("JP", "SC", "KR")]
    install(machine, "NotoSansCJK-Regular.ttc", collection(*fonts))
    assert [face.index for face in style_for([text], machine).faces] == [index]


def test_letters_that_no_font_has_are_named_with_what_to_install(machine: dict[str, str]) -> None:
    said = missing_letters(["猫 and ж"], machine)
    assert "ж (U+0436 CYRILLIC SMALL LETTER ZHE) or 猫 (U+732B CJK UNIFIED IDEOGRAPH-732B)" in said
    assert "fonts-noto-cjk" in said
    assert "fonts-dejavu-core" in said
    assert "captions: sidecar" in said


def test_many_missing_letters_are_counted(machine: dict[str, str]) -> None:
    said = missing_letters(["абвгдежзик"], machine)
    assert said.count("U+") == 8
    assert "or 2 more" in said


def test_a_font_that_has_all_letters_but_one_is_not_enough(machine: dict[str, str]) -> None:
    install(machine, "DejaVuSans.ttf", font_of(with_letters(RUSSIAN.replace("я", ""))))
    assert "я" in missing_letters([RUSSIAN], machine)
    assert missing_letters([RUSSIAN.replace("я", "")], machine) == ""


def test_a_text_that_is_shaped_is_set_in_one_face(machine: dict[str, str]) -> None:
    install(machine, "Zeta.ttf", font_of(with_letters(ARABIC)))
    assert names(style_for([ARABIC, "Plain."], machine)) == ["Zeta.ttf", ""]
    install(machine, "DejaVuSans.ttf", font_of(with_letters(LATIN)))
    with pytest.raises(NoFontError, match="no one font on this machine has all the letters"):
        style_for([ARABIC + " abc"], machine)


def test_shaping_that_is_not_there_is_told_with_the_script(
    machine: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "can_shape", lambda: False)
    install(machine, "DejaVuSans.ttf", font_of(with_letters(ARABIC + RUSSIAN)))
    said = missing_letters([ARABIC], machine)
    assert said.startswith("captions: Arabic needs letters to be joined and ordered")
    assert "libfribidi0" in said
    assert missing_letters([RUSSIAN], machine) == ""


def test_signs_that_nobody_sees_need_no_font(machine: dict[str, str]) -> None:
    assert missing_letters(["a\u200b b\u00ad\ufe0f \u200e\n"], machine) == ""


def test_files_that_are_no_fonts_are_passed_over(machine: dict[str, str]) -> None:
    install(machine, "Broken.ttf", b"nothing")
    install(machine, "Short.ttf", font_of(with_letters(RUSSIAN))[:300])
    assert missing_letters([RUSSIAN], machine)


def test_a_style_goes_to_a_worker_and_its_key_says_nothing_of_where_fonts_lie(
    machine: dict[str, str], tmp_path: Path
) -> None:
    path = install(machine, "DejaVuSans.ttf", font_of(with_letters(RUSSIAN)))
    style = style_for([RUSSIAN], machine)
    assert Style.from_json(style.to_json()) == style
    moved = path.rename(path.with_name("Other.ttf"))
    other = style_for([RUSSIAN], machine)
    assert names(other) == [moved.name]
    assert other.key() == style.key()
    assert str(tmp_path) not in str(style.key())
    moved.write_bytes(font_of(with_letters(RUSSIAN + "x")))
    assert style_for([RUSSIAN], machine).key() != style.key()


def test_fonts_are_looked_for_where_each_system_keeps_them() -> None:
    environ = {"HOME": "/home/mara", "XDG_DATA_DIRS": "/opt/share:/usr/share"}
    assert [str(folder) for folder in folders(environ, "linux")] == [
        "/home/mara/.local/share/fonts",
        "/home/mara/.fonts",
        "/opt/share/fonts",
        "/usr/share/fonts",
    ]
    assert Path("/System/Library/Fonts") in folders(environ, "darwin")
    assert Path("C:/Windows/Fonts") in folders(environ, "win32")


def test_only_font_files_are_listed(machine: dict[str, str]) -> None:
    install(machine, "readme.txt", b"")
    path = install(machine, "a.OTF", b"")
    assert font_files(machine) == [str(path)]
