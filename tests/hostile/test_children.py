"""What other processes are told: neither arguments nor environments of children hold a key or a token."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.google.studio import Studio

BOTH = pytest.mark.parametrize("mode", ["vertex", "api-key"])
HOOK = """
import json, pathlib, sys
from google.oauth2 import credentials

credentials._GOOGLE_OAUTH2_TOKEN_ENDPOINT = TOKENS

def hook(event, given):
    if event in {"subprocess.Popen", "os.posix_spawn", "os.exec", "os.system", "os.spawn"}:
        environ = given[3] if event == "subprocess.Popen" else given[2] if len(given) > 2 else None
        told = [str(given[0]), *map(str, given[1])], environ and {str(key): str(environ[key]) for key in environ}
        with pathlib.Path("../started").open("a") as file:
            file.write(json.dumps(told) + "\\n")

sys.addaudithook(hook)
from vidpipe.__main__ import main
code = main(sys.argv[1:])
pathlib.Path("../argv").write_bytes(pathlib.Path("/proc/self/cmdline").read_bytes())
sys.exit(code)
"""


@BOTH
@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed: it is one of the children")
def test_no_secret_is_in_the_arguments_of_the_process_nor_in_those_and_the_environment_of_its_children(
    studio: Studio,
) -> None:
    if studio.mode == "vertex":
        studio.with_user_login()
    studio.monkeypatch.setenv("MY_TOKEN", studio.vendor.token)  # as a shell or CI may hold one
    video = {"video": "google:gemini-omni-1.1-flash"} if studio.mode == "api-key" else {}
    studio.spec(scenes=1, narration=True, audio=True, models={"speech": "animatic:speak", **video})
    hook = HOOK.replace("TOKENS", repr(f"{studio.loopback.base}/token"))
    ran = subprocess.run(
        [sys.executable, "-c", hook, "run", "-v"], capture_output=True, text=True, check=False, timeout=120
    )
    studio.printed += [ran.stdout, ran.stderr]
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert (studio.root.parent / "argv").exists()
    started = [json.loads(line) for line in (studio.root.parent / "started").read_text().splitlines()]
    assert [name for name in ("espeak-ng", "vidpipe.media.worker") if name not in str(started)] == []
    for arguments, environ in started:
        assert environ, f"a child inherits the whole environment: {arguments}"
        told = [name for name in environ if name.startswith(("GOOGLE", "GEMINI", "CLOUDSDK", "VIDPIPE", "MY_"))]
        assert told == [], arguments
    assert studio.leaks() == []


ENVIRONMENTS = {
    "environment(os.environ)": "process.py",
    "{name: os.environ[name] for name in PASSED_ON if name in os.environ} | {'LC_ALL': 'C.UTF-8'}": "speaker.py",
}
"""What children get, and where: variables by name. Another way to choose them is to be looked at."""
STARTS = re.compile(r"(?:asyncio\.)?subprocess\.(?:Popen|run|call|check_\w+|get\w+)|asyncio\.create_subprocess_\w+")
OTHERWISE = re.compile(r"os\.(?:exec\w+|spawn\w+|posix_spawnp?|system|popen|fork(?:pty)?)|multiprocessing\b.*|pty\..*")


def test_whatever_starts_a_process_says_which_environment_that_gets() -> None:
    package = Path(__file__).parents[2] / "vidpipe"
    given = {}
    for path in package.rglob("*.py"):
        tree = ast.parse(path.read_text())
        named = {ast.unparse(node.targets[0]): node.value for node in ast.walk(tree) if isinstance(node, ast.Assign)}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module in {"subprocess", "multiprocessing", "os"}:
                pytest.fail(f"{path.name} takes names from {node.module}, which are not looked for here")
            if not isinstance(node, ast.Call):
                continue
            function = ast.unparse(node.func)
            assert not OTHERWISE.fullmatch(function), f"{path.name}: {function} says no environment"
            if STARTS.fullmatch(function):
                value = next((keyword.value for keyword in node.keywords if keyword.arg == "env"), None)
                assert value is not None, f"{path.name} starts a process, which inherits the keys"
                given[ast.unparse(named.get(ast.unparse(value), value))] = path.name
    assert given == ENVIRONMENTS
