"""Things, people and animals: what a piece of script can show in its place."""

from __future__ import annotations

from vidpipe.providers.animatic.elements import Element, Kind, element


def _thing(name: str, phrase: str, words: str, later: str, moving: str) -> Element:
    return element(Kind.THING, name, phrase, words, later, moving)


def _life(name: str, phrase: str, words: str, later: str, moving: str) -> Element:
    return element(Kind.LIFE, name, phrase, words, later, moving)


THINGS = (
    _thing(
        "lighthouse", "the lighthouse", "lighthouse beacon lantern-room",
        "the beam of the lighthouse has swung out over the sea; the lighthouse has gone blind between two turns of"
        " the beam",
        "the beam sweeps round",
    ),
    _thing(
        "tower", "the tower", "tower castle steeple church belfry turret",
        "the tower's shadow has reached the ground before it; one window high in the tower is lit now",
        "a flag stirs at the top of the tower",
    ),
    _thing(
        "house", "the {word}", "house cottage home cabin hut inn mill farmhouse 家 🏠",
        "a lamp is lit behind one window of the {word}; the chimney of the {word} has stopped smoking",
        "smoke climbs from the chimney",
    ),
    _thing(
        "window", "a window", "window windowsill sill pane shutter",
        "the square of brightness from the window has moved across the floor; breath has clouded the window",
        "reflections slide over the window pane",
    ),
    _thing(
        "door", "a door", "door doorway threshold gate keyhole latch",
        "the door has come open by a hand; the door is shut now",
        "the door stirs on its hinge",
    ),
    _thing(
        "lamp", "the {word}", "lamp lantern candle torch bulb lamplight wick 💡 🕯",
        "the {word} has warmed to amber and its circle has widened; the flame of the {word} has shrunk to a point",
        "the glow of the {word} wavers and steadies",
    ),
    _thing(
        "fire", "the fire", "fire flame hearth bonfire campfire ember fireplace 火 🔥",
        "the fire has burned down to embers; a log has fallen and the fire stands higher",
        "flames lean and straighten; sparks climb",
    ),
    _thing(
        "ship", "the ship", "ship schooner vessel frigate steamer ⛵ 🚢",
        "the ship has moved a length further out; the ship has come about, sails slack",
        "the ship rises and settles",
    ),
    _thing(
        "boat", "the boat", "boat dinghy rowboat canoe ferry oar 🛶",
        "the boat is half as large and further off; the boat has turned its bow away",
        "the boat rocks; its wake spreads",
    ),
    _thing(
        "train", "the {word}", "train tram railway carriage locomotive 🚋 🚂",
        "the {word} has passed the bend and only its lit rear shows; the {word} has drawn level, windows lit",
        "the {word} slides through the picture, window after window",
    ),
    _thing(
        "bridge", "the bridge", "bridge viaduct arch",
        "the shadow under the bridge has deepened; the bridge lies empty",
        "ripples of brightness play under the bridge",
    ),
    _thing(
        "tree", "a single tree", "tree oak apple willow elm pine branch bough trunk 木 🌳",
        "the tree leans a little further over; the tree's shadow has turned",
        "the crown of the tree stirs",
    ),
    _thing(
        "trees", "a group of trees", "trees willows oaks elms apples",
        "the trees have closed up into one shape; the shadows of the trees have turned",
        "the crowns of the trees stir one after another",
    ),
    _thing(
        "moon", "the moon", "moon moonlight moonlit crescent 月 🌙",
        "the moon has come clear of a cloud; the moon stands a hand lower",
        "thin cloud crosses the moon",
    ),
    _thing(
        "stars", "the stars", "star stars starlight constellation 星 ⭐",
        "more stars have come out; one star has fallen",
        "the stars prick through",
    ),
    _thing(
        "sun", "the sun", "sun sunlight sunshine 太 ☀",
        "the sun has come out from behind its cloud; the sun has touched the horizon",
        "sunlight moves over the ground",
    ),
    _thing(
        "clouds", "the clouds", "cloud sky heavens 空 ☁",
        "the clouds have parted; a cloud has covered the brightest part of the sky",
        "clouds travel across the sky",
    ),
    _thing(
        "bell", "the bell", "bell gong chime",
        "the bell has swung to its highest point; the bell hangs motionless",
        "the bell swings",
    ),
    _thing(
        "book", "an open book", "book page letter diary journal map 📖",
        "the page has been turned; a line has been added to the page",
        "the corner of a page lifts and falls",
    ),
    _thing(
        "clock", "the clock", "clock pendulum ⏰",
        "the hands of the clock have moved on; the pendulum has stopped",
        "the pendulum swings",
    ),
    _thing(
        "cup", "a cup on the table", "cup mug tea coffee bread bowl ☕",
        "the cup is empty; steam no longer rises from the cup",
        "steam curls from the cup",
    ),
    _thing(
        "phone", "the {word}", "phone laptop screen app computer tablet device keyboard 📱 💻",
        "the screen of the {word} has lit up; the screen of the {word} has gone black",
        "the screen brightens",
    ),
    _thing(
        "package", "the {word} on the table", "package parcel box gift crate 📦",
        "the {word} stands open; the {word} has been turned round",
        "the lid lifts a little",
    ),
    _thing(
        "machine", "the {word}", "machine engine robot gear wheel 🤖",
        "the {word} has come to life, a small lamp on it lit; the {word} has stopped",
        "a part of the {word} turns",
    ),
    _thing(
        "cloak", "the {word}", "cloak coat scarf dress gown veil",
        "the {word} has slipped from its folds; the {word} is drawn tighter",
        "the hem of the {word} lifts and falls",
    ),
    _thing(
        "footprints", "a line of footprints", "footprint prints tracks footsteps",
        "there is one more footprint than before; the nearest footprints have begun to fade",
        "the edges of the footprints glisten",
    ),
    _thing(
        "wall", "the wall", "wall ruin fence stone",
        "the shadow on the wall has changed its shape; moss shows in the cracks of the wall",
        "shadows move over the wall",
    ),
)  # fmt: skip

