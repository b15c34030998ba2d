"""The files of one commit, read object by object, so that a missing object is never taken for an absent file."""

from __future__ import annotations

import os

from sotctl.digests import object_id
from sotctl.gate.branches import UnreadableError
from sotctl.git.repository import Objects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FOLDER = b"40000"
_FILES = (b"100644", b"100755")


class FilesOf:
    """The files of the commit *commit*."""

    def __init__(self, objects: Objects, commit: str) -> None:
        self._objects = objects
        self.commit = commit
        self._folders: dict[str, dict[bytes, tuple[bytes, str]]] = {}
        kind, data = self._read(commit)
        if kind != b"commit" or not data.startswith(b"tree "):
            raise UnreadableError(f"{commit} is not a commit")
        self._root = data[5 : data.index(b"\n")].decode("ascii")

    def file(self, parts: Sequence[str], max_bytes: int) -> bytes | None:
        """The bytes of a regular file; None if it does not exist. Of a larger file, *max_bytes* and one more.

        Raises:
            MissingObjectError: An object is missing.
            UnreadableError: An object is damaged, or the path is that of something else.
        """
        folder = self._root
        for part in parts[:-1]:
            found = self._entries(folder).get(os.fsencode(part))
            if found is None:
                return None
            if found[0] != _FOLDER:
                raise UnreadableError(f"the commit holds no folder at {'/'.join(parts[:-1])}")
            folder = found[1]
        found = self._entries(folder).get(os.fsencode(parts[-1]))
        if found is None:
            return None
        if found[0] not in _FILES:
            raise UnreadableError(f"the commit holds no regular file at {'/'.join(parts)}")
        return self._some(found[1], max_bytes)

    def holds_folder(self, name: str) -> bool:
        """Whether the root holds an entry *name*.

        Raises:
            UnreadableError: It is not a folder.
        """
        found = self._entries(self._root).get(name.encode())
        if found is not None and found[0] != _FOLDER:
            raise UnreadableError(f"the commit holds {name}, and it is not a folder")
        return found is not None

    def _entries(self, folder: str) -> dict[bytes, tuple[bytes, str]]:
        if folder not in self._folders:
            kind, data = self._read(folder)
            if kind != b"tree":
                raise UnreadableError(f"{folder} is not a tree")
            self._folders[folder] = {name: (mode, oid) for mode, name, oid in _parsed(data, len(folder) // 2)}
        return self._folders[folder]

    def _read(self, oid: str) -> tuple[bytes, bytes]:
        kind, data = self._objects.require(oid)
        if object_id(kind, data, oid) != oid:
            raise UnreadableError(f"object {oid} is damaged")
        return kind, data

    def _some(self, oid: str, max_bytes: int) -> bytes:
        """The bytes of a blob; of a larger one, *max_bytes* and one more."""
        data, is_whole = b"", True
        for chunk in self._objects.chunks(oid):
            is_whole = is_whole and len(data) + len(chunk) <= max_bytes + 1
            data += chunk[: max_bytes + 1 - len(data)]
        if is_whole and object_id(b"blob", data, oid) != oid:
            raise UnreadableError(f"object {oid} is damaged")
        return data


def _parsed(data: bytes, oid_bytes: int) -> Iterator[tuple[bytes, bytes, str]]:
    at = 0
    while at < len(data):
        end = data.index(b"\0", at)
        mode, _, name = data[at:end].partition(b" ")
        at = end + 1 + oid_bytes
        yield mode, name, data[end + 1 : at].hex()
