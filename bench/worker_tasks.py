"""The tasks that `bench.worker` gives to a worker. Apart from it, so that no worker imports what the bench does."""

TASKS = {"nothing": "bench.worker_tasks:nothing", "decoder": "bench.worker_tasks:decoder"}


def nothing(_arguments: dict[str, object]) -> None:
    """Do nothing."""


def decoder(_arguments: dict[str, object]) -> None:
    """Import what decodes."""
    import vidpipe.media.verify  # noqa: F401
