"""No folder has a name that some file systems take for `.sot`."""

from __future__ import annotations

from sotctl.documents.layout import is_twin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sotctl.checks.change import ChangedFile
    from sotctl.findings import Finding
    from sotctl.secrets.baseline import Baseline


def may_break(paths: Sequence[str], contents: Callable[[], Iterator[Iterator[bytes]]]) -> bool:
    """Whether a part of a path is such a name."""
    return any(is_twin(part) for part in {part for path in paths for part in path.split("/")})


def check(file: ChangedFile, fix: str, baseline: Baseline | None) -> Iterator[Finding]:
    """Name the first part of a path that is one."""
    from sotctl.documents.quote import quote
    from sotctl.documents.rules import STORE_CASE_TWIN
    from sotctl.secrets import scan_path

    twin = next((part for part in file.path.split("/") if is_twin(part)), None)
    if twin and not scan_path(file.path):
        message = f"{quote(twin)} is the store itself on a file system that does not tell them apart"
        yield STORE_CASE_TWIN.finding(file.path, message, "rename the folder")
