"""What `stage2 run` and `evidence verify` both compute from a run."""

from __future__ import annotations

from collections.abc import Mapping

from sotctl.digests import sha256
from sotctl.evidence.account import Account
from sotctl.evidence.compute import Facts
from sotctl.evidence.files import RunFiles
from sotctl.evidence.report import Digests, FixtureResult, Scan
from sotctl.stage2.agents import Agent, Setting


def facts_of(
    files: RunFiles,
    agent: Agent,
    setting: Setting,
    tests: Mapping[str, FixtureResult],
    scan: Scan,
    *,
    blocked: bool,
) -> Facts:
    """Read the logs and the configuration of a run."""
    nothing = Account(spawns=(), agents=())
    return Facts(
        task_id=setting.task.id,
        task_sha256=setting.task.sha256,
        tree_sha256=setting.task.tree_sha256,
        account=nothing if blocked else agent.account(files, setting),
        configuration=() if blocked else tuple(_digests(files, agent, setting)),
        problems=() if blocked else tuple(agent.problems(files, setting)),
        tests=tests,
        scan=scan,
    )


def _digests(files: RunFiles, agent: Agent, setting: Setting) -> list[Digests]:
    found = []
    for path, data in agent.files(setting).items():
        after = files.read(path)
        found.append(Digests(path=path, before=sha256(data), after=sha256(after) if after is not None else None))
    return found
