"""What the keys of a spec say together, and whether the chosen models offer it. Pure: faults come back as data."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidpipe.errors import UsageError
from vidpipe.providers.catalogue import KINDS, Kind, Model, lengths_text
from vidpipe.providers.registry import default_model, find_model
from vidpipe.spec.document import Fault, KeyPath
from vidpipe.words import is_portable, listing, shown_text

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from vidpipe.spec.model import Spec

LONGEST_SCRIPT = 1_000_000
VIDPIPES_OWN = frozenset({".git", ".vidpipe"})
"""Folders that hold what no film may stand among."""
BOTH = ("script", "script_file")
CHOICE = ("provider", "models", "resolution")
SEEN = frozenset("LNPS")
"""Unicode's categories of what can be seen: letters, numbers, punctuation, symbols (emoji among them)."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The model of each kind that a spec ends up with."""

    text: Model
    image: Model
    video: Model
    speech: Model


def spec_faults(spec: Spec) -> list[Fault]:
    """Judge what needs no model: the script, the stitching, the references' names, the output's form."""
    return [*_script_faults(spec), *_stitch_faults(spec), *_reference_faults(spec), *_output_faults(spec)]


def is_blank(text: str) -> bool:
    """Tell whether a text has nothing that can be seen: spaces, zero-width characters, byte order marks."""
    return not any(unicodedata.category(character)[0] in SEEN for character in text)


def text_fault(text: str) -> str:
    """Say what is wrong with a script, wherever it stands; an empty answer means nothing."""
    if is_blank(text):
        return "must not be blank: write the text that the film tells"
    if len(text) > LONGEST_SCRIPT:
        return f"must have at most {LONGEST_SCRIPT:,} characters (got {len(text):,})"
    return ""


def _script_faults(spec: Spec) -> list[Fault]:
    if spec.script is None and spec.script_file is None:
        return [Fault(("script",), "is missing: write the film's text here, or its file in script_file", reads=BOTH)]
    if spec.script is not None and spec.script_file is not None:
        return [Fault(("script_file",), "stands beside script: keep one of the two", reads=BOTH)]
    message = text_fault(spec.script) if spec.script is not None else ""
    return [Fault(("script",), message, reads=("script",))] if message else []


def _stitch_faults(spec: Spec) -> list[Fault]:
    if spec.stitch.mode != "crossfade" or spec.stitch.seconds * 2 <= spec.seconds:
        return []
    most = f"{spec.seconds / 2:g} for clips of {lengths_text((spec.seconds,))}"
    message = f"a crossfade may last at most half a clip, {most} (got {spec.stitch.seconds:g})"
    return [Fault(("stitch", "seconds"), message, reads=("stitch", "seconds"))]


def _reference_faults(spec: Spec) -> list[Fault]:
    names = [picture.name for picture in spec.references]
    return [
        Fault(("references", index, "name"), f"{name} is the name of an earlier reference", reads=("references",))
        for index, name in enumerate(names)
        if name in names[:index]
    ]


def _output_faults(spec: Spec) -> list[Fault]:
    if spec.output is None:
        return []
    if any(brace in spec.output.replace("{name}", "") for brace in "{}"):
        return [Fault(("output",), "only {name} can stand in braces", reads=("output",))]
    if not spec.output.endswith(".mp4"):
        return [Fault(("output",), "must end in .mp4", reads=("output",))]
    parts = [part for part in spec.output.replace("{name}", "name").split("/") if part not in {"", ".", ".."}]
    bad = next((part for part in parts if not is_portable(part) or part.casefold() in VIDPIPES_OWN), None)
    if bad is not None:
        message = f"{shown_text(bad)} can be no file's or folder's name here: choose another"
        return [Fault(("output",), message, reads=("output",))]
    return []


def choose_models(spec: Spec, own: Sequence[Model] = ()) -> tuple[Chosen | None, list[Fault]]:
    """Look up the models of a spec, also among the project's own; None where one cannot be found."""
    found: dict[Kind, Model] = {}
    faults: dict[KeyPath, Fault] = {}
    for kind in KINDS:
        reference: str | None = getattr(spec.models, kind)
        path: KeyPath = ("provider",) if reference is None else ("models", kind)
        try:
            found[kind] = find_model(reference, kind, own) if reference else default_model(spec.provider, kind, own)
        except UsageError as error:
            faults.setdefault(path, Fault(path, str(error), reads=(str(path[0]),)))
    return (None if faults else Chosen(**found)), list(faults.values())


def offer_faults(spec: Spec, chosen: Chosen, named: Collection[str]) -> list[Fault]:
    """Hold what a spec asks for against what its models offer; `named` are the keys that it or its defaults name."""
    judge = _Offers(spec, named)
    judge.check_clip(chosen.video)
    judge.check_picture(chosen.image)
    return judge.faults


class _Offers:
    """Collects what the models do not offer, each at the key that most likely wants changing."""

    def __init__(self, spec: Spec, named: Collection[str]) -> None:
        self.spec = spec
        self.named = named
        self.faults: list[Fault] = []

    def check_clip(self, model: Model) -> None:
        spec = self.spec
        self._check_listed(model, "resolution", model.resolutions)
        self._check_listed(model, "aspect_ratio", model.aspect_ratios)
        lengths = model.lengths(spec.resolution)
        if model.seconds and spec.seconds not in model.seconds:
            self._add(
                model, "seconds", f"{model.name} makes clips of {lengths_text(model.seconds)} (got {spec.seconds})"
            )
        elif lengths and spec.seconds not in lengths:
            wanted = f"{model.name} makes {spec.resolution} clips of {lengths_text(lengths)} only (got {spec.seconds})"
            self._add(model, "seconds" if "seconds" in self.named else "resolution", wanted)
        if model.audio == "always" and not spec.audio:
            self._add(model, "audio", f"{model.name} always makes sound: write true, or choose another models.video")
        if model.audio == "never" and spec.audio and "audio" in self.named:
            self._add(model, "audio", f"{model.name} makes no sound: write false, or choose another models.video")

        self._check_taken(model, "seed", takes=model.seed)
        self._check_taken(model, "negative_prompt", takes=model.negative_prompt)

    def _check_taken(self, model: Model, key: str, *, takes: bool) -> None:
        """Refuse what a paid model would be asked for in vain; one that costs nothing may leave a wish unheard."""
        if model.paid and not takes and getattr(self.spec, key) is not None:
            self._add(model, key, f"{model.name} takes none: remove it, or choose another models.video")

    def check_picture(self, model: Model) -> None:
        self._check_listed(model, "image_size", model.image_sizes)
        self._check_listed(model, "aspect_ratio", model.aspect_ratios)
        most = None if model.inputs is None else model.inputs - 1  # one is the picture that a keyframe continues
        if most is not None and len(self.spec.references) > most:
            self._add(model, "references", f"{model.name} takes at most {most} (got {len(self.spec.references)})")

    def _check_listed(self, model: Model, key: str, offered: tuple[str, ...]) -> None:
        wanted = getattr(self.spec, key)
        if offered and wanted not in offered:
            self._add(model, key, f"{model.name} offers {listing(offered)} (got {wanted})")

    def _add(self, model: Model, key: str, message: str) -> None:
        """Put a fault at its key, or where the key is not named, at what chose the model."""
        choices: dict[str, KeyPath] = {key: (key,), f"models.{model.kind}": ("models", model.kind)}
        path = next((path for name, path in choices.items() if name in self.named), ("provider",))
        told = message if path == (key,) else f"{message}: write {key}"
        self.faults.append(Fault(path, told, reads=(key, *CHOICE)))
