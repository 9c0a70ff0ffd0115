"""The storyboard step: a text model turns the script into scenes; from then on the file is the user's to edit."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from vidpipe.engine.fingerprint import text_digest
from vidpipe.engine.judge import Action, State
from vidpipe.engine.order import InputChangedError, Made, Making, NotMadeError, Order, Outcome
from vidpipe.engine.patience import to_the_end
from vidpipe.engine.target import target
from vidpipe.errors import BrokenFileError, Exit
from vidpipe.files import NO_FILE, write_draft
from vidpipe.place import refusal_of_disk
from vidpipe.providers.base import TextRequest
from vidpipe.purchase.ask import Question, ask
from vidpipe.purchase.books import ProviderError
from vidpipe.spec.board import Scene, Storyboard, board_digest, board_json, board_schema, parse_board, reply_board
from vidpipe.steps import prompts
from vidpipe.steps.kinds import STORYBOARD, read_board

if TYPE_CHECKING:
    from vidpipe.engine.fingerprint import Json
    from vidpipe.engine.order import Draft
    from vidpipe.job import Job

RECIPE_VERSION = 1
TEMPERATURES = (0.7, 0.55, 0.4)
TOKENS_PER_SCENE = 900
TOKENS_PER_NARRATION = 200
TOKENS_OF_THOUGHT = 8_000


@dataclass(frozen=True, slots=True)
class Board:
    """The storyboard as the other steps see it; None where a plan comes before there is one."""

    count: int
    storyboard: Storyboard | None

    def scene(self, scene: int) -> Scene | None:
        """Return one scene, None where it is not written yet."""
        return self.storyboard.scenes[scene] if self.storyboard else None

    def cuts(self, scene: int) -> bool:
        """Whether a scene opens on a picture of its own."""
        known = self.scene(scene)
        return scene == 0 or (known is not None and known.continuity == "cut")

    @property
    def waits_for(self) -> str:
        """What has to be made before anything of this is known; empty where it is known."""
        return "" if self.storyboard else storyboard_file.name()

    def style_parts(self) -> dict[str, Json]:
        """Return the style guide as fingerprint parts."""
        guide = self.storyboard.style_guide if self.storyboard else None
        return {
            "visual_style": guide.visual_style if guide else None,
            "color_palette": guide.color_palette if guide else None,
            "camera_style": guide.camera_style if guide else None,
        }


@target("storyboard.json")
async def storyboard_file(job: Job) -> Made:
    """Write the storyboard: a text model's structured reply, validated."""
    user, own = job.model_parts("text")
    references: list[Json] = [[item.name, item.description] for item in job.loaded.references]
    spec = job.spec
    model = job.model("text")

    async def recipe(draft: Draft) -> Making:
        return await _write(job, draft)

    return await job.make(
        Order(
            name=storyboard_file.name(),
            kind=STORYBOARD,
            user=user
            | {
                "script": text_digest(job.loaded.script),
                "style": spec.style,
                "scenes": spec.scenes,
                "seconds": spec.seconds,
            }
            | ({"references": references} if references else {})
            | ({"narration": True} if spec.narration else {}),
            own=own
            | {
                "recipe_version": RECIPE_VERSION,
                "prompt_template": text_digest(_template(job)),
                "reply_schema": text_digest(repr(board_schema(1, narration=spec.narration))),
            },
            inputs=(),
            recipe=recipe,
            price=expected_price(job) if model.paid else None,
            refusable=False,
        )
    )


async def storyboard(job: Job) -> Board:
    """Return the storyboard that rules. In a plan it may be one that is not written yet."""
    return await job.once.ask("the storyboard", lambda: _read(job))


