"""Imports point downwards only, at the top of a file and inside functions; heavy ones stay where they belong."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "vidpipe"

LAYERS = (
    ("__main__",),
    ("cli", "cli_run", "cli_job", "cli_project", "cli_doctor", "cli_media", "cli_options", "cli_output", "completion"),
    ("commands",),
    ("batch",),
    ("conduct",),
    ("planning", "index", "obstacles", "lower_prices", "doctor"),
    ("summary", "workshop", "report"),
    ("answers",),
    ("steps",),
    ("job",),
    ("purchase",),
    ("ledger", "budget"),
    ("engine",),
    ("spec",),
    ("providers.registry", "providers.animatic", "providers.google"),
    ("providers.base", "providers.catalogue", "providers.addresses", "providers.limits", "providers.retry"),
    ("media",),
    ("lock", "journal", "signals", "results", "options", "events", "files", "words", "place", "redact", "errors"),
)
"""From top to bottom; modules of one layer may import each other, but not in a circle. What is named in annotations
only, which nothing imports when it runs, may come from anywhere."""


@cache
def layer_of(module: str) -> int:
    """Return the place of a module's layer; raises where it is in none."""
    inside = module.removeprefix("vidpipe").removeprefix(".")
    for place, names in enumerate(LAYERS):
        if any(inside == name or inside.startswith(f"{name}.") for name in names):
            return place
    raise AssertionError(f"{module} stands in no layer: put it into LAYERS, where it belongs")


@cache
def modules() -> dict[str, Path]:
    """Return every module of the package with its file."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        name = ".".join(["vidpipe", *path.relative_to(ROOT).with_suffix("").parts])
        found[name.removesuffix(".__init__")] = path
    return found


def is_typing_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


@cache
def imported(path: Path) -> list[tuple[str, bool]]:
    """Return the names that a file imports, each with whether it does so for annotations only."""
    found: list[tuple[str, bool]] = []

    def visit(node: ast.AST, typing_only: bool) -> None:
        if isinstance(node, ast.Import):
            found.extend((alias.name, typing_only) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            module = node.module or ""
            known = modules()
            found.extend(
                (f"{module}.{alias.name}" if f"{module}.{alias.name}" in known else module, typing_only)
                for alias in node.names
            )
        for child in ast.iter_child_nodes(node):
            visit(child, typing_only or is_typing_only(node))

    visit(ast.parse(path.read_text(encoding="utf-8")), False)
    return found


def ours(path: Path) -> list[tuple[str, bool]]:
    return [(name, typing_only) for name, typing_only in imported(path) if name.split(".")[0] == "vidpipe"]


@pytest.mark.parametrize("module", [name for name in modules() if name.count(".")])
def test_imports_point_downwards(module: str) -> None:
    if module == "vidpipe.providers":
        return
    place = layer_of(module)
    upwards = [
        name
        for name, typing_only in ours(modules()[module])
        if name != "vidpipe" and layer_of(name) < place and not typing_only
    ]
    assert upwards == []


def test_no_module_imports_itself_in_a_circle() -> None:
    graph = {
        name: {target for target, typing_only in ours(path) if not typing_only and target in modules()}
        for name, path in modules().items()
    }
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, f"a circle of imports: {' -> '.join([*above, name])}"
        if name not in done:
            for target in graph[name] - {name}:
                visit(target, (*above, name))
            done.add(name)

    for name in graph:
        visit(name, ())


@pytest.mark.parametrize(
    ("library", "where"),
    [
        ("click", ("vidpipe.cli", "vidpipe.__main__", "vidpipe.completion")),
        ("rich", ("vidpipe.report",)),
        ("av", ("vidpipe.media", "vidpipe.providers.animatic")),
        ("PIL", ("vidpipe.media", "vidpipe.providers.animatic")),
        ("numpy", ("vidpipe.media", "vidpipe.providers.animatic")),
        ("yaml", ("vidpipe.spec",)),
        ("filelock", ("vidpipe.lock",)),
        ("tenacity", ("vidpipe.providers.retry",)),
        ("google", ("vidpipe.providers.google",)),
    ],
)
def test_a_library_is_imported_only_where_it_belongs(library: str, where: tuple[str, ...]) -> None:
    users = {
        module for module, path in modules().items() if any(name.split(".")[0] == library for name, _ in imported(path))
    }
    assert {user for user in users if not user.startswith(where)} == set() if where else users == set()


def test_the_engine_knows_no_video() -> None:
    words = ("clip", "keyframe", "storyboard", "film", "scene")
    for module, path in modules().items():
        if module.startswith("vidpipe.engine") and module != "vidpipe.engine.layout":
            names = {node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)}
            assert not [name for name in names if any(word in name.lower() for word in words)], module
