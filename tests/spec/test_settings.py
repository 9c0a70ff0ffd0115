"""vidpipe.toml, VIDPIPE_* variables and flags: which counts, and how mistakes are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.closed import never_opened
from vidpipe.errors import SpecError
from vidpipe.providers.registry import PROVIDERS, ProviderEntry, find_model
from vidpipe.spec.settings import NO_FLAGS, Flags, Limits, Settings, load_settings

SPEC = Path("specs/pier.yaml")
VEO = "google:veo-3.1-generate-001"
TOO_LARGE = "is too large a number: at most 30 digits are read"
HUGE = "0x" + "f" * 5_000
EVERYWHERE = f"""[defaults]
scenes = {HUGE}
style = {HUGE}
loudness = {HUGE}
budget = {HUGE}
stitch = {HUGE}
[google]
poll_seconds = {HUGE}
[limits."{VEO}"]
in_flight = {HUGE}
"""


def settings_of(text: str, environ: dict[str, str] | None = None, flags: Flags = NO_FLAGS) -> Settings:
    Path("vidpipe.toml").write_text(text, encoding="utf-8")
    return load_settings(SPEC, flags, environ or {})


def told_of(text: str, environ: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(SpecError) as caught:
        settings_of(text, environ)
    return str(caught.value).splitlines()


def test_what_nobody_says_is_built_in(project: Path) -> None:
    settings = load_settings(SPEC, Flags(), {})
    assert settings.directory == project.resolve() / "runs"
    assert settings.limits_of(find_model(VEO, "video")) == Limits(in_flight=4, per_minute=50, pause_seconds=0)
    assert settings.provider("google").poll_seconds == 10
    assert {setting.origin for setting in settings.stated} == {"built in"}


def test_the_job_directories_lie_under_the_root_wherever_one_stands(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "vidpipe.toml").write_text('[run]\ndir = "made"\n')
    spec = project / SPEC
    monkeypatch.chdir("/")
    assert load_settings(spec, Flags(), {}).directory == project.resolve() / "made"


def test_a_flag_goes_before_a_variable_and_that_before_the_file(project: Path) -> None:
    text = '[run]\ndir = "a"\njobs = 2\n[google]\npoll_seconds = 1\n'
    environ = {"VIDPIPE_DIR": "b", "VIDPIPE_JOBS": "3", "VIDPIPE_POLL_SECONDS": "0.5"}
    from_file = settings_of(text)
    from_variables = settings_of(text, environ)
    from_flags = settings_of(text, environ, Flags(directory=Path("c"), jobs=4))
    directories = [settings.directory.name for settings in (from_file, from_variables, from_flags)]
    assert directories == ["a", "b", "c"]
    assert [settings.jobs for settings in (from_file, from_variables, from_flags)] == [2, 3, 4]
    assert [from_file.provider("google").poll_seconds, from_variables.provider("google").poll_seconds] == [1, 0.5]


@pytest.mark.usefixtures("project")
def test_every_setting_knows_where_it_came_from() -> None:
    settings = settings_of(
        '[run]\njobs = 2\n[google]\nproject = "tide"\n', {"VIDPIPE_IN_FLIGHT": "1"}, Flags(directory=Path("x"))
    )
    assert {(setting.key, setting.value, setting.origin) for setting in settings.stated} == {
        ("run.dir", "x", "command line"),
        ("run.jobs", "2", "vidpipe.toml"),
        ("google.project", "tide", "vidpipe.toml"),
        ("every in_flight", "1", "VIDPIPE_IN_FLIGHT"),
    }


@pytest.mark.usefixtures("project")
def test_limits_of_one_model_are_laid_over_the_model_data() -> None:
    settings = settings_of(f'[limits."{VEO}"]\nin_flight = 1\npause_seconds = 2.5\n')
    assert settings.limits_of(find_model(VEO, "video")) == Limits(in_flight=1, per_minute=50, pause_seconds=2.5)
    assert settings.limits_of(find_model("google:veo-3.1-lite-generate-001", "video")).in_flight == 4


@pytest.mark.usefixtures("project")
def test_google_is_told_how_to_be_reached() -> None:
    google = settings_of(
        '[google]\nmode = "vertex"\nproject = "tide"\nlocation = "us-central1"\nwait_seconds = 60\n'
        'output_gcs_uri = "gs://tide/x"\n[google.locations]\n"veo-3.1-generate-001" = "europe-west4"\n'
    ).provider("google")
    assert (google.mode, google.project, google.location, google.wait_seconds) == ("vertex", "tide", "us-central1", 60)
    assert google.locations == {"veo-3.1-generate-001": "europe-west4"}
    assert google.output_gcs_uri == "gs://tide/x"


@pytest.mark.usefixtures("project")
def test_a_third_party_has_a_table_with_keys_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PROVIDERS, "acme", ProviderEntry("acme", (), never_opened))
    acme = settings_of('[acme]\npoll_seconds = 3\nregion = "moon"\nretries = 2\n').provider("acme")
    assert (acme.poll_seconds, dict(acme.options)) == (3, {"region": "moon", "retries": 2})


LOCATION_RULE = "must be small letters, digits and hyphens, at most 40, such as us-central1"
PROJECT_RULE = "must be a project's id, of letters, digits, points, colons and hyphens"
ID_RULE = "must be a model's id, of letters, digits, points, hyphens, _ and @"
ELSEWHERE = """[google]
location = "evil.invalid/"
project = "../../v1/other?"
[google.locations]
"veo-3.1-generate-001" = "a.b"
"../x" = "eu"
"""
BAD = {
    "an unknown table": (
        "[defalts]\n",
        ["vidpipe.toml:1:2: defalts: is no table that vidpipe knows; did you mean defaults?"],
    ),
    "an unknown key": (
        '[google]\nprojekt = "tide"\n',
        ["vidpipe.toml:2:1: google.projekt: is no key that vidpipe knows; did you mean project?"],
    ),
    "a wrong type": (
        '[google]\nproject = 7\npoll_seconds = "10"\nmode = "api"\n',
        [
            "vidpipe.toml:2:11: google.project: must be text (got 7: put it in quotes)",
            "vidpipe.toml:3:16: google.poll_seconds: must be a number (got the text 10: remove its quotes)",
            "vidpipe.toml:4:8: google.mode: must be vertex or api-key (got api); did you mean api-key?",
        ],
    ),
    "limits out of range": (
        f'[limits."{VEO}"]\nin_flight = 0\nper_minute = -1\n',
        [
            f"vidpipe.toml:2:13: limits.{VEO}.in_flight: must be at least 1 (got 0)",
            f"vidpipe.toml:3:14: limits.{VEO}.per_minute: must be at least 1 (got -1)",
        ],
    ),
    "limits without a provider": (
        "[limits.veo]\n",
        ['vidpipe.toml:1:2: limits.veo: must be written [limits."provider:model"]'],
    ),
    "a table that is none": ("google = 3\n", ["vidpipe.toml:1:10: google: must be a table: write [google]"]),
    "what belongs to one spec": (
        '[defaults]\nname = "pier"\nscript = "tide"\n',
        [
            "vidpipe.toml:2:1: defaults.name: belongs to one spec: write it there",
            "vidpipe.toml:3:1: defaults.script: belongs to one spec: write it there",
        ],
    ),
    "wrong defaults": (
        "[defaults]\nscenes = 0\nbudget = inf\n[defaults.stitch]\nmode = 'crosfade'\n",
        [
            "vidpipe.toml:2:10: defaults.scenes: must be at least 1 (got 0)",
            "vidpipe.toml:3:10: defaults.budget: must be a finite number (got Infinity)",
            "vidpipe.toml:5:8: defaults.stitch.mode: must be cut or crossfade (got crosfade); did you mean crossfade?",
        ],
    ),
    "a folder outside": ('[run]\ndir = "../made"\n', ["vidpipe.toml:2:7: run.dir: ../made lies outside the project"]),
    "a bucket that is none": (
        '[google]\noutput_gcs_uri = "s3://x"\n',
        ["vidpipe.toml:2:18: google.output_gcs_uri: must start with gs://"],
    ),
    "words that would lead a request elsewhere": (
        ELSEWHERE,
        [
            f"vidpipe.toml:2:12: google.location: {LOCATION_RULE} (got evil.invalid/)",
            f"vidpipe.toml:3:11: google.project: {PROJECT_RULE} (got ../../v1/other?)",
            f"vidpipe.toml:5:26: google.locations.veo-3.1-generate-001: {LOCATION_RULE} (got a.b)",
            f"vidpipe.toml:6:1: google.locations.../x: {ID_RULE} (got ../x)",
        ],
    ),
    "a key named twice": (
        "[run]\njobs = 1\njobs = 2\n",
        ["vidpipe.toml:3:9: is not valid TOML: cannot overwrite a value"],
    ),
    "no TOML": ("[run\n", ["vidpipe.toml:1:5: is not valid TOML: expected ']' at the end of a table declaration"]),
    "a NUL in a text": (
        '[google]\nproject = "a\\u0000b"\n',
        ["vidpipe.toml:2:11: google.project: contains a NUL character"],
    ),
    "5,000 digits": ("[run]\njobs = " + "5" * 5_000, ["vidpipe.toml:2:8: " + TOO_LARGE]),
    "31 digits": ("[run]\njobs = " + "5" * 31, ["vidpipe.toml:2:8: run.jobs: " + TOO_LARGE]),
    "30 digits": (
        "[run]\njobs = " + "5" * 30,
        ["vidpipe.toml:2:8: run.jobs: must be at most 256 (got " + "5" * 30 + ")"],
    ),
    "5,000 hexadecimal digits": (
        "[run]\njobs = 0x" + "f" * 5_000 + "\n[google]\nproject = 3",
        [
            "vidpipe.toml:2:8: run.jobs: " + TOO_LARGE,
            "vidpipe.toml:4:11: google.project: must be text (got 3: put it in quotes)",
        ],
    ),
    "5,000 hexadecimal digits in every kind of table": (
        EVERYWHERE,
        None,
    ),
    "a line separator in a comment": (
        "# \u2028\u2029\x85\n[run]\njobs = 0",
        ["vidpipe.toml:3:8: run.jobs: must be at least 1 (got 0)"],
    ),
    "20,000 brackets": ("x = " + "[" * 20_000, ["vidpipe.toml: nested too deeply: at most 20 levels are read"]),
    "10,000 dots": (
        ".".join("a" * 10_000) + " = 1",
        ["vidpipe.toml:1:1: nested too deeply: at most 20 levels are read"],
    ),
    "too large": ("#" * 70_000, ["vidpipe.toml: is too large: 70,000 bytes, and at most 65,536 are read"]),
}


@pytest.mark.parametrize("what", BAD)
@pytest.mark.usefixtures("project")
def test_a_bad_settings_file_is_told_word_for_word(what: str) -> None:
    text, lines = BAD[what]
    told = told_of(text)
    assert told == lines or (lines is None and all(line.endswith(TOO_LARGE) for line in told) and len(told) == 7)


@pytest.mark.usefixtures("project")
def test_places_are_not_taken_from_inside_a_text_of_several_lines() -> None:
    text = '[defaults]\nstyle = """\nscenes = 1\n[google]\n"""\nscenes = 0\n'
    assert told_of(text) == ["vidpipe.toml:6:10: defaults.scenes: must be at least 1 (got 0)"]


@pytest.mark.usefixtures("project")
def test_wrong_variables_are_told_by_their_names() -> None:
    assert told_of("", {"VIDPIPE_JOBS": "many", "VIDPIPE_PER_MINUTE": "0", "VIDPIPE_POLL_SECONDS": ""}) == [
        "environment: VIDPIPE_JOBS: must be a whole number (got many)",
        "environment: VIDPIPE_PER_MINUTE: must be at least 1 (got 0)",
    ]