async def _read(job: Job) -> Board:
    made = await storyboard_file(job)
    if made.digest is None:
        return Board(job.spec.scenes, None)
    try:
        board = parse_board(await asyncio.to_thread(read_board, made.path), made.name)
        if board_digest(board) != made.digest:
            raise InputChangedError(made.name)
    except OSError as error:
        gone = error.errno in NO_FILE
        raise _withdrawn(job, made, refusal_of_disk(error, made.path), broken=not gone) from error
    except (BrokenFileError, InputChangedError) as error:
        raise _withdrawn(job, made, str(error), broken=False) from error
    return Board(len(board.scenes), board)


def _withdrawn(job: Job, made: Made, reason: str, *, broken: bool) -> NotMadeError:
    """Take back what was said of a storyboard that is another one by now, or cannot be read any more."""
    state, code = (State.BROKEN, Exit.FAILED) if broken else (State.EDITED, Exit.DECISION)
    job.verdicts.record(Outcome(made.name, state, Action.BLOCKED, (reason,), exit_code=code))
    return NotMadeError(made.name, reason, code)


def _template(job: Job) -> str:
    return prompts.STORYBOARD_SYSTEM + prompts.STORYBOARD + (prompts.NARRATION if job.spec.narration else "")


def _request(job: Job, temperature: float) -> TextRequest:
    spec, loaded = job.spec, job.loaded
    return TextRequest(
        system=prompts.STORYBOARD_SYSTEM,
        prompt=_prompt(job),
        schema=board_schema(spec.scenes, narration=spec.narration),
        temperature=temperature,
        script=loaded.script,
        style=spec.style,
        scenes=spec.scenes,
        seconds=spec.seconds,
        references=tuple(item.name for item in loaded.references),
        narration=spec.narration,
    )


def _prompt(job: Job) -> str:
    spec, loaded = job.spec, job.loaded
    references = [(item.name, item.description) for item in loaded.references]
    # Both are paragraphs before the general ones; the template itself stays as it is for those who want no voice.
    narration = prompts.narration_line(spec.seconds) if spec.narration else ""
    return prompts.STORYBOARD.format_map(
        {
            "scenes": spec.scenes,
            "seconds": spec.seconds,
            "style": spec.style,
            "references": prompts.reference_lines(references) + narration,
            "script": loaded.script,
        }
    )


def expected_price(job: Job) -> Decimal:
    """Return an upper bound of what one reply costs, in USD: no token is shorter than a byte.

    Only a model that thinks, or writes, for much longer than models do may cost more.
    """
    request = _request(job, TEMPERATURES[0])
    tokens_in = len((request.system + request.prompt + repr(request.schema)).encode())
    each = TOKENS_PER_SCENE + (TOKENS_PER_NARRATION if request.narration else 0)
    tokens_out = TOKENS_OF_THOUGHT + each * request.scenes
    return job.model("text").text_price(tokens_in, tokens_out)


async def _write(job: Job, draft: Draft) -> Making:
    """Ask until a reply validates, at a lower temperature each time."""
    model = job.model("text")
    port = job.provider(model).text(model.id)
    spent, problem = Decimal(0), ""
    for temperature in TEMPERATURES:
        question = Question(
            model,
            partial(_request, job, temperature),
            port.write,
            expected_price(job),
            lambda reply: model.text_price(reply.tokens_in, reply.tokens_out) or expected_price(job),
        )
        bought = await ask(job.purchases, draft, question)
        spent += bought.cost
        job.log("reply", target=draft.target, model=model.name, text=bought.reply.text)
        try:
            board = reply_board(bought.reply.text, job.spec.scenes, narration=job.spec.narration)
        except ValueError as error:
            problem = str(error)
            await to_the_end(asyncio.to_thread(bought.settle), keep=True)
            continue
        await to_the_end(asyncio.to_thread(write_draft, draft.path, board_json(board)), keep=True)
        told = {"model": model.name, "prompt": _prompt(job), "temperature": temperature, **bought.told}
        return Making(told, spent, placed=bought.settle)
    raise ProviderError(
        f"{model.name}: {len(TEMPERATURES)} replies in a row were no storyboard; the last one: {problem} "
        "(all replies are in .vidpipe/log.jsonl)"
    )
