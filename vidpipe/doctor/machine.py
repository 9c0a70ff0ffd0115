"""What is installed: versions, the codecs of PyAV, a voice."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from vidpipe import __version__
from vidpipe.doctor.finding import Finding, fail, ok, warn
from vidpipe.words import listing

if TYPE_CHECKING:
    from collections.abc import Collection

    from vidpipe.providers.catalogue import Model

PACKAGES = ("av", "google-genai", "pillow")
REINSTALL = "install vidpipe anew, with all that it depends on"


def versions() -> list[Finding]:
    """Name vidpipe's version, Python's, and those of the libraries that films depend on."""
    found = {name: _installed(name) for name in PACKAGES}
    missing = [name for name, number in found.items() if not number]
    told = [f"vidpipe {__version__}", f"Python {platform.python_version()}"]
    told += [f"{name} {number}{_ffmpeg() if name == 'av' else ''}" for name, number in found.items() if number]
    findings = [ok("versions", ", ".join(told))]
    if missing:
        findings.append(fail("versions", f"{listing(missing, 'and')} cannot be found", REINSTALL))
    return findings


def codecs() -> Finding:
    """Look whether PyAV can read and write what films are made of."""
    try:
        from vidpipe.media.encode import check_codecs

        missing = check_codecs()
    except ImportError as error:
        return fail("codecs", f"PyAV cannot be loaded: {error}", REINSTALL)
    if missing:
        lacks = f"the installed PyAV lacks {listing(missing, 'and')}"
        return fail("codecs", lacks, "install PyAV from its wheel, which carries them: pip install --only-binary av av")
    return ok("codecs", "PyAV reads and writes H.264, AAC and MP4")


def voice(models: Collection[Model]) -> list[Finding]:
    """Look whether this machine can speak, where one of these models is to speak on it."""
    if not any((model.provider, model.kind) == ("animatic", "speech") for model in models):
        return []
    from vidpipe.providers.animatic.speaker import open_speaker
    from vidpipe.providers.base import NoVoiceError

    try:
        open_speaker()
    except NoVoiceError as error:
        return [warn("voice", str(error))]
    return [ok("voice", "espeak-ng speaks the narration")]


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _ffmpeg() -> str:
    try:
        from vidpipe.media.versions import ffmpeg_version
    except ImportError:  # told by the check of the codecs
        return ""
    return f" (FFmpeg {ffmpeg_version()})"
