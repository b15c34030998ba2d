"""Signs admissions and verifies their signatures with `ssh-keygen -Y`, offline.

Source: ssh-keygen(1), sections ALLOWED SIGNERS and `-Y`.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from sotctl.admissions.signature import NAMESPACE, SUFFIX, Signature, is_approver
from sotctl.documents.policy import Policy
from sotctl.errors import SotError
from sotctl.gate.regular import read_regular
from sotctl.gate.signers import UnusableError, allowed_signers

_MAX_SIGNATURE_BYTES = 64 * 1024
_SAID = re.compile(r'^Good "[^"]*" signature for (?P<who>.+) with \S+ key (?P<print>\S+)', re.MULTILINE)


def signature_path(admission: str) -> str:
    """Where the signature of an admission lies: beside it."""
    return f"{admission}{SUFFIX}"


def verify_beside(admission: str, data: bytes, approval_source: str, policy: Policy, now: datetime) -> Signature | None:
    """Verify the signature that lies beside *admission* against its bytes *data*; None where there is none."""
    try:
        signature = read_regular(signature_path(admission), _MAX_SIGNATURE_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        return Signature(reason="signature-unreadable", message=f"the signature cannot be read: {error.strerror}")
    if not signature.strip():
        return Signature(reason="signature-empty", message="the signature file is empty")
    try:
        signers, revoked = allowed_signers(policy, os.path.dirname(os.path.abspath(admission)))
    except UnusableError as error:
        return Signature(reason=error.reason, message=error.message)
    found = _verify(data, signature, signers, revoked, now)
    if found.is_good and not is_approver(found.principal, approval_source, policy):
        message = f"{found.principal} signed, and the approval is another's"
        return Signature(principal=found.principal, reason="signature-other-principal", message=message)
    return found


def _verify(data: bytes, signature: bytes, signers: bytes, revoked: list[bytes], now: datetime) -> Signature:
    """Run ssh-keygen on private copies of what was read, so that what is checked is what was read."""
    with tempfile.TemporaryDirectory(prefix="sotctl-") as folder:
        lists = {f"revoked-{number}": content for number, content in enumerate(revoked)}
        contents = {"signature": signature, "signers": signers, **lists}
        places = {name: os.path.join(folder, name) for name in contents}
        for name, content in contents.items():
            Path(places[name]).write_bytes(content)
        at = f"-Overify-time={now.astimezone(UTC).strftime('%Y%m%d%H%M%SZ')}"
        files = ["-s", places["signature"], "-f", places["signers"], at]
        found = _ssh_keygen("-Y", "find-principals", *files)
        if found.returncode != 0:
            return _refused(found.stderr)
        principal = found.stdout.splitlines()[0].split(",")[0]
        verify = ["-Y", "verify", "-n", NAMESPACE, "-I", principal, *files]
        done = _ssh_keygen(*verify, stdin=data)
        match = _SAID.search(done.stdout)
        if done.returncode != 0 or match is None:
            return _refused(done.stderr)
        if any(_ssh_keygen(*verify, "-r", places[name], stdin=data).returncode != 0 for name in lists):
            message = f"the key {match['print']} is revoked"
            return Signature(principal=principal, reason="signature-key-revoked", message=message)
        return Signature(principal=principal, fingerprint=match["print"])


def _refused(said: str) -> Signature:
    reasons = (
        ("parse", "signature-unreadable", "ssh-keygen cannot read the signature"),
        ("incomplete", "signature-unreadable", "ssh-keygen cannot read the signature"),
        ("expired", "signature-key-expired", "the key was no longer valid"),
        ("not yet valid", "signature-key-expired", "the key was not valid yet"),
        ("namespace", "signature-other-namespace", f"the signature is not for {NAMESPACE}"),
        ("incorrect signature", "signature-other-bytes", "the signature is of other bytes"),
        ("No principal matched", "signature-other-key", "the key is not among the allowed signers"),
    )
    for mark, reason, message in reasons:
        if mark in said:
            return Signature(reason=reason, message=message)
    return Signature(reason="signature-unreadable", message="ssh-keygen cannot read the signature")


def sign(data: bytes, key: str) -> bytes:
    """The signature of *data* by a private key, or by the agent's key where *key* names a public one.

    Raises:
        SotError: ssh-keygen could not sign.
    """
    done = _ssh_keygen("-Y", "sign", "-n", NAMESPACE, "-f", os.path.expanduser(key), stdin=data, terminal=True)
    if done.returncode != 0 or not done.stdout.startswith("-----BEGIN SSH SIGNATURE"):
        said = done.stderr.strip().rpartition("\n")[2]
        raise SotError(f"ssh-keygen did not sign: {said}", hint="git config user.signingkey, or --key FILE")
    return done.stdout.encode()


def _ssh_keygen(*arguments: str, stdin: bytes = b"", terminal: bool = False) -> subprocess.CompletedProcess[str]:
    """Run ssh-keygen in the C locale; with *terminal* it may ask for the passphrase there."""
    try:
        done = subprocess.run(
            ["ssh-keygen", *arguments],
            input=stdin,
            capture_output=True,
            env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
            check=False,
            start_new_session=not terminal,
            timeout=None if terminal else 30,
        )
    except FileNotFoundError:
        raise SotError("ssh-keygen is not installed", hint="install OpenSSH 8.9 or later") from None
    out, said = (part.decode("utf-8", "replace") for part in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(done.args, done.returncode, out, said)
