"""What people do to a job directory by hand; each deed takes three numbers, of which it uses what it needs."""

from __future__ import annotations

import os
from dataclasses import dataclass

from tests.steps.any_hand.person import Person
from tests.toy import clip_of, picture_of

WORDS = ("motion", "end", "start", "scene")
FIELDS = {"motion": "video_motion_prompt", "end": "end_frame_prompt", "start": "start_frame_prompt"}
MOST_SCENES = 4


@dataclass(slots=True)
class Hands(Person):
    """A person who edits, paints, deletes, and changes the spec."""

    def reword(self, a: int, b: int, c: int) -> None:
        """Reword a field of a scene."""
        value = self.project.board()
        scene = value["scenes"][a % len(value["scenes"])]
        word = WORDS[b % len(WORDS)]
        scene[FIELDS.get(word, "scene_description")] = f"{word} {c}." if word != "scene" else f"words: {c}."
        self.lay_board(value)

    def reformat(self, a: int, _b: int, _c: int) -> None:
        """Lay the storyboard out anew."""
        self.lay_board(self.project.board(), indent=a)

    def note(self, a: int, _b: int, c: int) -> None:
        """Write a note that is for people."""
        value = self.project.board()
        value["scenes"][a % len(value["scenes"])]["transition_notes"] = f"note {c}"
        self.lay_board(value)

    def cut(self, a: int, b: int, _c: int) -> None:
        """Let a scene open on a picture of its own, or continue."""
        value = self.project.board()
        value["scenes"][a % len(value["scenes"])]["continuity"] = ("cut", "continue")[b % 2]
        self.lay_board(value)

    def lead_over(self, a: int, b: int, _c: int) -> None:
        """Say how a scene leads over to the next one."""
        value = self.project.board()
        scene = value["scenes"][a % len(value["scenes"])]
        scene.pop("transition", None)
        if b % 2:
            scene["transition"] = {"mode": "crossfade", "seconds": 0.25}
        self.lay_board(value)

    def restyle(self, _a: int, _b: int, c: int) -> None:
        """Change the style guide."""
        value = self.project.board()
        value["style_guide"]["visual_style"] = f"style {c}"
        self.lay_board(value)

    def insert(self, a: int, b: int, c: int) -> None:
        """Insert a copy of a scene, or a new one."""
        value = self.project.board()
        scenes = value["scenes"]
        if len(scenes) >= MOST_SCENES:
            return
        scene = dict(scenes[b % len(scenes)])
        if c % 2:
            scene |= {"video_motion_prompt": f"motion {c}.", "end_frame_prompt": f"end {c}."}
        scenes.insert(a % (len(scenes) + 1), scene)
        self.lay_board(value)

    def drop(self, a: int, _b: int, _c: int) -> None:
        """Drop a scene."""
        value = self.project.board()
        if len(value["scenes"]) > 1:
            del value["scenes"][a % len(value["scenes"])]
            self.lay_board(value)

    def swap(self, a: int, b: int, _c: int) -> None:
        """Let two scenes change places."""
        value = self.project.board()
        scenes = value["scenes"]
        a, b = a % len(scenes), b % len(scenes)
        scenes[a], scenes[b] = scenes[b], scenes[a]
        self.lay_board(value)

    def paint(self, a: int, _b: int, c: int) -> None:
        """Put a picture of one's own in a keyframe's place."""
        frames = [name for name in self.targets() if name.startswith("keyframes/")]
        self.lay(frames[a % len(frames)], picture_of(("hand", c)))

    def film(self, a: int, b: int, c: int) -> None:
        """Put a clip of one's own in place, or a copy of another scene's."""
        clips = [name for name in self.targets() if name.startswith("clips/")]
        other = self.root / clips[b % len(clips)]
        data = other.read_bytes() if c % 2 and other.is_file() else clip_of(("hand", c))
        self.lay(clips[a % len(clips)], data)

    def spoil(self, a: int, _b: int, c: int) -> None:
        """Put something in a target's place that is no valid file, rarely: it stops everything."""
        if c % 3:
            return
        targets = self.targets()
        self.lay(targets[a % len(targets)], b"no file of that kind %d" % c)

    def remove(self, a: int, _b: int, _c: int) -> None:
        """Delete a target's file."""
        targets = self.targets()
        name = targets[a % len(targets)]
        self.give_up(name)
        self.fresh.pop(name, None)
        (self.root / name).unlink(missing_ok=True)

    def mend(self, _a: int, _b: int, _c: int) -> None:
        """Delete every file that was spoilt."""
        for name in self.targets():
            path = self.root / name
            if path.is_file() and path.read_bytes().startswith(b"no file of that kind"):
                self.give_up(name)
                self.fresh.pop(name, None)
                path.unlink()

    def forget(self, a: int, b: int, _c: int) -> None:
        """Delete a target's record, and perhaps the file with it."""
        targets = self.targets()
        name = targets[a % len(targets)]
        self.project.layout().record(name).unlink(missing_ok=True)
        if b % 2:
            self.give_up(name)
            self.fresh.pop(name, None)
            (self.root / name).unlink(missing_ok=True)
        elif (self.root / name).is_file():  # a file that no record speaks for is a person's
            self.fresh[name] = None

    def tidy(self, a: int, _b: int, _c: int) -> None:
        """Delete what can be had again for nothing."""
        places = ("film.json", ".vidpipe/cache/clips.json", ".vidpipe/index.json", ".vidpipe/log.jsonl")
        (self.root / places[a % len(places)]).unlink(missing_ok=True)

    def touch(self, a: int, b: int, _c: int) -> None:
        """Change time stamps."""
        for number, path in enumerate(sorted(self.root.rglob("*"))):
            if path.is_file() and (number + a) % 3:
                os.utime(path, None if b % 2 else (10**9, 10**9))

    def respec(self, a: int, _b: int, c: int) -> None:
        """Change a field of the spec."""
        fields: dict[str, tuple[object, ...]] = {
            "stitch": ("cut", {"mode": "crossfade", "seconds": 0.25}),
            "style": ("plain", "noir"),
            "seconds": (1, 2),
            "scenes": (2, 1),
            "on_refused": ({"retries": 1, "then": "still"}, {"retries": 0, "then": "skip"}, {"then": "fail"}),
        }
        name = [*fields, "stitch", "on_refused"][a % (len(fields) + 2)]
        self.spec[name] = fields[name][c % len(fields[name])]
        self.project.spec(**{"scenes": 2, **self.spec})


DEEDS = (
    "reword", "reword", "reword", "reformat", "note", "cut", "lead_over", "restyle", "insert", "drop", "swap",
    "paint", "paint", "film", "spoil", "remove", "remove", "mend", "mend", "forget", "tidy", "touch",
    "respec", "respec", "decide", "decide", "decide", "keep", "anew", "bring_back", "find",
)  # fmt: skip
"""What people do, what they do often more than once."""
