"""No file holds a secret, and none is named by one."""

from __future__ import annotations

from sotctl.secrets import scan_path
from sotctl.secrets.stream import any_secret, scan_stream, values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sotctl.checks.change import ChangedFile
    from sotctl.findings import Finding
    from sotctl.secrets.baseline import Baseline


def may_break(paths: Sequence[str], contents: Callable[[], Iterator[Iterator[bytes]]]) -> bool:
    """Whether the detector finds anything; all names are searched as one text."""
    return bool(scan_path("\n\n".join(paths))) or any_secret(contents(), paths)


def check(file: ChangedFile, fix: str, baseline: Baseline | None) -> Iterator[Finding]:
    """The secrets in a file and in its name, without the false alarms that *baseline* accepts."""
    from sotctl.findings import Finding, Location, Place
    from sotctl.secrets import fingerprint
    from sotctl.secrets.finding import as_finding
    from sotctl.secrets.reasons import SECRET

    if scan_path(file.path):
        place = Location(place=Place.FILE_NAME)
        yield Finding(rule=SECRET, location=place, message="a file name holds a secret", fix="rename the file")
        return
    secrets = list(scan_stream(file.chunks(), path=file.path))
    if not secrets or not baseline:
        yield from (as_finding(secret, file.path, fix) for secret in secrets)
        return
    held = values(file.chunks(), secrets)
    marks = {
        secret: fingerprint.fingerprint(value, key=baseline.key) for secret, value in zip(secrets, held, strict=True)
    }
    for secret in baseline.sorted_out_values(secrets, held, path=file.path)[0]:
        yield as_finding(secret, file.path, fix, fingerprint=marks[secret])
