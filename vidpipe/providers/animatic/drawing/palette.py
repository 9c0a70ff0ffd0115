"""The colours of a film: a ramp from dark to light and one accent, read from the style guide."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vidpipe.providers.animatic.drawing.chance import Chance
from vidpipe.providers.animatic.drawing.colour import Colour, chroma, hex_colours, mix, ramp, shade, to_lab

_FAMILIES: dict[str, str] = {
    "ember": "#1b1020 #4a1c2e #93382f #d8703a #f4b860 #fde9c4",
    "tide": "#0a1622 #12344d #1f6478 #5a9aa0 #b4cfc4 #f5eeda",
    "moss": "#10170f #233a26 #4b6b3c #8b9a56 #cfc88c #f6efd3",
    "plum": "#160f24 #37204d #6c3a70 #b0607f #e6a08f #fae0c8",
    "slate": "#0f141a #27333f #4f6272 #8799a3 #c2c8c7 #f1eee8",
    "rose": "#24121f #5a2740 #a14b5b #d98880 #f2c1ab #fdeee0",
    "dune": "#23160f #573522 #97653c #cf9a5e #ecca94 #faf0d8",
    "frost": "#0d1626 #21395c #49709a #8bb0cb #c8dde6 #f7fafa",
    "violet": "#110f2b #2c2461 #5a4396 #9570bd #cfabd8 #f6e6f0",
    "copper": "#0d1c1f #1c4247 #3f7472 #b5714a #e5aa72 #fae7c8",
    "ink": "#0c0c0e #26262a #4e4e52 #86868a #c3c2c0 #f4f2ee",
    "neon": "#0b0820 #241355 #5b1f9c #c92f9d #ff7aa8 #c8f6ff",
    "sepia": "#1a120b #3f2c1c #705236 #a58259 #d6ba8c #f5e8cd",
    "coral": "#0f2030 #1f4a5c #4e8a8f #e0806a #f5b594 #fdeeda",
}

_WORDS: dict[str, str] = {
    "ember": "ember fire red crimson scarlet orange amber autumn flame lava rust hot",
    "tide": "teal turquoise cyan aqua sea ocean marine petrol",
    "moss": "green moss olive forest emerald sage jade lime earthy natural",
    "plum": "plum magenta burgundy wine berry mauve dusk twilight",
    "slate": "slate grey gray steel muted overcast rain foggy desaturated cold bleak",
    "rose": "rose pink blush pastel peach romantic soft dreamy",
    "dune": "sand beige gold golden yellow honey ochre desert warm sunny wheat sunlit",
    "frost": "blue navy ice icy winter snow frost azure cool sky cobalt moonlit",
    "violet": "violet purple lavender indigo lilac mystic magic",
    "copper": "copper bronze brass teal-and-orange cinematic blockbuster",
    "ink": "black white monochrome noir ink charcoal grayscale greyscale",
    "neon": "neon cyberpunk synthwave electric vaporwave",
    "sepia": "sepia brown vintage antique western old parchment nostalgic",
    "coral": "coral salmon vivid colourful colorful playful bright cheerful",
}
_BY_WORD = {word: family for family, words in _WORDS.items() for word in words.split()}
_TOKEN = re.compile(r"[a-z]+(?:-[a-z]+)*")


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours from dark to light, and the accent for what should catch the eye."""

    colours: tuple[Colour, ...]
    accent: Colour

    def tone(self, place: float) -> Colour:
        """Return the colour at `place`, from 0 (darkest) to 1 (lightest)."""
        return ramp(self.colours, place)


def _filled(colours: list[Colour]) -> tuple[Colour, ...]:
    """Return the colours from dark to light, reaching far enough both ways to draw a picture with."""
    ordered = sorted(colours, key=lambda colour: to_lab(colour)[0])
    darkest, lightest = ordered[0], ordered[-1]
    if to_lab(darkest)[0] > 0.30:
        ordered.insert(0, shade(darkest, 0.20, 0.7))
    if to_lab(lightest)[0] < 0.80:
        ordered.append(shade(lightest, 0.92, 0.45))
    if len(ordered) == 2:
        ordered.insert(1, mix(ordered[0], ordered[1], 0.5))
    return tuple(ordered)


def _accent(colours: tuple[Colour, ...]) -> Colour:
    """Return the most colourful of the lighter colours, lifted so that it glows against the dark ones."""
    light = [colour for colour in colours if to_lab(colour)[0] > 0.4] or list(colours)
    strongest = max(light, key=chroma)
    return shade(strongest, max(0.68, to_lab(strongest)[0]), 1.1)


def palette_of(colour_words: str, style_words: str) -> Palette:
    """Return the palette that the style guide asks for.

    Hex colours count first, then colour words, then the words of the visual style; else the words' hash decides.
    """
    given = hex_colours(colour_words) or hex_colours(style_words)
    if given:
        colours = _filled(given[:12])
        return Palette(colours, _accent(colours))
    for text in (colour_words, style_words):
        families = dict.fromkeys(_BY_WORD[word] for word in _TOKEN.findall(text.lower()) if word in _BY_WORD)
        if families:
            return _blended([_family(name) for name in list(families)[:2]])
    name = Chance("palette", colour_words, style_words).pick(sorted(_FAMILIES))
    return _blended([_family(name)])


def _family(name: str) -> list[Colour]:
    return hex_colours(_FAMILIES[name])


def _blended(families: list[list[Colour]]) -> Palette:
    """Return one family as it is; of two, the first for the shadows and the second for the lights."""
    steps = len(families[0])
    colours = tuple(
        mix(families[0][step], families[-1][step], (step / (steps - 1)) ** 0.8)
        if len(families) == 2
        else families[0][step]
        for step in range(steps)
    )
    return Palette(colours, _accent(colours))