LIVES = (
    _life(
        "figure", "the figure of the {word}",
        "keeper captain sailor fisherman farmer shepherd traveller traveler stranger soldier worker man woman girl"
        " boy child"
        " king queen prince princess knight mother father grandmother grandfather daughter son sister brother widow"
        " hermit"
        " wizard witch thief miller baker teacher doctor nurse sleeper driver boatman ghost",
        "the {word} has turned to face us; the {word} stands one step further in; the {word} has raised one hand;"
        " the {word} has bowed the head",
        "the {word} shifts and breathes; the {word} turns, unhurried",
    ),
    _life(
        "crowd", "a crowd", "crowd people villagers audience passengers children men women soldiers customers"
        " families neighbours neighbors friends team everyone everybody 👥",
        "the crowd has come closer together; a gap has opened in the crowd",
        "heads turn in the crowd",
    ),
    _life(
        "fox", "the {word}", "fox wolf dog hound cat lion tiger bear deer stag hare rabbit mouse 🦊 🐺 🐕 🐈",
        "the {word} has turned its head towards us; the {word} is gone from where it was and waits further off;"
        " the {word} has pricked its ears; the {word} has come one step closer, low to the ground",
        "the {word}'s ears turn first, then the head; the {word} breathes, slow and even",
    ),
    _life(
        "horse", "the {word}", "horse pony mare donkey ox goat sheep lamb cow camel 🐎 🐑",
        "the {word} has lowered its head; the {word} has moved on by its own length",
        "the {word} shakes its mane",
    ),
    _life(
        "bird", "the {word} in the air", "bird crow raven gull owl heron swan eagle hawk sparrow pigeon swallow goose"
        " stork 鳥 🐦",
        "the {word} has crossed to the other side of the sky; the {word} has landed",
        "wings beat twice, then glide",
    ),
)  # fmt: skip
