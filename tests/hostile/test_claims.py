"""Records, ledger, marks and pending records that say what is not so: other places, other prices, other operations."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from vidpipe.ledger import read_ledger

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hostile.conftest import Yard

OUT = "../../../elsewhere/private"
DEEP = "[" * 200_000


def edit(path: Path, **changes: object) -> None:
    """Change keys of a JSON file."""
    value: dict[str, Any] = json.loads(path.read_bytes())
    path.write_text(json.dumps(value | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"target": OUT},
        {"target": "/etc/passwd"},
        {"target": "clips/../../../../elsewhere/private.json"},
        {"target": ".vidpipe/lock"},
        {"digest": f"../../../../../elsewhere/{'0' * 40}"},
        {"digest": "/etc/passwd"},
        {"digest": "../" * 21 + "x"},
        {"digest": 7},
        {"take": "../../1"},
        {"take": 10**400},
        {"take": -1},
        {"take": True},
        {"cost_usd": "-5"},
        {"cost_usd": "NaN"},
        {"cost_usd": "Infinity"},
        {"cost_usd": "1e999999"},
        {"cost_usd": "9" * 5000},
        {"stamp": [10**400, 1, 1, 1]},
        {"recorded_ns": 10**400},
        {"provenance": {"request": "\x1b[2J"}},
    ],
    ids=lambda changes: "-".join(f"{key}={str(value)[:12]}" for key, value in changes.items()).replace("/", "_"),
)
def test_a_record_cannot_lead_elsewhere_or_claim_what_no_film_costs(yard: Yard, changes: dict[str, object]) -> None:
    live = yard.private / "records/clips/scene-000.mp4.json"
    archived = yard.private / "archive/records/clips/scene-000.mp4/000002.json"
    archived.parent.mkdir(parents=True)
    shutil.copy(live, archived)
    edit(archived, **changes)
    assert yard("run", "-v").code in {0, 1, 2, 3}
    edit(live, **changes)
    for command in (("run", "-v"), ("takes", "pier", "clips/scene-000.mp4")):
        done = yard(*command)
        assert done.code in {0, 1, 2, 3}, done.told
        assert "\x1b" not in done.told
    assert yard("clean", "--yes", "--archive", "--orphans").code in {0, 1}
    assert yard.requests() == 0


@pytest.mark.parametrize(
    "data",
    [DEEP, '{"a":' * 100_000, "[1]", '{"target": "\\ud800"}', '"' + "x" * (5 << 20) + '"'],
    ids=["deep list", "deep object", "list", "half a pair", "5 MB"],
)
@pytest.mark.parametrize(
    "name",
    ["job.json", "records/clips/scene-000.mp4.json", "pending/film.mp4.json", "marks/redo/film.mp4.json", "index.json",
     "output.json", "lock"],
)  # fmt: skip
def test_any_of_vidpipes_own_files_may_hold_anything(yard: Yard, name: str, data: str) -> None:
    path = yard.private / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(data)
    done = yard("run")
    assert done.code in {0, 1, 2, 3}, done.told
    assert yard.requests() == 0


@pytest.mark.parametrize(
    "draft", ["../../../../../elsewhere/private.json", "/etc/passwd", "..", "a/b", "", ".", "x\0y", "y" * 5000]
)
def test_a_pending_record_cannot_name_a_draft_elsewhere(yard: Yard, draft: str) -> None:
    record = json.loads((yard.private / "records/film.mp4.json").read_bytes())
    path = yard.private / "pending" / "film.mp4.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"record": record, "draft": draft, "judged": None}))
    (yard.job / "film.mp4").unlink()  # so that the draft is what is looked for
    done = yard("run")
    assert done.code in {0, 1, 2}, done.told
    assert yard.requests() == 0


def test_a_pending_record_of_one_target_cannot_speak_for_another(yard: Yard) -> None:
    record = json.loads((yard.private / "records/film.mp4.json").read_bytes())
    path = yard.private / "pending" / "clips" / "scene-000.mp4.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"record": record | {"target": "keyframes/x.png"}, "draft": "x", "judged": None}))
    done = yard("run")
    assert done.code in {0, 1}, done.told
    assert not (yard.job / "keyframes" / "x.png").exists()


@pytest.mark.parametrize(
    ("entry", "changes"),
    [
        ("intent", {"price_usd": "-1000"}),
        ("settled", {"price_usd": "-1000"}),
        ("settled", {"price_usd": "NaN"}),
        ("settled", {"price_usd": "Infinity"}),
        ("settled", {"price_usd": "1e999999999"}),
        ("settled", {"price_usd": "9" * 5000}),
        ("settled", {"price_usd": -1000}),
        ("intent", {"target": OUT}),
        ("intent", {"target": ".vidpipe/ledger.jsonl"}),
        ("intent", {"id": 7}),
        ("submitted", {"operation": "https://elsewhere.example/operations/1"}),
        ("submitted", {"operation": "//elsewhere.example/operations/1"}),
        ("submitted", {"operation": "projects/p/locations/l/../../../x/operations/1"}),
        ("submitted", {"operation": "projects/p?key=1&x=/operations/1"}),
        ("submitted", {"operation": "projects/p%2f..%2fx/operations/1"}),
        ("submitted", {"operation": "projects/p#/operations/1"}),
        ("submitted", {"operation": "a b"}),
        ("submitted", {"operation": "a\nb"}),
        ("submitted", {"operation": "\x1b[2J"}),
        ("submitted", {"operation": "x" * 5000}),
        ("submitted", {"operation": ""}),
        ("submitted", {"operation": {}}),
    ],
    ids=lambda value: str(value)[:40].replace("/", "_") if isinstance(value, dict) else value,
)
def test_a_ledger_cannot_give_money_back_or_send_a_poll_elsewhere(
    yard: Yard, entry: str, changes: dict[str, object]
) -> None:
    path = yard.private / "ledger.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    last = max(index for index, line in enumerate(lines) if line["entry"] == entry)
    lines[last] |= changes
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    yard.project.edit_scene(0, video_motion_prompt="Faster.")
    done = yard.refuses("run", saying="the ledger is damaged here")
    assert f"ledger.jsonl:{last + 1}" in done.told
    assert "\x1b" not in done.told


@pytest.mark.parametrize(
    "line", [DEEP, '{"entry":' * 50_000, '{"entry":"intent"}', "9" * 100_000, "\\x00", "[]", "null"]
)
def test_a_ledger_may_hold_anything(yard: Yard, line: str) -> None:
    path = yard.private / "ledger.jsonl"
    path.write_text(f"{line}\n" + path.read_text())
    yard.project.edit_scene(0, video_motion_prompt="Faster.")
    yard.refuses("run", saying="the ledger is damaged here")


@pytest.mark.parametrize(
    "name",
    [
        "projects/film-project/locations/us-central1/publishers/google/models/veo-3.1-generate-001/operations/0a1b-2c",
        "projects/example.com:films/locations/global/publishers/google/models/veo@1/operations/7",
        "operations/12",
        "v1_ChdhYmMtZGVmX2doaQ",
        "int_0123456789~abc==",
    ],
)
def test_names_as_providers_give_them_are_names(yard: Yard, name: str) -> None:
    path = yard.private / "ledger.jsonl"
    text = path.read_text()
    path.write_text(text.replace("operations/1", name))
    assert any(entry.operation == name for entry in read_ledger(path).requests.values())


def test_a_job_of_another_spec_cannot_point_out_of_the_project(yard: Yard) -> None:
    (yard.elsewhere / "stolen.yaml").write_text("script: somebody else's\n")
    edit(yard.private / "job.json", spec="../elsewhere/stolen.yaml")
    assert yard("run").code == 0
    edit(yard.private / "job.json", spec="../elsewhere/stolen.yaml")
    assert yard("status", "runs/pier").code == 2


@pytest.mark.parametrize(
    "said",
    [
        "paid = false",
        "prices = { 720p = 0, 2K = 0, in = 0, out = 0 }",
        "prices = { 720p = -1, 2K = -1, in = -1, out = -1 }",
    ],
    ids=["free", "for nothing", "for less than nothing"],
)
@pytest.mark.parametrize(("kind", "name"), [("video", "film-1"), ("image", "draw-1"), ("text", "write-1")])
def test_models_toml_cannot_make_a_paid_model_free(yard: Yard, said: str, kind: str, name: str) -> None:
    (yard.root / "vidpipe.toml").write_text("")
    (yard.root / "models.toml").write_text(f'[[models]]\nprovider = "toy"\nkind = "{kind}"\nid = "{name}"\n{said}\n')
    yard.project.spec(scenes=1, style="noir")
    (yard.job / "storyboard.json").unlink()
    done = yard.refuses("run", "--max-cost", "0", "--until", "clips", saying="models.toml:")
    assert done.code == 2
