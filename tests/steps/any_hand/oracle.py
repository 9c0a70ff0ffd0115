"""What must hold after every run, from the documents alone: the keys say what a file has to have been made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.project import long
from tests.steps.any_hand.vendor import Key, clip_key, sha
from vidpipe.providers.base import VideoRequest

if TYPE_CHECKING:
    from tests.steps.any_hand.person import Person
    from tests.steps.any_hand.vendor import Sent

BOX = 40
"""Bytes at the end of a toy's clip that no player shows: clips of one colour are alike before them."""
FILMS: dict[Key, str] = {}
MADE_OF: dict[str, Key] = {}


@dataclass(slots=True)
class Oracle:
    """Judges what is on disk by what the vendor delivered and the person laid down."""

    person: Person
    vouched: set[tuple[str, Key]] = field(default_factory=set)
    checked: int = 0

    # what everything has to be made from

    def keys(self) -> dict[str, Key]:
        """Return what every target has to be made from, by what spec and files say now."""
        board = self.person.project.board()
        guide = board["style_guide"]
        style = (guide["visual_style"], guide["color_palette"], guide["camera_style"])
        spec = {"style": "plain", "scenes": 2, "seconds": 1, **self.person.spec}
        found: dict[str, Key] = {"storyboard.json": ("board", spec["style"], spec["scenes"], spec["seconds"])}
        before = ""
        for number, scene in enumerate(board["scenes"]):
            words, start, end = scene["scene_description"], long(f"start {number}"), long(f"end {number}")
            if number == 0 or scene["continuity"] == "cut":
                found[start] = ("start", scene["start_frame_prompt"], words, *style)
                before = start
            first = self._sha(before)
            found[end] = ("end", scene["end_frame_prompt"], words, *style, spec["seconds"], first)
            asked = prompt(scene["video_motion_prompt"], words, style)
            last = self._sha(end)
            found[long(f"clip {number}")] = (scene["video_motion_prompt"], spec["seconds"], first, last, asked)
            before = end
        return found

    def _sha(self, name: str) -> str:
        path = self.person.root / name
        return sha(path.read_bytes()) if path.is_file() else "nothing"

    # the invariants

    def check_hands(self) -> None:
        """Every file that a person laid down is in place or in the archive."""
        archive = self.person.root / ".vidpipe/archive/content"
        kept = [path.read_bytes() for path in archive.glob("*")]
        for name, content in self.person.put:
            path = self.person.root / name
            found = [path.read_bytes()] if path.is_file() else []
            alive = {self.person.identity(name, data) for data in [*found, *kept]}
            assert content in alive, f"a person's {name} is neither in place nor in the archive"

    def check_standing(self, before: set[tuple[str, str]]) -> None:
        """What a person had in place before a run is there after it, but for what that person took away meanwhile."""
        gone = (before & self.person.put) - self.person.standing()
        assert not gone, f"a person's file was replaced: {sorted(name for name, _ in gone)}"

    def check_purchases(self, options: dict[str, Any]) -> None:
        """No clip that was, or may have been, bought is bought again unless somebody said so."""
        sent = self.person.books.sent
        for new in sent[self.checked :]:
            if new.port != "video":
                continue
            assert isinstance(new.request, VideoRequest)
            for old in sent[: new.number]:
                if old.port == "video" and old.request == new.request and not self._is_over(old, new, options):
                    raise AssertionError(
                        f"a clip was bought twice: {old.fate} {old.operation}, {clip_key(new.request)[:2]}"
                    )
        self.checked = len(sent)

    def _is_over(self, old: Sent, new: Sent, options: dict[str, Any]) -> bool:
        if old.released or old.fate in {"rejected", "refused"} or self._redone(old, new):
            return True
        if "clip" in options.get("force", ()) and old.day < new.day:
            return True
        if old.abandoned:
            return bool(options.get("retry_refused"))
        unsure = old.fate == "lost"
        if unsure and options.get("on_lost") == "resubmit" and old.day < new.day:
            old.released = True
            return True
        return False

    def _redone(self, old: Sent, new: Sent) -> bool:
        """Whether a new take was asked for, after the old one, of a target that is made from this very request."""
        assert isinstance(new.request, VideoRequest)
        key = clip_key(new.request)
        for name, (since, bound) in self.person.redone.items():
            if old.number < since and bound in {None, key} and self.keys().get(name) == key:
                self.person.redone[name] = (since, key)
                return True
        return False

    def check_bill(self, *, exact: bool) -> None:
        """The ledger has spent what the vendor bills, and what it may bill."""
        sent = [each for each in self.person.books.sent if each.fate in {"accepted", "lost"}]
        bill = sum((each.price for each in sent), Decimal(0))
        slack = sum(each.port == "text" and each.fate == "lost" for each in sent) * Decimal("0.05")
        spent = self.person.project.spent()
        assert spent >= bill, f"the ledger says {spent}, the vendor bills {bill}"
        assert not exact or spent <= bill + slack, f"the ledger says {spent}, the vendor bills {bill}"

    def check_film(self) -> None:
        """After a run that is done, everything in place is made from what is in place, or is a person's."""
        for name, key in self.keys().items():
            data = (self.person.root / name).read_bytes()
            self._check_made(name, self.person.identity(name, data), key)
        self._check_stitched()
        self.person.settled = dict(self.keys())
        self.person.fresh.clear()

    def _check_made(self, name: str, content: str, key: Key) -> None:
        made_of = self.person.books.made.get(content, [])
        if key in made_of or (content, key) in self.vouched:
            return
        if name in self.person.fresh:
            before = self.person.fresh[name]
            accepted = self.person.accepted.get(name) == content
            assert accepted or before in {None, key}, f"{name}: a conflict was not seen: {before} -> {key}"
        else:
            assert self.person.accepted.get(name) == content, f"{name} is stale: it is of {made_of}, wanted is {key}"
        self.vouched.add((content, key))

    def vouch(self) -> None:
        """Take what was accepted for what was wanted in the run that has just ended, whatever came of it."""
        if not self.person.has_board():
            return
        for name, key in {**self.keys(), "film.mp4": self._film_key()}.items():
            path = self.person.root / name
            marked = self.person.project.layout().mark("accept", name).exists()
            if name in self.person.accepted and path.is_file():
                content = self.person.identity(name, path.read_bytes())
                if self.person.accepted[name] == content:
                    self.vouched.add((content, key))
            if not marked:
                self.person.accepted.pop(name, None)

    def _check_stitched(self) -> None:
        """One film belongs to one list of clips, one way of stitching, and the other way round."""
        key = self._film_key()
        film = sha((self.person.root / "film.mp4").read_bytes())
        if "film.mp4" in self.person.fresh or (film, key) in self.vouched:
            self.vouched.add((film, key))
            return
        assert FILMS.setdefault(key, film) == film, "the film is not made of the clips in place"
        same = MADE_OF.setdefault(film, key)
        assert same[-1] == key[-1], "two lists of clips made one film"

    def _film_key(self) -> Key:
        """Return what the film has to be made of: how it is stitched, and what the clips in place show."""
        scenes = self.person.project.board()["scenes"]
        paths = [self.person.root / long(f"clip {number}") for number in range(len(scenes))]
        leads = [str(scene.get("transition")) for scene in scenes[:-1]]
        shown = tuple(sha(path.read_bytes()[:-BOX]) if path.is_file() else "nothing" for path in paths)
        return (str(self.person.spec.get("stitch", "cut")), *leads, shown)


def prompt(motion: str, words: str, style: tuple[str, str, str]) -> str:
    """Return the prompt of a clip, as it is sent."""
    return f"{motion}\n\nThe scene: {words}\nVisual style: {style[0]}\nCamera: {style[2]}"
