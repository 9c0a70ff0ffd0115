"""Which of the two services is called, where, and with what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from vidpipe.errors import UsageError
from vidpipe.providers.catalogue import built_in_models
from vidpipe.providers.google.access import Access, Route
from vidpipe.providers.registry import ProviderSettings

if TYPE_CHECKING:
    from pathlib import Path

MODELS = {model.id: model for model in built_in_models()}
VEO, OMNI, GEMINI = MODELS["veo-3.1-generate-001"], MODELS["gemini-omni-1.1-flash"], MODELS["gemini-3.8-flash"]
VIDEOS = tuple(model for model in MODELS.values() if model.kind == "video" and model.provider == "google")
KEY = {"GEMINI_API_KEY": "key-of-gemini"}
ACCOUNT = {"GOOGLE_APPLICATION_CREDENTIALS": "account.json"}
PROJECT = {"GOOGLE_CLOUD_PROJECT": "tide"}


@pytest.mark.parametrize(
    ("settings", "environ", "modes"),
    [
        ({}, {}, ()),
        ({}, KEY, ("api-key",)),
        ({}, {"GOOGLE_API_KEY": "k"}, ("api-key",)),
        ({}, {"GEMINI_API_KEY": " "}, ()),
        ({}, ACCOUNT, ("vertex",)),
        ({}, PROJECT, ("vertex",)),
        ({"project": "tide"}, {}, ("vertex",)),
        ({}, KEY | PROJECT, ("api-key",)),
        ({}, KEY | ACCOUNT, ("vertex", "api-key")),
        ({"project": "tide"}, KEY, ("vertex", "api-key")),
        ({"mode": "api-key"}, KEY | ACCOUNT, ("api-key",)),
        ({"mode": "vertex"}, KEY, ("vertex",)),
        ({}, KEY | {"GOOGLE_GENAI_USE_VERTEXAI": "True"}, ("vertex",)),
        ({}, ACCOUNT | {"GOOGLE_GENAI_USE_VERTEXAI": "false"}, ("api-key",)),
        ({}, KEY | {"GOOGLE_GENAI_USE_ENTERPRISE": "1", "GOOGLE_GENAI_USE_VERTEXAI": "0"}, ("vertex",)),
        ({"mode": "api-key"}, {"GOOGLE_GENAI_USE_VERTEXAI": "1"}, ("api-key",)),
    ],
)
def test_the_service_is_the_one_that_is_set_or_has_credentials(
    settings: dict[str, str], environ: dict[str, str], modes: tuple[str, ...]
) -> None:
    access = Access(ProviderSettings(**settings), {"HOME": "/nowhere"} | environ)  # type: ignore[arg-type]
    assert access.modes() == modes


def test_a_login_of_gcloud_counts_with_a_project_or_where_there_is_no_key(tmp_path: Path) -> None:
    folder = tmp_path / ".config" / "gcloud"
    folder.mkdir(parents=True)
    (folder / "application_default_credentials.json").touch()
    home = {"HOME": str(tmp_path)}
    found = [Access(ProviderSettings(), home | more).modes() for more in ({}, KEY, KEY | PROJECT)]
    assert found == [("vertex",), ("api-key",), ("vertex", "api-key")]


def test_a_model_of_one_service_only_is_called_there_where_both_are_at_hand() -> None:
    access = Access(ProviderSettings(project="tide"), KEY)
    assert access.route(VEO) == Route("us-central1", "tide")
    assert access.route(OMNI) == Route(key="key-of-gemini")
    assert access.route(GEMINI) == Route("global", "tide")


def test_of_two_keys_the_one_that_the_sdk_prefers_counts() -> None:
    assert Access(ProviderSettings(), KEY | {"GOOGLE_API_KEY": "first"}).key == "first"


def test_a_location_comes_from_the_models_setting_then_the_data_then_the_general_setting() -> None:
    def location(environ: dict[str, str], **settings: object) -> tuple[str, str]:
        access = Access(ProviderSettings(**settings), environ)  # type: ignore[arg-type]
        return access.location(VEO), access.location(GEMINI)

    variable = {"GOOGLE_CLOUD_LOCATION": "asia-east1"}
    own = {"veo-3.1-generate-001": "us-east5", "gemini-3.8-flash": "eu"}
    assert location({}) == ("us-central1", "global")
    assert location(variable) == ("asia-east1", "global")
    assert location(variable, location="europe-west4") == ("europe-west4", "global")
    assert location(variable, location="europe-west4", locations=own) == ("us-east5", "eu")


def test_veo_with_an_api_key_alone_is_refused_in_favour_of_omni() -> None:
    with pytest.raises(UsageError) as caught:
        Access(ProviderSettings(), KEY).route(VEO, VIDEOS)
    assert str(caught.value) == (
        "google:veo-3.1-generate-001 is served by Vertex AI only, and google is called with an API key: "
        "set models.video: google:gemini-omni-1.1-flash, or set project in [google] and log in to Google Cloud"
    )


def test_omni_on_vertex_alone_is_refused_in_favour_of_veo() -> None:
    with pytest.raises(
        UsageError, match=r"with an API key only.*set models.video: google:veo-3.1-generate-001, .*GEMINI_API"
    ):
        Access(ProviderSettings(mode="vertex"), ACCOUNT).route(OMNI, VIDEOS)


def test_no_credentials_at_all_say_what_to_set() -> None:
    with pytest.raises(
        UsageError, match=r"^there are no credentials for google: set GEMINI_API_KEY .*GOOGLE_CLOUD_PROJECT"
    ):
        Access(ProviderSettings(), {"HOME": "/nowhere"}).route(GEMINI)
    with pytest.raises(UsageError, match="there is none: set GEMINI_API_KEY"):
        Access(ProviderSettings(mode="api-key"), ACCOUNT).route(GEMINI)


def test_a_route_shows_no_key() -> None:
    assert "key-of-gemini" not in repr(Access(ProviderSettings(), KEY).route(GEMINI))
