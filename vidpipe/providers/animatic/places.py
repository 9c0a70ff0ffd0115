"""Places, hours and weathers: where and when a piece of script can be shown."""

from __future__ import annotations

from vidpipe.providers.animatic.elements import Element, Kind, element


def _place(name: str, phrase: str, words: str, later: str, moving: str) -> Element:
    return element(Kind.PLACE, name, phrase, words, later, moving)


def _inside(name: str, phrase: str, words: str, later: str, moving: str) -> Element:
    return element(Kind.INSIDE, name, phrase, words, later, moving)


PLACES = (
    _place(
        "sea", "the open sea", "sea ocean wave surf tide sail sailing sailed sailor whale 海 🌊",
        "the swell has risen and broken white; a long wave has run through to the horizon; the sea has gone slack and"
        " flat",
        "the swell rolls towards us; small waves break and close again",
    ),
    _place(
        "shore", "the shore of the sea", "shore beach coast sand cove cliff seaside 🏖",
        "the tide line has crept up the sand; foam has drawn back from the stones",
        "waves run up the sand and slide away; foam hisses among the stones",
    ),
    _place(
        "harbour", "the harbour by the sea", "harbour harbor pier quay dock jetty wharf",
        "the moored boats have swung round on their ropes; a boat has slipped its berth and left a gap at the quay",
        "masts sway out of step; ropes tighten and go slack",
    ),
    _place(
        "island", "the {word} far out in the sea", "island isle skerry reef",
        "the {word} stands nearer and darker; white water has closed round the {word}",
        "the sea works round the rocks",
    ),
    _place(
        "river", "the river", "river stream brook creek canal riverbank 川",
        "a fallen branch has travelled down the river and out of the picture; the current has smoothed over",
        "the current slides past, carrying scraps of sky",
    ),
    _place(
        "lake", "the lake", "lake pond pool reed loch",
        "rings have spread over the lake to both banks; the reflection in the lake has come together again",
        "rings widen on the lake; the reeds nod",
    ),
    _place(
        "forest", "the forest", "forest wood jungle grove thicket pines oaks birches 森 🌲",
        "shadows have lengthened between the trunks; the nearest branches have closed over the path",
        "leaves turn over on the lower branches; branches stir, high up first",
    ),
    _place(
        "mountain", "the mountain", "mountain peak summit ridge alp glacier 山 ⛰",
        "cloud has come down over the mountain's shoulder; the last glow has left the peak",
        "cloud shadows climb the slopes",
    ),
    _place(
        "hill", "the bare hill", "hill hilltop hillside slope moor heath",
        "the shadow of a cloud has crossed the hill; the grass on the hill lies the other way",
        "grass runs in long strokes over the hill",
    ),
    _place(
        "field", "the open field", "field meadow farm wheat corn harvest barn pasture prairie furrow",
        "the field has bent in one long stroke and stood up again; the shadows of the furrows have lengthened",
        "the grass bows and rises in waves; seeds blow across the field",
    ),
    _place(
        "garden", "the garden", "garden orchard vineyard vine grape flower hedge",
        "petals have fallen on the path; the bees have gone and the flowers have closed",
        "leaves flicker; a petal turns on its way down",
    ),
    _place(
        "desert", "the desert", "desert dune oasis caravan sahara 🏜",
        "the edge of the dune has moved by a hand; the tracks in the desert are half filled",
        "sand smokes off the crest of the dune",
    ),
    _place(
        "road", "the road", "road path track lane highway trail crossroads footpath milestone",
        "dust has settled on the road; the road lies empty as far as the bend",
        "dust lifts from the road and blows off it",
    ),
    _place(
        "street", "the street", "street alley avenue pavement kerb lamppost puddle shopfront",
        "the puddles have gone still and carry the signs upside down; one shop sign in the street has gone out;"
        " a passer-by has turned the corner and left the street empty",
        "reflections tremble in the puddles; a sign flickers over the street",
    ),
    _place(
        "city", "the city", "city skyline downtown town skyscraper roof rooftop suburb 都 街 🏙",
        "windows have lit up one by one across the city; the city has dimmed, floor by floor",
        "windows of the city come on and go out; traffic threads between the blocks",
    ),
    _place(
        "village", "the village and its houses", "village hamlet market marketplace",
        "the roofs of the village have sunk into shadow; a door in the village has closed",
        "smoke leans from the chimneys",
    ),
    _place(
        "space", "deep space among the stars", "space planet galaxy orbit comet rocket astronaut universe 🚀",
        "the planet has turned its lit edge towards us; the stars have wheeled a little",
        "the stars turn, very slowly",
    ),
    _inside(
        "room", "the room", "room bedroom parlour ceiling floor bed sofa armchair chair curtain indoors",
        "the shadows have moved round the room; the curtain has come to rest against the wall of the room",
        "dust turns in the air of the room; the curtain breathes",
    ),
    _inside(
        "kitchen", "the kitchen with its table", "kitchen stove kettle oven pantry",
        "steam has reached the kitchen ceiling; the table has been cleared",
        "steam rises and thins",
    ),
    _inside(
        "stairs", "the stairs between bare walls", "stair staircase stairwell steps banister",
        "the shadow on the stairs has climbed one step; the turn of the stairs lies empty",
        "shadows slide from step to step",
    ),
    _inside(
        "hall", "the long hall with its doors", "hall corridor hallway attic cellar ballroom",
        "a door at the end of the hall stands open now; the far end of the hall has sunk into shadow",
        "a draught stirs along the hall",
    ),
    _inside(
        "library", "the library with its shelves", "library bookshelf shelves archive classroom school",
        "one book is missing from the shelf; a page has been turned",
        "dust sinks past the shelves",
    ),
    _inside(
        "workshop", "the workshop with its bench and lamp", "workshop bench workbench studio forge factory office"
        " laboratory",
        "the work on the bench has taken shape; shavings have gathered under the bench",
        "tools sway on their hooks",
    ),
)  # fmt: skip


