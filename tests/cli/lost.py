"""A clip whose reply is lost, on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.toy import Operation
from vidpipe.providers.base import ReplyLostError, VideoRequest

if TYPE_CHECKING:
    from tests.project import Project


def lose_clip(project: Project) -> None:
    """Write a spec of one scene, the reply to whose clip will be lost: `operations/9` is making it."""

    def lost() -> ReplyLostError:
        request = next(request for port, request in project.server.requests if port == "video")
        assert isinstance(request, VideoRequest)
        project.server.operations["operations/9"] = Operation(request, 9)
        return ReplyLostError("connection reset")

    project.spec(scenes=1)
    project.server.on("video", lost)
