"""Providers are opened once for each project of a run, as that project reaches them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.toy import Server, Toy, entry
from vidpipe.job import Providers
from vidpipe.providers import registry
from vidpipe.spec.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from vidpipe.providers.base import Provider
    from vidpipe.providers.registry import ProviderSettings


def test_each_project_reaches_a_provider_its_own_way_and_opens_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[ProviderSettings] = []

    def open_provider(settings: ProviderSettings) -> Provider:
        opened.append(settings)
        return Toy(Server())

    known = entry(Server())
    monkeypatch.setitem(registry.PROVIDERS, "toy", registry.ProviderEntry("toy", known.models, open_provider))
    settings = []
    for name, project in (("one", "first-project"), ("two", "second-project")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "vidpipe.toml").write_text(f'[toy]\nproject = "{project}"\npoll_seconds = {len(project)}\n')
        settings.append(load_settings(folder / "film.yaml", environ={}))
    providers = Providers()
    of = [providers.of(known.models[0], each) for each in [*settings, *settings]]
    assert of[0] is of[2]
    assert of[1] is of[3]
    assert [each.poll_seconds for each in opened] == [13, 14]
