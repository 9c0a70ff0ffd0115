"""The animatic's voice: a program that may be there or not, fed through a pipe, and never trusted further than that."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import stat
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vidpipe.media.wav import read_wav, wav
from vidpipe.providers.animatic import open_provider, speaker
from vidpipe.providers.animatic.speaker import named, names_of
from vidpipe.providers.base import NotAcceptedError, NoVoiceError, SpeechRequest

if TYPE_CHECKING:
    from vidpipe.providers.base import Speech

LISTING = """\
Pty Language       Age/Gender VoiceName          File                 Other Languages
 5  de              --/M      German             gmw/de               
 2  en-gb           --/M      English_(Great_Britain) gmw/en               (en 2)
 5  pt-br           --/M      Portuguese_(Brazil) roa/pt-BR            (pt 6)
"""  # noqa: W291 - as the program prints it
FAKE = """\
#!{python}
import json, os, struct, sys
if "--voices" in sys.argv:
    print({listing!r})
    sys.exit()
words = sys.stdin.read()
with open({told!r}, "w") as file:
    json.dump({{"arguments": sys.argv[1:], "words": words, "environment": dict(os.environ)}}, file)
{deed}
samples = words.encode() * 100
samples += bytes(len(samples) % 2)
form = struct.pack("<HHIIHH", 1, 1, 22050, 44100, 2, 16)
head = b"RIFF" + struct.pack("<I", 0x7FFFF024) + b"WAVEfmt " + struct.pack("<I", 16) + form
sys.stdout.buffer.write(head + b"data" + struct.pack("<I", 0x7FFFF000) + samples)
"""


class Fake:
    """An espeak-ng of the test's own, alone on the PATH, which notes how it was called."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = folder / "bin" / "espeak-ng"
        self.told = folder / "told.json"
        self.path.parent.mkdir()
        monkeypatch.setenv("PATH", str(self.path.parent))

    def install(self, deed: str = "") -> None:
        """Put it on the PATH; `deed` is what it does, in Python, before it speaks."""
        text = FAKE.format(python=sys.executable, listing=LISTING, told=str(self.told), deed=deed)
        self.path.write_text(text, encoding="utf-8")
        self.path.chmod(self.path.stat().st_mode | stat.S_IXUSR)

    def heard(self) -> dict[str, object]:
        """Return how it was called last."""
        heard: dict[str, object] = json.loads(self.told.read_text(encoding="utf-8"))
        return heard


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    return Fake(tmp_path, monkeypatch)


def speak(words: str = "Waves.", voice: str | None = None) -> Speech:
    async def work() -> Speech:
        provider = open_provider(None)
        try:
            return await provider.speech("speak").speak(SpeechRequest(words, voice))
        finally:
            await provider.close()

    return asyncio.run(work())


def test_without_the_program_there_is_no_voice_and_the_words_say_how_to_get_one(fake: Fake) -> None:
    with pytest.raises(NoVoiceError, match="espeak-ng is not installed, so the film has no voice; install it"):
        speak()
    fake.install()
    assert speak().data


def test_words_go_through_the_pipe_and_never_among_the_arguments(fake: Fake) -> None:
    fake.install()
    words = "-v de --path=/etc „Wellen“ $(touch x) \x00 ."
    speech = speak(words)
    heard = fake.heard()
    assert heard["words"] == words
    assert heard["arguments"] == ["--stdin", "-b", "1", "-z", "--stdout"]
    found = read_wav(speech.data, "voice.wav")
    assert speech.data == wav(speech.data[found.start :], 22_050), "the program cannot tell its length, the file has to"
    assert speech.data[found.start :].startswith(words.encode())


def test_the_program_is_told_nothing_that_it_does_not_need(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "canary")
    fake.install()
    speak()
    environment = fake.heard()["environment"]
    assert isinstance(environment, dict)
    assert set(environment) <= {"PATH", "ESPEAK_DATA_PATH", "LC_ALL", "LC_CTYPE", "PWD", "SHLVL", "_"}
    assert "canary" not in str(environment)


