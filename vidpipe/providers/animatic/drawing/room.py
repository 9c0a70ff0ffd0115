"""The inside of a house: a wall with a great window, curtains, shelves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.providers.animatic.drawing.colour import mix, shade, to_lab

if TYPE_CHECKING:
    from vidpipe.providers.animatic.drawing.view import View

Frame = tuple[float, float, float, float]


def opening(view: View) -> Frame:
    """Return the window's (left, top, right, bottom); wider where it shows a picture that is continued."""
    wide = min(0.62 if view.carried else 0.44, 0.62 * view.unit / view.width * (1.5 if view.carried else 1.0))
    if view.height > view.width:
        wide = 0.66 if view.carried else 0.54
    middle = view.width * 0.5 + (view.aside - view.width * 0.5) * (0.45 if view.carried else 0.8)
    half = wide * view.width / 2
    return (middle - half, view.height * 0.12, middle + half, view.height * 0.60)


def free_wall(view: View) -> tuple[float, float]:
    """Return the (left, right) in pixels of the wall beside the window and its curtains, on the wider side."""
    left, _, right, _ = opening(view)
    curtain = view.unit * 0.11
    return (0.0, left - curtain) if left > view.width - right else (right + curtain, float(view.width))


def paint_room(view: View) -> None:
    """Lay the wall round the window, then what hangs on it."""
    left, top, right, bottom = opening(view)
    _unit, tones = view.unit, view.tones
    wall = mix(view.palette.tone(0.26 if not view.dark else 0.15), tones.near, 0.25)
    warm = mix(wall, tones.accent, 0.12)
    sheet = view.sheet(0.55)
    sheet.box(-view.width, -view.height, view.width * 2, view.height * 2)
    sheet.box(left, top, right, bottom, 0.0)
    view.canvas.lay(sheet, wall, mix(warm, tones.near, 0.45), span=(0, view.height), shadow=0.3)
    _window_frame(view, (left, top, right, bottom), wall)
    _light_on_floor(view, (left, top, right, bottom))
    if not view.portraits and not {"door", "clock"} & set(view.brief.forms):
        _shelf(view, (left, top, right, bottom), wall)
    _curtains(view, (left, top, right, bottom), wall)


def _window_frame(view: View, frame: Frame, wall: tuple[float, float, float]) -> None:
    left, top, right, bottom = frame
    thick = view.unit * 0.012
    wood = view.sheet(0.52)
    for x0, y0, x1, y1 in (
        (left - thick, top - thick, right + thick, top),
        (left - thick, bottom, right + thick, bottom + thick * 1.8),
        (left - thick, top, left, bottom),
        (right, top, right + thick, bottom),
    ):
        wood.box(x0, y0, x1, y1)
    columns = 3 if right - left > (bottom - top) * 1.15 else 2
    for index in range(1, columns):
        x = left + (right - left) * index / columns
        wood.box(x - thick * 0.35, top, x + thick * 0.35, bottom)
    level = top + (bottom - top) * 0.36
    wood.box(left, level - thick * 0.35, right, level + thick * 0.35)
    wood.box(left - thick * 4, bottom + thick * 1.0, right + thick * 4, bottom + thick * 2.6)
    view.canvas.lay(
        wood, mix(wall, view.tones.near, 0.6), rim=view.rim(((left + right) / 2, bottom * 3), 0.4), shadow=0.15
    )


def _light_on_floor(view: View, frame: Frame) -> None:
    """Let the window's light fall into the room."""
    left, _, right, bottom = frame
    lean = (view.width * 0.5 - (left + right) / 2) * 0.9
    sheet = view.sheet(0.4)
    foot = view.height * 0.98
    sheet.polygon(
        [
            (left, bottom),
            (right, bottom),
            (right + lean + view.unit * 0.16, foot),
            (left + lean - view.unit * 0.16, foot),
        ]
    )
    view.canvas.lay(
        sheet, view.tones.glow, view.tones.haze, alpha=0.10 + 0.08 * view.light.strength, soft=view.unit * 0.02
    )


def _shelf(view: View, frame: Frame, wall: tuple[float, float, float]) -> None:
    """Lay shelves with books beside the window, where the wall is widest."""
    chance, unit = view.chance.fork("shelf"), view.unit
    space = free_wall(view)
    if space[1] - space[0] < unit * 0.28:
        return
    wide = min(unit * 0.46, (space[1] - space[0]) - unit * 0.06)
    middle = (space[0] + space[1]) / 2
    for level in (0.33, 0.50):
        y = view.height * level
        board = view.sheet(0.45)
        board.box(middle - wide / 2, y, middle + wide / 2, y + unit * 0.012)
        x = middle - wide / 2 + unit * 0.01
        tints = (view.tones.accent, view.palette.tone(0.55), view.palette.tone(0.35), view.palette.tone(0.72))
        while x < middle + wide / 2 - unit * 0.045:
            thick, tall = unit * chance.between(0.012, 0.026), unit * chance.between(0.07, 0.115)
            if chance.happens(0.86):
                book = view.sheet(0.45)
                book.box(x, y - tall, x + thick, y)
                tint = mix(chance.pick(tints), view.tones.near, 0.62 if view.dark else 0.42)
                view.canvas.lay(book, tint, mix(tint, view.tones.near, 0.3))
            x += thick + unit * 0.0025
        view.canvas.lay(board, mix(wall, view.tones.glow, 0.22), mix(wall, view.tones.near, 0.3), shadow=0.2)


def _curtains(view: View, frame: Frame, wall: tuple[float, float, float]) -> None:
    left, top, right, bottom = frame
    unit = view.unit
    cloth = mix(view.tones.accent, wall, 0.55)
    cloth = shade(cloth, min(to_lab(cloth)[0], 0.44))
    for edge, side in ((left, -1), (right, 1)):
        sheet, folds = view.sheet(0.42), view.sheet(0.42)
        outer, inner = edge + side * unit * 0.07, edge - side * unit * 0.055
        tie = top + (bottom - top) * 0.62
        low = bottom + unit * 0.10
        sheet.polygon(
            [
                (outer, top - unit * 0.045),
                (inner, top - unit * 0.045),
                (inner, tie - unit * 0.16),
                (edge + side * unit * 0.018, tie),
                (edge - side * unit * 0.012, low),
                (outer, low),
            ]
        )
        for fold in (0.25, 0.5, 0.75):
            x = outer + (inner - outer) * fold
            folds.polygon(
                [
                    (x, top),
                    (x - side * unit * 0.008, top),
                    (edge + side * unit * (0.055 - 0.03 * fold), tie),
                    (edge + side * unit * (0.06 - 0.04 * fold), low),
                    (edge + side * unit * (0.065 - 0.04 * fold), tie),
                ]
            )
        view.canvas.lay(sheet, mix(cloth, view.tones.glow, 0.12), mix(cloth, view.tones.near, 0.45), shadow=0.25)
        view.canvas.lay(folds, view.tones.near, alpha=0.30)
    rod = view.sheet(0.42)
    rod.stroke([(left - unit * 0.10, top - unit * 0.045), (right + unit * 0.10, top - unit * 0.045)], unit * 0.009)
    view.canvas.lay(rod, view.tones.near)