def _hour(name: str, phrase: str, words: str, later: str, moving: str) -> Element:
    return element(Kind.HOUR, name, phrase, words, later, moving)


def _weather(name: str, phrase: str, words: str, later: str, moving: str) -> Element:
    return element(Kind.WEATHER, name, phrase, words, later, moving)


HOURS = (
    _hour(
        "night", "at night", "night midnight darkness nightfall stars moonlight moonlit moon 夜 🌙 🌃",
        "the night has closed in by one shade; a gap has opened in the night sky",
        "the dark deepens at the edges",
    ),
    _hour(
        "dawn", "at dawn", "dawn morning sunrise daybreak 朝 🌅",
        "the first colour of dawn has spread along the horizon; the shadows of dawn have shortened",
        "the sky pales from the horizon up",
    ),
    _hour(
        "day", "by day", "noon midday afternoon daylight sunlit sunny sun sunlight 昼 ☀",
        "the shadows of the day have moved on by a hand; the sun stands a little further round",
        "shadows creep across the ground",
    ),
    _hour(
        "dusk", "at dusk", "dusk evening sunset twilight sundown gloaming 夕 🌇",
        "the band of dusk on the horizon has narrowed; the first lamp of the evening has been lit",
        "the glow drains out of the sky",
    ),
)  # fmt: skip

WEATHERS = (
    _weather(
        "snow", "in falling snow", "snow snowing snowfall blizzard frost ice winter frozen 雪 ❄ ⛄",
        "snow has filled the footprints; the snow lies a finger deeper",
        "snow falls thicker, then thinner",
    ),
    _weather(
        "storm", "in a storm", "storm thunder lightning tempest gale hurricane stormy 嵐 ⛈",
        "lightning has left a torn edge on the clouds; the storm has moved overhead",
        "the clouds tear and close",
    ),
    _weather(
        "rain", "in the rain", "rain raining rainy drizzle shower downpour umbrella 雨 🌧",
        "the rain has thinned to single drops; rain has drawn bright threads down every edge",
        "rain slants through the picture",
    ),
    _weather(
        "fog", "in fog", "fog mist misty foggy haze vapour 霧 🌫",
        "the fog has taken the far half of the picture; the fog has lifted off the ground by a yard",
        "fog slides past in layers",
    ),
    _weather(
        "wind", "in a hard wind", "wind windy breeze blew blow blowing gust 風 🌬",
        "the gust has passed and everything leans back; leaves have blown into the far corner",
        "the wind comes in gusts",
    ),
)  # fmt: skip
