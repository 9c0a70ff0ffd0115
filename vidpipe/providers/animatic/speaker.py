"""The animatic's voice: the espeak-ng program, if it is there, as a child process that gets the words on its stdin."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

from vidpipe.errors import BrokenFileError
from vidpipe.media.wav import read_wav, wav
from vidpipe.providers.base import NotAcceptedError, NoVoiceError, Speech
from vidpipe.words import did_you_mean, shown, shown_text

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Sequence

    from vidpipe.providers.base import SpeechRequest

PROGRAM = "espeak-ng"
SPEAKS = ("--stdin", "-b", "1", "-z", "--stdout")
"""Read all of the words as UTF-8, leave no pause behind the last one, write a WAV file."""
SECONDS = 60.0
"""Far longer than it takes to speak the longest narration."""
GRACE = 5.0
LARGEST = 64 << 20
PASSED_ON = ("PATH", "ESPEAK_DATA_PATH")
VARIANT = re.compile(r"[A-Za-z0-9_-]{1,40}")
MISSING = (
    f"{PROGRAM} is not installed, so the film has no voice; install it (apt install {PROGRAM}) or set models.speech"
)


def open_speaker() -> Speaker:
    """Return the speaker. Raises NoVoiceError where the program is not installed."""
    program = shutil.which(PROGRAM)
    if program is None:
        raise NoVoiceError(MISSING)
    return Speaker(program)


class Speaker:
    """One installed espeak-ng."""

    def __init__(self, program: str) -> None:
        self._program = program

    async def speak(self, request: SpeechRequest) -> Speech:
        """Speak words; equal requests give equal files. Raises NotAcceptedError where the program does not."""
        arguments: tuple[str, ...] = SPEAKS
        if request.voice is not None:
            known = names_of((await self._run(("--voices",))).decode("utf-8", "replace"))
            arguments += ("-v", named(request.voice, known))
        sound = await self._run(arguments, request.text.encode())
        try:
            found = read_wav(sound, PROGRAM)
        except BrokenFileError as error:
            raise NotAcceptedError(f"{error}; `{PROGRAM} --version` shows whether it works") from error
        # What it writes to a pipe names no length: the file is written anew with its own.
        return Speech(wav(sound[found.start : found.start + found.size], found.rate, found.channels))

    async def _run(self, arguments: Sequence[str], words: bytes = b"") -> bytes:
        """Return what the program prints. Raises NotAcceptedError where it fails or does not come to an end."""
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {"LC_ALL": "C.UTF-8"}
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                self._program, *arguments, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, start_new_session=True
            )
        except OSError as error:
            raise NotAcceptedError(f"{self._program} cannot be run: {error.strerror}") from error
        try:
            async with asyncio.timeout(SECONDS):
                printed, complaint = await _talk(process, words)
                code = await process.wait()
        except TimeoutError:
            raise NotAcceptedError(f"{PROGRAM} did not end within {SECONDS:g} s") from None
        finally:
            await _end(process)
        if code != 0:
            said = " ".join(complaint.decode("utf-8", "replace").split())
            raise NotAcceptedError(f"{PROGRAM} failed ({code}){f': {shown_text(said)}' if said else ''}")
        return printed


async def _talk(process: Process, words: bytes) -> tuple[bytes, bytes]:
    """Give the program its words and read all that it says. Raises NotAcceptedError where that is too much."""
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None

    async def feed(stdin: asyncio.StreamWriter) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):
            stdin.write(words)
            await stdin.drain()
        stdin.close()

    _, printed, complaint = await asyncio.gather(
        feed(process.stdin), _read(process.stdout, LARGEST), _read(process.stderr, LARGEST)
    )
    return printed, complaint


async def _read(stream: asyncio.StreamReader, most: int) -> bytes:
    parts, size = [], 0
    while part := await stream.read(1 << 16):
        parts.append(part)
        size += len(part)
        if size > most:
            raise NotAcceptedError(f"{PROGRAM} says more than {most >> 20} MiB")
    return b"".join(parts)


async def _end(process: Process) -> None:
    """Let nothing of the program outlive this, neither itself nor what it may have started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with suppress(TimeoutError):  # what has left the group may hold the pipes for ever, and is nothing that we started
        async with asyncio.timeout(GRACE):
            await process.wait()
    # Its pipes are closed with it, but not while somebody holds their other ends; asyncio has no public way to do it.
    process._transport.close()  # type: ignore[attr-defined]
    await asyncio.sleep(0)  # in its next turn the event loop lets go of them


def names_of(listing: str) -> frozenset[str]:
    """Return what voices may be called by, from the program's own list: their language, name or file."""
    rows = [line.split() for line in listing.splitlines()[1:]]
    return frozenset(name for row in rows if len(row) >= 5 for name in (row[1], row[3], row[4]))


def named(voice: str, known: frozenset[str]) -> str:
    """Return a voice as the program takes it. Raises NotAcceptedError for one that it does not list.

    A variant may follow a plus sign: `en-us+f3`.
    """
    base, plus, variant = voice.partition("+")
    if base not in known or (plus and VARIANT.fullmatch(variant) is None):
        hint = did_you_mean(base, sorted(known))
        raise NotAcceptedError(f"{PROGRAM} has no voice {shown(voice)} (`{PROGRAM} --voices` lists them){hint}")
    return voice
