"""A style guide from the free words of a spec's `style`: how it looks, in which colours, how the camera behaves."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from vidpipe.providers.base import Style

Swatch = tuple[str, str]
Palette = tuple[Swatch, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What a style word means: its colours from dark to light, its surface and its camera."""

    words: frozenset[str]
    palette: Palette
    surface: str
    camera: str
    rules: bool = True


def _look(words: str, palette: str, surface: str, camera: str, *, rules: bool = True) -> Look:
    return Look(frozenset(words.split()), _swatches(palette), surface, camera, rules)


def _swatches(text: str) -> Palette:
    pairs = (part.strip().rsplit(" ", 1) for part in text.split(","))
    return tuple((name, colour) for name, colour in pairs)


# A look that does not rule lends its colours only where no other word of the style has any.
LOOKS = (
    _look(
        "cinematic film movie epic dramatic blockbuster anamorphic",
        "blue black #0b1519, deep teal #12363f, sea green #3f7472, burnt amber #b5652f, amber #e0a03c, pale linen"
        " #f6ead2",
        "wide, layered compositions, one strong source of brightness, silhouettes before haze",
        "slow, weighted moves that settle before the end of the shot", rules=False,
    ),
    _look(
        "noir film-noir detective hardboiled monochrome black-and-white greyscale grayscale",
        "ink #0b0b0d, charcoal #24252a, wet asphalt #4a4c53, ash #8c8d90, smoke #c6c5c1, bone #f1eee6",
        "hard contrast, long shadows, shapes cut out by a single lamp", "low and patient",
    ),
    _look(
        "watercolor watercolour aquarelle wash gouache",
        "wet slate #27384a, river blue #4f7f9b, moss wash #7f9a6a, rose madder #c9847b, straw #ead29a, paper #fbf6ea",
        "washes that bleed into each other on rough paper, edges left open", "gentle, as if turning a page",
    ),
    _look(
        "storybook fairytale fairy-tale fable picture-book children's illustrated illustration whimsical",
        "bramble #2a1c35, forest green #2f5547, brick #a5492f, apricot #e5955a, wheat #f0c674, cream #fdf3dc",
        "rounded shapes and clear silhouettes, one small tale in every corner", "unhurried, at the eye height of a"
        " child",
    ),
    _look(
        "pastel soft dreamy gentle romantic",
        "dusty plum #5b4a68, lilac #9a86b5, powder blue #a9c6df, blush #efb8b4, butter #f8e3b0, milk #fdf8f2",
        "soft edges, low contrast, air between the shapes", "floating, without a hard stop",
    ),
    _look(
        "neon cyberpunk synthwave vaporwave electric nightlife",
        "midnight violet #0b0820, ultraviolet #2a1560, electric purple #6a22b0, hot magenta #e0349f, signal cyan"
        " #35d0e6,"
        " white glow #e9fbff",
        "saturated signs against near black, every colour twice: once in the air and once in the wet ground",
        "gliding, close to the ground, never in a hurry",
    ),
    _look(
        "documentary realistic natural naturalistic reportage observational",
        "peat #1c1a15, bark #453d30, lichen #77795a, clay #a98a63, overcast #c9c9bd, daylight #f3f0e6",
        "plain exposure, nothing arranged, small truths at the edge of the frame", "at eye height, steady, attentive",
    ),
    _look(
        "minimal minimalist clean modern flat simple swiss scandinavian product corporate",
        "graphite #1e2329, slate blue #46586b, clear sky #8fb3c9, warm sand #e3cfae, soft white #f8f6f1",
        "few shapes, generous empty space, one accent that the eye goes to", "level, exact, one move per shot",
    ),
    _look(
        "ink sumi-e sumi brush calligraphy woodcut linocut engraving pen sketch charcoal pencil drawn",
        "lamp black #0d0d0f, wet ink #2d2e33, dry brush #6d6e70, pale wash #b9b7b0, vermilion seal #c8452f,"
        " rice paper #f4efe3",
        "brush strokes that run dry, much paper left bare, one red mark", "still for long, then one single stroke",
    ),
    _look(
        "vintage sepia retro antique nostalgic old-fashioned victorian old 1920s 1930s 1950s 1970s archival western",
        "tobacco #1f140c, walnut #4a3320, saddle #7d5a38, brass #b08d57, old paper #dcc59a, ivory #f6ead0",
        "faded print, vignetted corners, a grain that holds the shapes together", "fixed, with few and small moves",
    ),
    _look(
        "sci-fi scifi science-fiction futuristic space cosmic technological tech holographic",
        "void #060a14, hull blue #14283f, console teal #1f6f80, ion blue #57b7d9, hazard orange #f08a3c, sterile"
        " white #eef6f8",
        "clean edges, great scale, small warm lamps in large cold volumes", "weightless and exact",
    ),
    _look(
        "warm cosy cozy golden sunny summer autumn autumnal amber hearth homely",
        "umber #26130d, russet #6e2f1c, terracotta #b95c34, amber #e39a45, honey #f5c878, candle white #fdf0d5",
        "low, honeyed brightness from one side, soft shadows", "close and calm, leaning in",
    ),
    _look(
        "cold icy winter wintry frozen bleak arctic nordic blue",
        "polar night #0c1524, deep ice #213b58, steel blue #4d7391, glacier #8fb3c8, frost #c9dde6, snow #f5f9fa",
        "thin brightness, long distances, breath in the air", "distant, holding back",
    ),
    _look(
        "gothic horror ghost ghostly haunted eerie dark gloomy ominous spooky macabre",
        "pitch #090b0e, drowned green #16261f, verdigris #36584c, tallow #9a8f63, corpse light #c9cba4, fog #e4e6dc",
        "more shadow than shape, one thing lit and the rest guessed at", "creeping, and a moment late",
    ),
    _look(
        "anime manga cel ghibli cartoon comic animated animation",
        "ink blue #1a1f3d, cobalt #2f5fa8, leaf #5fa55a, coral #f0776c, sky #a6dcf2, cloud #fdfaf0",
        "flat colour under a painted sky, clean outlines, towering clouds", "lively, with a held beat before each move",
    ),
    _look(
        "surreal dream dreamlike psychedelic fantasy magical mystic mystical enchanted",
        "abyss #130f2c, indigo #33286b, orchid #8a4fa0, rose gold #d98f8f, moon yellow #f2dc9b, pearl #f7f1f6",
        "true things at the wrong size, seams of colour where the edges meet", "afloat, as in sleep",
    ),
    _look(
        "vibrant colorful colourful vivid bright playful cheerful pop bold",
        "navy #14213d, lagoon #1b7f8c, leaf green #5fae4e, tomato #e4572e, sunflower #f7b733, whipped cream #fff6e3",
        "full colours side by side, simple shapes, nothing murky", "brisk and cheerful, landing on the beat",
    ),
    _look(
        "earthy forest green botanical organic rustic pastoral woodland",
        "leaf mould #141c14, pine #26432f, fern #56784a, lichen gold #a9a45c, oat #dccfa0, mist #f3f1e2",
        "grown shapes, overlapping leaves of colour, brightness falling through gaps", "wandering, at a walking pace",
    ),
)  # fmt: skip