@pytest.mark.parametrize("voice", ["de", "German", "gmw/de", "pt-br+f3", "English_(Great_Britain)"])
def test_a_voice_that_the_program_lists_is_asked_for(fake: Fake, voice: str) -> None:
    fake.install()
    speak(voice=voice)
    assert fake.heard()["arguments"] == [*speaker.SPEAKS, "-v", voice]


@pytest.mark.parametrize("voice", ["Kore", "-w", "../../etc/passwd", "de+../x", "de+", "", "Pty", "--/M", "de\n"])
def test_any_other_voice_is_refused_before_the_program_speaks(fake: Fake, voice: str) -> None:
    fake.install()
    with pytest.raises(NotAcceptedError, match="espeak-ng has no voice"):
        speak(voice=voice)
    assert not fake.told.exists()


def test_a_misspelt_voice_is_told_the_likely_one() -> None:
    with pytest.raises(NotAcceptedError, match="did you mean German"):
        named("Germn", names_of(LISTING))


@pytest.mark.parametrize(
    ("deed", "message"),
    [
        ('sys.exit("no data here")', r"espeak-ng failed \(1\): no data here"),
        ("sys.exit()", "espeak-ng: is no WAV file"),
        ("os.kill(os.getpid(), 9)", r"espeak-ng failed \(-9\)"),
        ("print('RIFF....')", "espeak-ng: is no WAV file"),
    ],
)
def test_a_program_that_fails_is_told_and_not_taken_for_a_voice(fake: Fake, deed: str, message: str) -> None:
    fake.install(f"{deed}; sys.exit()")
    with pytest.raises(NotAcceptedError, match=message):
        speak()


def test_a_program_that_cannot_be_run_is_told(fake: Fake) -> None:
    fake.path.write_text("#!/nowhere/python\n", encoding="utf-8")
    fake.path.chmod(0o755)
    with pytest.raises(NotAcceptedError, match="cannot be run: No such file or directory"):
        speak()


def test_a_program_that_hangs_is_ended_with_all_that_it_started(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaker, "SECONDS", 1.5)
    children = fake.told.with_name("children")
    fake.install(
        "import subprocess, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(children)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
        "time.sleep(600)"
    )
    with pytest.raises(NotAcceptedError, match=r"did not end within 1\.5 s"):
        speak()
    assert [gone(int(child)) for child in children.read_text(encoding="utf-8").split()] == [True, True]


def gone(process: int) -> bool:
    """Whether a process has ended, or does within a moment; one whose parent has not looked yet counts as ended."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        try:
            if Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
    return False


def test_a_program_that_never_stops_talking_is_ended(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaker, "LARGEST", 1 << 20)
    fake.install("while True: sys.stdout.buffer.write(bytes(1 << 16))")
    with pytest.raises(NotAcceptedError, match="says more than 1 MiB"):
        speak()


def test_a_program_that_does_not_listen_hinders_nobody(fake: Fake) -> None:
    fake.install()
    fake.path.write_text(fake.path.read_text(encoding="utf-8").replace("sys.stdin.read()", "'aa'"), encoding="utf-8")
    assert speak("long " * 100_000).data


REAL = shutil.which("espeak-ng")


@pytest.mark.skipif(REAL is None, reason="espeak-ng is not installed")
def test_the_real_program_speaks_the_same_words_alike_and_other_words_otherwise() -> None:
    first, again, other = speak("Waves beat on the pier."), speak("Waves beat on the pier."), speak("A gull.")
    assert first == again != other
    assert read_wav(first.data, "voice.wav").seconds > read_wav(other.data, "voice.wav").seconds > 0.2
    assert speak("Waves beat on the pier.", "de") != first
    with pytest.raises(NotAcceptedError, match="espeak-ng has no voice Kore"):
        speak(voice="Kore")
    assert os.environ["PATH"]
