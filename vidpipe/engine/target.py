"""The `@target` decorator: a step function becomes a named target that is asked for by many and made once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Concatenate, Generic, ParamSpec, TypeVar

from vidpipe.engine.build import Build
from vidpipe.engine.order import Made, NotMadeError, RefusedTargetError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

J = TypeVar("J", bound=Build)
P = ParamSpec("P")


class Target(Generic[J, P]):
    """A step function with the name of the file it makes."""

    def __init__(self, pattern: str, function: Callable[Concatenate[J, P], Coroutine[object, object, Made]]) -> None:
        self.pattern = pattern
        self.function = function

    def name(self, *args: P.args, **kwargs: P.kwargs) -> str:
        """Return the target's path inside the job directory."""
        return self.pattern.format(*args, **kwargs)

    async def __call__(self, job: J, *args: P.args, **kwargs: P.kwargs) -> Made:
        """Return the target, made if need be. Raises NotMadeError or RefusedTargetError."""
        name = self.name(*args, **kwargs)

        async def answer() -> Made:
            try:
                return await self.function(job, *args, **kwargs)
            except (NotMadeError, RefusedTargetError) as error:
                job.verdicts.block(name, error)
                raise

        return await job.once.ask(name, answer)


def target(
    pattern: str,
) -> Callable[[Callable[Concatenate[J, P], Coroutine[object, object, Made]]], Target[J, P]]:
    """Make a target of a step function; `pattern` formats its arguments after the job into the target's name."""

    def decorate(function: Callable[Concatenate[J, P], Coroutine[object, object, Made]]) -> Target[J, P]:
        return Target(pattern, function)

    return decorate
