"""One job directory in the hands of people, a vendor and the weather, and the invariants that hold after every step."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.project import Project
from tests.steps.any_hand.crash import Kill
from tests.steps.any_hand.deeds import DEEDS, Hands
from tests.steps.any_hand.oracle import Oracle
from tests.steps.any_hand.plans import check_plan
from tests.steps.any_hand.vendor import Books, watched
from tests.steps.any_hand.weather import FAULTS, Weather
from tests.toy import Server
from vidpipe.engine.judge import Action, State
from vidpipe.errors import Exit
from vidpipe.providers import registry

if TYPE_CHECKING:
    from pathlib import Path

    from tests.project import Ran
    from tests.toy import Port

SMALL = st.integers(0, 5)
OPTIONS: tuple[dict[str, Any], ...] = (
    {}, {}, {}, {}, {"on_lost": "resubmit"}, {"on_lost": "resubmit"}, {"on_lost": "abandon"}, {"retry_refused": True},
    {"max_cost": Decimal(0)}, {"max_cost": Decimal("0.60")}, {"until": "keyframes"}, {"until": "storyboard"},
    {"targets": ("clips/scene-001.mp4",)}, {"targets": ("keyframes/*",)}, {"force": frozenset({"clip"})},
    {"verify": True},
)  # fmt: skip


class Stage:
    """What all examples share: the patched world, and a finished job to begin with."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.patch = folder, patch
        self.count = 0

    def project(self, books: Books) -> Project:
        """Return a new project in a folder of its own, as the current one."""
        self.count += 1
        root = self.folder / f"{self.count}"
        (root / ".git").mkdir(parents=True)
        (root / "specs").mkdir()
        self.patch.chdir(root)
        self.patch.setitem(registry.PROVIDERS, "toy", watched(books))
        return Project(root, books.server)


class AnyHand(RuleBasedStateMachine):
    """One job directory, one vendor, one person, and what they do to each other."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage
        self.books = Books(Server())
        self.project = stage.project(self.books)
        self.kill = Kill(self.books, self.project.layout().root, self.project.root / "image")
        self.patch = pytest.MonkeyPatch()
        self.kill.watch(self.patch)
        self.person = Hands(self.project, self.books)
        self.oracle = Oracle(self.person)
        self.weather = Weather(self.books, self.person, self.kill)
        self.killed = False
        self.project.spec(scenes=2)

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.patch.undo()
        shutil.rmtree(self.project.root, ignore_errors=True)

    @precondition(lambda self: self.person.has_board())
    @rule(deed=st.sampled_from(DEEDS), a=SMALL, b=SMALL, c=SMALL)
    def do(self, deed: str, a: int, b: int, c: int) -> None:
        """Do one thing by hand."""
        getattr(self.person, deed)(a, b, c)
        self.oracle.check_hands()

    @rule(fault=st.sampled_from(FAULTS), times=st.integers(1, 3))
    def worsen(self, fault: tuple[Port, str], times: int) -> None:
        """Let the vendor misbehave, or somebody come in between."""
        self.weather.turn(*fault, times)

    @initialize(until=st.sampled_from((None, None, None, "storyboard", "keyframes")))
    def begin(self, until: str | None) -> None:
        """Begin with a finished job, or with a part of one."""
        self.run_with({"until": until} if until else {}, None)

    @rule(deed=st.sampled_from(DEEDS), a=SMALL, b=SMALL, c=SMALL)
    def do_and_run(self, deed: str, a: int, b: int, c: int) -> None:
        """Do one thing by hand, and run under a clear sky."""
        if self.person.has_board():
            self.do(deed, a, b, c)
        self.run_twice()

    @rule()
    def run(self) -> None:
        """Run."""
        self.run_with({}, None)

    @rule()
    def run_twice(self) -> None:
        """Run under a clear sky."""
        self.books.server.rules.clear()
        self.run_with({}, None)

    @rule(options=st.sampled_from(OPTIONS), kill=st.none() | st.integers(0, 120))
    def run_so(self, options: dict[str, Any], kill: int | None) -> None:
        """Run with options, and perhaps be killed in the middle."""
        self.run_with(options, kill)

    def run_with(self, options: dict[str, Any], kill: int | None) -> None:
        """Plan, run, and hold everything against what the documents promise."""
        books, project = self.books, self.project
        calm = kill is None and not any(rule.times != 0 for rule in books.server.rules)
        planned = project.plan(**options)
        self.check_words(planned)
        books.day += 1
        spent, standing = project.spent(), self.person.standing()
        with ExitStack() as stack:
            if kill is not None:
                stack.enter_context(self.kill.after(kill))
            ran = project.run(**options)
        if books.frozen:
            self.after_kill(options)
            self.oracle.check_standing(standing)
            return
        self.check_words(ran)
        if options.get("on_lost") == "abandon":
            for each in books.of("video"):
                if each.fate == "lost" and each.day < books.day:
                    each.abandoned = True
        self.person.conflicts = [each.name for each in ran.job.targets if each.state is State.CONFLICT]
        self.oracle.vouch()
        self.oracle.check_hands()
        self.oracle.check_standing(standing)
        self.oracle.check_purchases(options)
        self.oracle.check_bill(exact=not self.killed)
        assert "max_cost" not in options or project.spent() - spent <= options["max_cost"]
        check_plan(planned, ran, calm=calm)
        whole = not {"until", "targets"} & options.keys()
        rests = {Exit.DONE} if "force" in options else {Exit.DONE, Exit.INCOMPLETE}  # what was refused by force may do
        if ran.exit in rests and whole:
            self.check_rest(ran)
        if ran.exit is not Exit.DONE or not whole:
            self.person.unsettle()

    def check_rest(self, ran: Ran) -> None:
        """A run that is done is done."""
        if ran.exit is Exit.DONE:
            self.oracle.check_film()
            self.project.rests()
            return
        before, sent = self.project.snapshot(), len(self.books.sent)
        again = self.project.run()
        assert len(self.books.sent) == sent, "an incomplete film is bought again"
        assert again.did <= again.acted(Action.HELD)
        assert self.project.changes(before) == set()

    def after_kill(self, options: dict[str, Any]) -> None:
        """Go on from what a killed run left: what was sent and has no known operation may have been accepted."""
        self.books.frozen = False
        self.killed = True
        self.oracle.check_purchases(options)
        known = self.project.layout().ledger.read_text() if self.project.layout().ledger.exists() else ""
        for each in self.books.of("video"):
            if each.day == self.books.day and each.fate in {"accepted", "refused"}:
                named = f'"{each.operation}"' in known if each.operation else False
                each.fate = each.fate if named or each.fate == "refused" else "lost"
                each.released = False
        self.oracle.check_hands()
        self.oracle.vouch()
        self.person.unsettle()

    @staticmethod
    def check_words(ran: Ran) -> None:
        """Nothing ends with a bug."""
        assert "a bug in vidpipe" not in ran.said, ran.said
        assert "Traceback" not in ran.said, ran.said
