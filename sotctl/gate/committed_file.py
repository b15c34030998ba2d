"""Reads the branch that stands for HEAD: the admission, the configuration that governs it, and its revocation."""

from __future__ import annotations

import os

from sotctl.documents import rules
from sotctl.documents.layout import CONFIGURATION, STORE
from sotctl.errors import SotError
from sotctl.gate.branches import (
    LOCAL,
    Branch,
    Branches,
    UnreadableError,
    descendants,
    head_name,
    is_shallow,
    sealed_git,
)
from sotctl.gate.patience import LIMIT_S, Patience
from sotctl.gate.tree import FilesOf
from sotctl.git.repository import Objects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from sotctl.documents.policy import Policy

MAX_CONFIGURATION_BYTES = 256 * 1024


class RefusedError(Exception):
    """The file cannot be used: a reason code and a sentence."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason, self.message = reason, message


class CommittedFile:
    """The committed side of one file of a work tree; git is at work in the background from the start.

    Everything is asked within `with`, which lets git end.

    Args:
        root: The top of the work tree.
        parts: The path of the file below it.
        named: The branch that stands for HEAD, as the caller names it; "" for HEAD itself.
        by_option: Whether it was named by the option, which goes before the configuration.
        max_bytes: How many bytes of the file to read, and one more.
    """

    def __init__(self, root: str, parts: list[str], *, named: str, by_option: bool, max_bytes: int) -> None:
        self._git = sealed_git(root)
        self._parts, self._max_bytes = parts, max_bytes
        self._named, self._by_option = named, by_option
        self._patience = Patience()
        self._listing = Branches(self._git)
        self._objects = Objects(self._git)
        self._objects.start()
        self._branches: dict[str, Branch] = {}
        self.branch: Branch | None = None
        self.data: bytes | None = None
        self.policy: Policy | None = None

    def read(self) -> None:
        """Find the branch, and read configuration and file there.

        Raises:
            RefusedError: No guarded branch stands for HEAD, or the store is not one.
            RejectedError: The configuration is not valid.
            SotError: Git cannot say.
        """
        self._branches = self._listing.listed()
        self.branch = self._chosen()
        if self.branch is None:  # HEAD names a local branch that has no commit yet
            return
        files = FilesOf(self._objects, self.branch.tip)
        self.policy = self._policy(files)
        self.data = files.file(self._parts, self._max_bytes)

    def __enter__(self) -> None:
        self._patience.__enter__()

    def __exit__(self, *_: object) -> None:
        """Let git end.

        Raises:
            SotError: It had not answered in time, so what it seems to have said does not count.
        """
        self._listing.close()
        self._objects.close()
        self._patience.__exit__()
        if self._patience.is_over:
            raise UnreadableError(f"git gave no answer within {LIMIT_S:.0f} s")

    def revoking(self) -> str:
        """The first branch that contains the commit, and at whose tip the file is revoked or gone; "" where none does.

        Raises:
            SotError: Git cannot say.
        """
        assert self.branch is not None
        commit, path = self.branch.tip, "/".join(self._parts)
        withdrawn, gone = {}, {}
        for branch in self._branches.values():
            if branch.tip == commit:
                continue
            found = self._objects.find(f"{branch.tip}:{path}")
            if found is None:
                gone[branch.tip] = branch.name
            elif not _is_in_force(found[1], self.data):
                withdrawn[branch.tip] = branch.name
        if not withdrawn and not gone:
            return ""
        containing = descendants(self._git, commit, [*withdrawn, *gone])
        if found_in := next((name for tip, name in {**withdrawn, **gone}.items() if tip in containing), ""):
            return found_in
        if withdrawn and is_shallow(self._git):
            from sotctl.documents.quote import quote

            name = quote(next(iter(withdrawn.values())))
            raise UnreadableError(f"the clone is shallow, so it is unknown whether the revocation on {name} is later")
        return ""

    def staleness(self, now: datetime, max_ages: list[str]) -> str:
        """Why the clone is stale; "" if it is not, or no age is configured."""
        if not max_ages:
            return ""
        from sotctl.gate.freshness import staleness

        return staleness(self._git, self.branch, now, max_ages)

    def _chosen(self) -> Branch | None:
        head = next((branch for branch in self._branches.values() if branch.is_head and branch.is_local), None)
        if self._named and self._by_option:
            return self._require(self._named)
        if head is not None and (configured := self._configured(head.tip)):
            return self._require(configured)
        if self._named:
            named = self._require(self._named)
            return self._require(self._configured(named.tip) or named.name)
        return head or self._instead_of_head()

    def _instead_of_head(self) -> Branch | None:
        """The local branch that the configuration at an unguarded HEAD names.

        Hooks guard a local branch, so an unguarded commit may name it. A remote-tracking branch may come from a
        stranger, whose commits could name it.
        """
        head = head_name(self._git)
        if head.startswith(LOCAL) and head not in self._branches:
            return None
        commit = self._git.text("rev-parse", "-q", "--verify", "HEAD^{commit}")
        configured = self._configured(commit)
        if configured.startswith(LOCAL):
            return self._require(configured)
        state = f"HEAD names {head}, which is no local branch" if head else "HEAD is detached"
        raise RefusedError("head-unguarded", f"{state}, so no hook guards what it holds")

    def _configured(self, commit: str) -> str:
        """`[gate] ref` of the top store at a commit."""
        files = FilesOf(self._objects, commit)
        return self._configuration(files, self._top(files)).gate_ref

    def _require(self, name: str) -> Branch:
        from sotctl.documents.quote import quote

        branch = self._branches.get(name)
        if branch is None:
            message = (
                f"{quote(name)} is no branch of this repository; write refs/heads/NAME or refs/remotes/REMOTE/NAME"
            )
            raise RefusedError("head-unguarded", message)
        if not branch.is_named:
            raise RefusedError("head-unguarded", f"{quote(name)} leads to {quote(branch.target)}, which is no branch")
        return branch

    def _policy(self, files: FilesOf) -> Policy:
        """The configuration that governs the file: that of the top store, and its own store's above it."""
        top = self._top(files)
        policy = self._configuration(files, top)
        store = _store_of(self._parts)
        if store in ("", top):
            return policy
        if store not in policy.also:
            from sotctl.documents.quote import quote

            raise RefusedError(
                "store-not-named",
                f"{quote(store)} is not named by `[store] also` of {quote(top)}, the store at the top",
            )
        return self._configuration(files, store, floor=policy)

    def _configuration(self, files: FilesOf, store: str, floor: Policy | None = None) -> Policy:
        from sotctl.documents.policy import parse_policy
        from sotctl.findings import RejectedError

        data = files.file([*store.split("/"), CONFIGURATION], MAX_CONFIGURATION_BYTES)
        path = f"{store}/{CONFIGURATION} as committed"
        if data is not None and len(data) > MAX_CONFIGURATION_BYTES:
            message = f"larger than {MAX_CONFIGURATION_BYTES // 1024} KiB"
            raise RejectedError([rules.CONFIGURATION_INVALID.finding(path, message)])
        return parse_policy(path, data, floor=floor)

    def _top(self, files: FilesOf) -> str:
        """The store that counts as the top one of a commit."""
        if files.holds_folder(STORE):
            return STORE
        from sotctl.documents.layout import store_of, top_store

        listed = self._git.output("ls-tree", "-r", "-d", "--name-only", "-z", files.commit).split(b"\0")
        stores = {found for name in listed if (found := store_of(os.fsdecode(name)))}
        top = top_store(sorted(stores), lambda store: self._configuration(files, store).also) if stores else STORE
        if top is None:
            message = "the commit holds several stores, and none of them names all others by `[store] also`"
            raise RefusedError("store-not-named", message)
        return top


def _store_of(parts: list[str]) -> str:
    """The path of the outermost store that holds a file; "" for a file outside of any."""
    return "/".join(parts[: parts.index(STORE) + 1]) if STORE in parts else ""


def _is_in_force(data: bytes, same: bytes | None) -> bool:
    """Whether the admission *data* of another branch is in force; what cannot be read is not."""
    if data == same:
        return True
    from sotctl.documents.strict_json import StrictJsonError, parse_object

    try:
        members = parse_object(data)
    except StrictJsonError:
        return False
    return "status" in members and members["status"].value == "admitted"


def failed(error: SotError) -> RefusedError:
    """The refusal for a failure of git."""
    return RefusedError("git-unreadable", f"{error.message}, so it is unknown what was committed")
