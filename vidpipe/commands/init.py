"""`vidpipe init NAME`: a first spec that makes a film as it stands."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from vidpipe.commands.schema import schema
from vidpipe.errors import UsageError
from vidpipe.files import fsync_directory, make_directory
from vidpipe.place import shown_path
from vidpipe.spec.model import NAME_RULE, is_name
from vidpipe.spec.project import ENDINGS, LED_OUT, SPECS_FOLDER, leads_out
from vidpipe.words import shown_text

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA_NAME = "vidpipe.schema.json"

TEMPLATE = """\
# yaml-language-server: $schema=vidpipe.schema.json
#
# A film. Make it:                 vidpipe run specs/{name}.yaml
# See what a run would make first: vidpipe plan specs/{name}.yaml
#
# The first line gives an editor completion and checks for every key below. After an upgrade, renew the file it names:
#   vidpipe schema > specs/vidpipe.schema.json

# The text that the film tells: a story, a poem, an explanation. A long one can stand in a file of its own beside this
# one: `script_file: {name}.txt` instead of `script`.
script: |
  Before sunrise the old ferryman rows out across the silent lake. Mist lies on the water, and the far shore is gone.

  Halfway over he stops rowing. Under the boat something is glowing, slow and golden, like a lantern that somebody has
  carried down to the bottom.

  He lowers his hand into the water. One by one, lights rise round the boat: all the wishes that were ever thrown into
  the lake as coins, and he has ferried every one of those who threw them.

  Then the sun comes over the forest. The lights turn to mist, the mist lifts, and on the jetty a child is waiting,
  holding a coin.

# How it looks, in your own words.
style: watercolour on rough paper, muted blues and one warm gold, quiet and slow

# How many scenes, and how many seconds each of them lasts.
scenes: 4
seconds: 4

# `cut`, or `crossfade`, or a mapping: {{mode: crossfade, seconds: 0.5, transition: fade}}
stitch: crossfade

# --- Everything below is optional; what stands here is what holds without it. ---

# aspect_ratio: "16:9"      # or "9:16"
# resolution: 720p          # or 1080p, 4k
# audio: true
# seed: 7                   # fixes the video model's randomness, where it takes a seed (none)
# negative_prompt: text     # what clips should not show, where the video model takes it (none)
# image_size: 2K            # what the picture model is asked for: 1K, 2K or 4K

# How loud the film is, in LUFS (EBU R128), or `keep` to leave it as it is; and one bed of music under all of it (none).
# loudness: -16
# music:
#   file: lute.mp3          # WAV, MP3, M4A, FLAC or Ogg
#   gain_db: -12
#   duck: 10                # by how many decibels it steps back where the clips or a voice are heard

# Ask the storyboard for words that a voice speaks over each scene, and say which voice (the speech model's own).
# narration: false
# voice: name
# captions: sidecar         # what is narrated, to be read: files beside the film; or burned into it, or none

# Pictures that the keyframes are to follow: characters, places, things (none).
# references:
#   - name: ferryman
#     image: ferryman.png
#     description: the old man, with his grey coat and his lantern

# Who makes it: `animatic` draws it here, offline and free; `google` films it for money, never more than the budget
# (in US dollars, over the whole life of the job).
# provider: animatic
# budget: 20
# models:                   # instead of the provider's own choice, step by step
#   text: animatic:script
#   image: animatic:draw
#   video: animatic:move
#   speech: animatic:speak

# When a provider's safety filter refuses a scene: hold its keyframes as a `still`, `skip` it, or `fail`.
# on_refused: still

# Also place the film here (nowhere).
# output: films/{{name}}.mp4
"""


def init(name: str, folder: Path) -> Path:
    """Write `specs/NAME.yaml` in a folder, and the schema that it points at, and return the spec's path.

    Nothing is overwritten. Raises UsageError for a name that no job can have, and where the spec is there already.
    """
    if name.endswith(tuple(ENDINGS)):
        name = name.rpartition(".")[0]
    if not is_name(name):
        raise UsageError(f"{shown_text(name)} cannot name a job: use {NAME_RULE}")
    specs = folder / SPECS_FOLDER
    if leads_out(specs):
        raise UsageError(f"{shown_path(specs)} {LED_OUT}: nothing was written")
    spec = specs / f"{name}.yaml"
    try:
        make_directory(specs)
        _create(spec, TEMPLATE.format(name=name))
        with suppress(FileExistsError):  # an older one, or somebody's link
            _create(specs / SCHEMA_NAME, schema())
    except FileExistsError as error:
        raise UsageError(f"{error.filename or specs} is there already: nothing was written") from error
    except OSError as error:
        raise UsageError(f"{error.filename or specs} cannot be written: {error.strerror}") from error
    return spec


def _create(path: Path, text: str) -> None:
    """Write a new file, which is removed again if it cannot be written whole. Raises FileExistsError."""
    with path.open("x", encoding="utf-8") as file:
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            path.unlink(missing_ok=True)
            raise
    fsync_directory(path.parent)
