"""Nothing that becomes part of an address can change the host or the path, wherever it comes from."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from vidpipe.errors import UsageError
from vidpipe.providers.base import NotAcceptedError
from vidpipe.providers.catalogue import Model, built_in_models
from vidpipe.providers.google.access import Access, Route
from vidpipe.providers.google.client import Clients, Timeouts
from vidpipe.providers.google.line import Line
from vidpipe.providers.google.login import Account, Login
from vidpipe.providers.registry import ProviderSettings

VEO = next(model for model in built_in_models() if model.id == "veo-3.1-generate-001")
ODD = ("evil.invalid/", "evil.invalid#", "../../v1/other?", "a@b/", "a:b", "US", "a b", "x" * 41, "\u202e")
ODD_PROJECTS = ("../../v1/other?", "a/b", "..", "a?b", "a#b", "a b", "%2e", "x" * 200)
ACCOUNT = {"GOOGLE_APPLICATION_CREDENTIALS": "account.json"}


@pytest.mark.parametrize("text", ODD)
def test_a_location_is_refused_and_told_with_where_it_came_from(text: str) -> None:
    def said(model: Model, environ: dict[str, str], **settings: object) -> str:
        with pytest.raises(UsageError) as caught:
            Access(ProviderSettings(**settings), ACCOUNT | environ).route(model)  # type: ignore[arg-type]
        return str(caught.value)

    rule = "must be small letters, digits and hyphens, at most 40, such as us-central1"
    assert said(VEO, {"GOOGLE_CLOUD_LOCATION": text}).startswith(f"GOOGLE_CLOUD_LOCATION {rule}")
    assert said(VEO, {}, location=text).startswith(f"location in [google] {rule}")
    assert said(VEO, {}, locations={VEO.id: text}).startswith(f"{VEO.id} in [google.locations] {rule}")
    assert said(replace(VEO, location=text), {}).startswith(f"location of {VEO.name} in the model data {rule}")


@pytest.mark.parametrize("text", ODD_PROJECTS)
def test_a_project_is_refused_and_told_with_where_it_came_from(text: str) -> None:
    for place, settings, environ in (
        ("GOOGLE_CLOUD_PROJECT", {}, {"GOOGLE_CLOUD_PROJECT": text}),
        ("project in [google]", {"project": text}, {}),
    ):
        with pytest.raises(UsageError, match="must be a project's id") as caught:
            Access(ProviderSettings(**settings), ACCOUNT | environ).route(VEO)  # type: ignore[arg-type]
        assert str(caught.value).startswith(place)


def test_with_an_api_key_nobody_minds_what_lies_about_from_other_work() -> None:
    environ = {"GEMINI_API_KEY": "k", "GOOGLE_CLOUD_PROJECT": "a/b", "GOOGLE_CLOUD_LOCATION": "a/b", "HOME": "/nowhere"}
    omni = next(model for model in built_in_models() if model.id == "gemini-omni-1.1-flash")
    assert Access(ProviderSettings(), environ).route(omni) == Route(key="k")


@pytest.mark.parametrize("project", ["tide", "example.com:films", "123456789012", "My-Project.1"])
def test_projects_as_google_names_them_are_projects(project: str) -> None:
    route = Access(ProviderSettings(project=project), ACCOUNT).route(VEO)
    assert route == Route("us-central1", project)


@pytest.mark.parametrize(
    ("route", "found", "said"),
    [
        (Route("evil.invalid/", "tide"), None, "the location of Google Cloud must be small letters"),
        (Route("x" * 41, "tide"), None, "the location of Google Cloud must be small letters"),
        (Route("us-central1", "a/b"), None, "the project of Google Cloud, which comes with the credentials or is set"),
        (Route("us-central1"), "../../v1/other?", "the project of Google Cloud, which comes with the credentials"),
    ],
    ids=["location", "long location", "project", "the credentials' project"],
)
def test_what_gets_past_all_that_still_opens_no_client(
    monkeypatch: pytest.MonkeyPatch, route: Route, found: str | None, said: str
) -> None:
    async def login(_self: Account) -> Login:
        return Login(object(), found)  # type: ignore[arg-type]

    monkeypatch.setattr(Account, "login", login)
    assert said in refusal(VEO, route)


@pytest.mark.parametrize("name", ["../x", "veo?x=y", "a#b", "projects/p/x", "models/veo", "a b", "", "ü"])
def test_a_model_whose_id_leads_elsewhere_is_never_asked_for(name: str) -> None:
    assert "the id of the model must be a model's id" in refusal(replace(VEO, id=name), Route(key="k"))


def refusal(model: Model, route: Route) -> str:
    """Return what is said where a request is refused, which must not be sent."""

    async def send(_client: object) -> None:
        raise AssertionError("it was sent")

    async def ask() -> None:
        clients = Clients(Timeouts())
        try:
            await Line(clients, model, route).buy(send)
        finally:
            await clients.close()

    with pytest.raises(NotAcceptedError) as caught:
        asyncio.run(ask())
    return str(caught.value)
