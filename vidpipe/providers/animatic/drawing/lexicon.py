"""Which words stand for which setting, form, figure, hour, weather and mood; plurals are found by themselves."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SETTINGS: dict[str, str] = {
    "sea": """
        sea ocean shore coast beach harbour harbor wave tide island bay port pier ship boat sail sailor
        lighthouse cliff gull whale fisherman fishing surf lagoon water captain deck anchor dolphin seal
        keeper quay dock
    """,
    "lake": "lake river pond stream brook canal riverbank swan ferry reed duck waterfall dam well fountain",
    "forest": """
        forest wood woods tree jungle grove oak pine birch fir thicket woodland clearing bough branch mushroom
        timber
    """,
    "mountain": """
        mountain peak summit alp ridge glacier pass volcano valley avalanche climb climber hilltop alpine
        canyon
    """,
    "city": """
        city town skyline skyscraper downtown rooftop metropolis traffic subway building apartment urban tram
        office district neon suburb square market
    """,
    "street": "street alley avenue pavement sidewalk lamppost lane boulevard corner shop crossing taxi bus car cobble",
    "hills": "hill hillside countryside valley village hamlet cottage moor heath",
    "desert": "desert dune sand oasis camel caravan cactus sahara mesa mirage",
    "field": """
        field meadow farm farmer wheat corn harvest barn prairie grass pasture orchard vineyard vine garden
        hay plough plow seed flower grape road path track highway
    """,
    "room": """
        room kitchen bedroom window lamp desk chair indoors inside interior bed sofa armchair library
        bookshelf attic cellar corridor hallway hall door doorway table fireplace hearth ceiling floor curtain
        study parlour classroom shelf stairs staircase wall mirror candle
    """,
    "tabletop": """
        product app phone device laptop tablet smartphone gadget package parcel chart graph dashboard data
        software battery charger button feature customer brand startup business sales price subscription team
        platform tool sensor headphone speaker camera bottle mug cup coffee tea kettle brew machine box
        packaging studio tabletop service website user workflow template plan invoice mobile online click
        screen
    """,
    "space": """
        space star planet galaxy universe rocket astronaut orbit comet nebula cosmos meteor spaceship milky
        satellite
    """,
}

# What stands for a place only where no other word does: these words also name mere parts of other places.
WEAK = _words("""
    boat box branch building button camera candle car click climb corner cottage cup data deck door floor flower
    grass hall hill inside island lamp lane pass path plan price ridge road sand screen seed service shop space
    square stairs star study table team tool track tree user village wall water well window wood
""")

FORMS: dict[str, str] = {
    "lighthouse": "lighthouse beacon",
    "ship": "ship schooner vessel frigate galleon steamer",
    "boat": "boat sailboat dinghy canoe sail yacht ferry rowboat fishing fisherman",
    "village": "village hamlet",
    "house": "house cottage cabin hut home farm barn farmhouse",
    "church": "church chapel steeple cathedral belfry bell",
    "castle": "castle fortress palace king queen prince princess knight tower",
    "mill": "mill windmill miller",
    "bridge": "bridge viaduct",
    "tree": "tree oak orchard willow apple elm vine vineyard",
    "fire": "fire campfire bonfire flame fireplace hearth blaze",
    "train": "train railway locomotive station rail",
    "balloon": "balloon airship zeppelin kite",
    "rocket": "rocket spaceship launch spacecraft",
    "road": "road path highway lane journey",
    "river": "river stream brook creek",
    "phone": "phone smartphone app mobile tablet gadget device",
    "laptop": "laptop computer software dashboard website screen platform online",
    "package": "package parcel box packaging delivery gift shipping order",
    "chart": "chart graph data sales growth price revenue statistic report number percent numbers",
    "cup": "cup mug coffee tea kettle brew espresso water drink",
    "bottle": "bottle perfume serum jar bulb lotion flask",
    "speaker": "speaker headphone sound music radio sensor camera machine",
    "book": "book library bookshelf page story novel diary letter",
    "clock": "clock alarm",
    "candle": "candle",
    "door": "door doorway knock",
}

FIGURES: dict[str, str] = {
    "child": "child children girl boy kid daughter son baby toddler schoolgirl schoolboy",
    "elder": "elder grandfather grandmother grandpa grandma keeper hermit widow shepherd wizard",
    "woman": "woman lady mother queen princess sister wife nurse witch aunt",
    "man": """
        man father king prince sailor captain farmer fisherman knight traveller traveler stranger worker
        soldier thief climber hiker hunter monk pilgrim
    """,
    "crowd": "crowd people everyone audience customers friends family team villagers passengers children soldiers",
    "fox": "fox",
    "wolf": "wolf wolves hound dog puppy coyote",
    "cat": "cat kitten lion tiger panther leopard",
    "camel": "camel caravan",
    "deer": "deer stag elk moose antelope",
    "horse": "horse pony mare stallion donkey rider",
    "crow": "crow raven magpie blackbird rook owl",
    "bird": "bird gull seagull geese goose swan eagle hawk sparrow pigeon flock stork duck",
    "whale": "whale dolphin",
    "rabbit": "rabbit hare bunny",
    "flight": "fly flew flies flying flown soar soared soaring wing",
}

# They stand for who was there before, and for a person only where nobody was.
PRONOUNS: dict[str, str] = {
    "woman": "she her hers herself",
    "man": "he him his himself",
    "crowd": "they them we us our",
}

# They say that those stay who were there before, whoever they were.
STAYING = _words("it its itself")

# What can stand on a table in a studio.
OBJECTS = _words("book bottle chart cup laptop package phone speaker")

HOURS: dict[str, str] = {
    "night": "night midnight moon moonlight moonlit nighttime star starlight dark darkness nocturnal asleep",
    "dusk": "dusk sunset evening twilight sundown golden nightfall gloaming",
    "dawn": "dawn sunrise morning daybreak daylight awakening sunup",
    "day": "day noon midday afternoon sun sunny sunlit",
}

WEATHERS: dict[str, str] = {
    "snow": "snow snowy winter blizzard frost snowfall snowflake ice frozen icy",
    "storm": "storm stormy thunder lightning tempest gale hurricane",
    "rain": "rain rainy drizzle raining rainfall shower downpour wet",
    "fog": "fog foggy mist misty haze smoke hazy",
    "wind": "wind windy breeze autumn gust gusty blowing",
}

MOODS: dict[str, str] = {
    "warm": "warm cosy cozy golden amber gentle happy joy love summer tender glow cheerful hearth",
    "cold": "cold ice icy bleak lonely winter alone frozen grief sad pale silent",
    "grim": "grim dark horror ghost fear haunted death dread scream blood terror sinister noir storm ominous shadow",
}

# Words for the making of a picture, not for what is in it.
TECHNICAL = _words("""
    angle background camera cinematic close closeup composition depth establishing film focus foreground frame
    framing horizon image keyframe lens light lighting medium moment movie picture scene shot style up view wide
""")

# The only words of a style guide that speak of an hour or mood: the rest of it describes colours and surfaces.
STYLE_MOODS = _words("""
    bleak cheerful cold cosy cozy dawn dusk ghost grim haunted horror icy midnight moonlit morning night nocturnal
    noir noon sinister sunny sunrise sunset twilight warm
""")