SPARE_PALETTES = tuple(
    _swatches(text)
    for text in (
        "blackcurrant #160f24, aubergine #37204d, mulberry #6c3a70, dusk rose #b0607f, apricot #e6a08f, shell #fae0c8",
        "harbour night #0a1622, petrol #12344d, tidewater #1f6478, glass green #5a9aa0, foam #b4cfc4, sail #f5eeda",
        "dry blood #23160f, saddle #573522, clay #97653c, ochre #cf9a5e, dune #ecca94, noon #faf0d8",
        "coal #0f141a, slate #27333f, pewter #4f6272, dove #8799a3, pumice #c2c8c7, chalk #f1eee8",
        "cellar #24121f, wine #5a2740, brick rose #a14b5b, salmon #d98880, peach #f2c1ab, petal #fdeee0",
        "deep water #0f2030, lagoon #1f4a5c, verdigris #4e8a8f, coral #e0806a, melon #f5b594, dawn #fdeeda",
    )
)
LONGEST = 2_000
SPARE_SURFACE = "composed like a stage, shapes in layers from near and heavy to far and faint"
SPARE_CAMERA = "calm moves that begin late and end early"
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_HEX = re.compile(r"#[0-9a-fA-F]{6}\b")


def palette_for(style: str) -> Palette:
    """Return four to six colours for a style, dark to light, each as (name, "#rrggbb").

    Colours written out in the style itself come first; then its first known word; else a hash of the style decides.
    """
    looks = _looks(style)
    found = next((look.palette for look in looks if look.rules), looks[0].palette if looks else _spare(style))
    given = list(dict.fromkeys(colour.lower() for colour in _HEX.findall(style)))[:6]
    if not given:
        return found
    own = [(f"colour {number}", colour) for number, colour in enumerate(given, 1)]
    missing = [found[0], found[-1], *found[1:-1]][: max(0, 4 - len(own))]
    return tuple(sorted([*own, *missing], key=lambda swatch: lightness(swatch[1])))


def style_guide(style: str) -> Style:
    """Return the style guide for the words of a spec's `style`, which it keeps as they are."""
    words = " ".join(style[:LONGEST].split()).rstrip(".,; ")
    looks = _looks(style)
    surfaces = [look.surface for look in looks[:2]] or [SPARE_SURFACE]
    return Style(
        visual_style=". ".join(_sentence(part) for part in (words or "cinematic", *surfaces)) + ".",
        color_palette=", ".join(f"{name} {colour}" for name, colour in palette_for(style)),
        camera_style=_sentence(looks[0].camera if looks else SPARE_CAMERA) + ".",
    )


def lightness(colour: str) -> float:
    """Return the relative luminance of "#rrggbb" as seen, 0 to 255 (weights of ITU-R BT.709, gamma left in)."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _looks(style: str) -> list[Look]:
    """Return the looks that the words of a style name, in the order of the text, those that rule first."""
    found: dict[str, Look] = {}
    for word in _WORD.findall(style.casefold()):
        parts = (word, *word.split("-"))
        for look in LOOKS:
            if any(part in look.words for part in parts):
                found.setdefault(look.surface, look)
    return sorted(found.values() or _default(style), key=lambda look: not look.rules)


def _default(style: str) -> list[Look]:
    return [] if style.strip() else [LOOKS[0]]


def _spare(style: str) -> Palette:
    digest = hashlib.sha256(" ".join(style.casefold().split()).encode("utf-8", "replace")).digest()
    return SPARE_PALETTES[digest[0] % len(SPARE_PALETTES)]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
