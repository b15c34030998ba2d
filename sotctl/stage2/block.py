"""Why a run is not started."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Why no process is started: a reason, a sentence without any secret, and the command that helps.

    `status` is the admission status that the run then has.
    """

    reason: str
    message: str
    next: str
    status: str = "admitted"


class BlockError(Exception):
    """Something that a run needs cannot be used."""

    def __init__(self, block: Block) -> None:
        super().__init__(block.message)
        self.block = block
