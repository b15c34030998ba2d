"""Signed admissions: real keys, real ssh-keygen, and every way in which a signature can be no good."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gate.gate_repository import NAME, GateRepository
from sotctl.gate.trials import admission, encode

pytestmark = pytest.mark.needs("ssh-keygen")
REQUIRED = b"[approval]\nrequire_signature = true\n"


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """A folder with two keys, and an allowed-signers file that lists the first as JP's."""
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    for name in ("jp", "eve"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", folder / name], check=True)
    allow(folder, f"jp@example.com {public(folder, 'jp')}")
    return folder


def public(keys: Path, name: str) -> str:
    return " ".join((keys / f"{name}.pub").read_text().split()[:2])


def allow(keys: Path, line: str) -> None:
    (keys / "signers").write_text(f"{line}\n")
    (keys / "signers").chmod(0o600)


def sign(
    repository: GateRepository, keys: Path, *, key: str = "jp", namespace: str = "sotctl-admission", data: bytes = b""
) -> None:
    command = ["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", str(keys / key)]
    done = subprocess.run(command, input=data or repository.file.read_bytes(), capture_output=True, check=True)
    repository.commit({f"{NAME}.sig": done.stdout, ".sot/sot.toml": REQUIRED})


def decided(repository: GateRepository, keys: Path) -> tuple[str, str]:
    return repository.decided(SOTCTL_ALLOWED_SIGNERS=str(keys / "signers"))


def refused(reason: str) -> tuple[str, str]:
    return "invalid_admission", reason


def test_a_good_signature_is_reported_with_its_fingerprint(repository: GateRepository, keys: Path) -> None:
    sign(repository, keys)
    said = repository.gate(SOTCTL_ALLOWED_SIGNERS=str(keys / "signers"))
    listed = subprocess.run(
        ["ssh-keygen", "-l", "-f", keys / "jp.pub"], capture_output=True, text=True, check=True
    ).stdout
    assert said["signature"] == {
        "state": "good",
        "principal": "jp@example.com",
        "fingerprint": listed.split()[1],
        "reason": None,
        "message": None,
    }


def test_where_a_signature_is_required_none_is_refused(repository: GateRepository, keys: Path) -> None:
    repository.commit({".sot/sot.toml": REQUIRED})
    assert decided(repository, keys) == refused("signature-missing")


def test_an_empty_signature_is_refused(repository: GateRepository, keys: Path) -> None:
    repository.commit({f"{NAME}.sig": b"\n", ".sot/sot.toml": REQUIRED})
    assert decided(repository, keys) == refused("signature-empty")


def test_a_signature_that_is_none_is_refused(repository: GateRepository, keys: Path) -> None:
    repository.commit({f"{NAME}.sig": b"signed: JP\n", ".sot/sot.toml": REQUIRED})
    assert decided(repository, keys) == refused("signature-unreadable")


def test_another_key_is_refused(repository: GateRepository, keys: Path) -> None:
    sign(repository, keys, key="eve")
    assert decided(repository, keys) == refused("signature-other-key")


def test_another_principal_is_refused(repository: GateRepository, keys: Path) -> None:
    sign(repository, keys, key="eve")
    allow(keys, f"eve@example.com {public(keys, 'eve')}")
    assert decided(repository, keys) == refused("signature-other-principal")


def test_another_namespace_is_refused(repository: GateRepository, keys: Path) -> None:
    sign(repository, keys, namespace="file")
    assert decided(repository, keys) == refused("signature-other-namespace")


def test_tampered_bytes_are_refused(repository: GateRepository, keys: Path) -> None:
    sign(repository, keys)
    repository.commit({NAME: encode(admission(datetime.now(UTC), review_trigger="until it is revoked"))})
    assert decided(repository, keys) == refused("signature-other-bytes")


def test_the_signature_of_another_file_is_refused(repository: GateRepository, keys: Path) -> None:
    sign(repository, keys, data=b"{}\n")
    assert decided(repository, keys) == refused("signature-other-bytes")


def test_an_expired_key_is_refused(repository: GateRepository, keys: Path) -> None:
    sign(repository, keys)
    allow(keys, f'jp@example.com valid-before="20200101" {public(keys, "jp")}')
    assert decided(repository, keys) == refused("signature-key-expired")


def test_a_key_that_is_not_valid_yet_is_refused(repository: GateRepository, keys: Path) -> None:
    sign(repository, keys)
    allow(keys, f'jp@example.com valid-after="20990101" {public(keys, "jp")}')
    assert decided(repository, keys) == refused("signature-key-expired")


def test_a_revoked_key_is_refused(repository: GateRepository, keys: Path) -> None:
    sign(repository, keys)
    (keys / "signers.revoked").write_text(public(keys, "jp") + "\n")
    (keys / "signers.revoked").chmod(0o600)
    assert decided(repository, keys) == refused("signature-key-revoked")


@pytest.mark.parametrize("principal", ["*", "*@example.com", "jp?example.com", '"a,*"', "jp,!eve"])
def test_a_wildcard_principal_is_refused(repository: GateRepository, keys: Path, principal: str) -> None:
    sign(repository, keys)
    allow(keys, f"{principal} {public(keys, 'jp')}")
    assert decided(repository, keys) == refused("allowed-signers-wildcard")


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_signers_that_others_may_write_are_refused(repository: GateRepository, keys: Path, mode: int) -> None:
    sign(repository, keys)
    (keys / "signers").chmod(mode)
    assert decided(repository, keys) == refused("allowed-signers-writable")


def test_signers_in_a_folder_that_others_may_write_are_refused(repository: GateRepository, keys: Path) -> None:
    sign(repository, keys)
    keys.chmod(0o777)
    assert decided(repository, keys) == refused("allowed-signers-writable")


INSIDE = refused("allowed-signers-inside-repository")
UNREADABLE = refused("allowed-signers-unreadable")


def test_signers_inside_the_repository_are_refused(repository: GateRepository, keys: Path) -> None:
    sign(repository, keys)
    repository.commit({"signers": (keys / "signers").read_bytes()})
    assert repository.decided(SOTCTL_ALLOWED_SIGNERS=str(repository.path / "signers")) == INSIDE
    (keys / "link").symlink_to(repository.path / "signers")
    assert repository.decided(SOTCTL_ALLOWED_SIGNERS=str(keys / "link")) == INSIDE
    (repository.path / ".git/signers").write_bytes((keys / "signers").read_bytes())
    assert repository.decided(SOTCTL_ALLOWED_SIGNERS=str(repository.path / ".git/signers")) == INSIDE


def test_a_link_in_the_repository_leads_nowhere_else(repository: GateRepository, keys: Path) -> None:
    sign(repository, keys)
    (repository.path / "folder").symlink_to(keys)
    (repository.path / "file").symlink_to(keys / "signers")
    for path in ("folder/signers", "file"):
        assert repository.decided(SOTCTL_ALLOWED_SIGNERS=str(repository.path / path)) == INSIDE
    (keys / "through").symlink_to(repository.path / "folder")
    assert repository.decided(SOTCTL_ALLOWED_SIGNERS=str(keys / "through/signers")) == INSIDE
    assert repository.decided(SOTCTL_ALLOWED_SIGNERS=f"{repository.path}/../keys/signers") == INSIDE
    (keys / "outside").symlink_to("signers")
    assert repository.decided(SOTCTL_ALLOWED_SIGNERS=str(keys / "outside")) == ("admitted", "admitted")


def test_every_work_tree_of_the_repository_is_inside_it(repository: GateRepository, keys: Path, tmp_path: Path) -> None:
    sign(repository, keys)
    repository.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    (tmp_path / "side/signers").write_bytes((keys / "signers").read_bytes())
    assert repository.decided(SOTCTL_ALLOWED_SIGNERS=str(tmp_path / "side/signers")) == INSIDE
    (repository.path / "signers").write_bytes((keys / "signers").read_bytes())
    side = GateRepository(tmp_path / "side")
    assert side.decided(SOTCTL_ALLOWED_SIGNERS=str(repository.path / "signers")) == INSIDE


def test_the_superproject_of_a_submodule_is_inside_it(repository: GateRepository, keys: Path, tmp_path: Path) -> None:
    outer = GateRepository(tmp_path / "outer")
    outer.path.mkdir()
    outer.git("init", "-q", "-b", "main")
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(repository.path), "inner")
    inner = GateRepository(outer.path / "inner")
    sign(inner, keys)
    (outer.path / "signers").write_bytes((keys / "signers").read_bytes())
    assert decided(inner, keys) == ("admitted", "admitted")
    assert inner.decided(SOTCTL_ALLOWED_SIGNERS=str(outer.path / "signers")) == INSIDE


def test_signers_with_two_names_are_refused(repository: GateRepository, keys: Path) -> None:
    sign(repository, keys)
    (keys / "second").hardlink_to(keys / "signers")
    assert decided(repository, keys) == refused("allowed-signers-hard-link")


def test_the_signers_that_the_configuration_names_go_before_the_variable(
    repository: GateRepository, keys: Path
) -> None:
    (keys / "mine").write_text(f"jp@example.com {public(keys, 'eve')}\n")
    (keys / "mine").chmod(0o600)
    sign(repository, keys, key="eve")
    mine = {"SOTCTL_ALLOWED_SIGNERS": str(keys / "mine")}
    assert repository.decided(**mine) == ("admitted", "admitted")
    repository.commit({".sot/sot.toml": REQUIRED + f'allowed_signers = "{keys}/signers"\n'.encode()})
    assert repository.decided(**mine) == refused("signature-other-key")
    repository.commit({".sot/sot.toml": REQUIRED + b'allowed_signers = "~/signers"\n'})
    (keys / "mine").rename(keys / "home")
    assert repository.decided(**mine, HOME=str(keys)) == UNREADABLE


def test_a_list_of_revoked_keys_that_cannot_be_read_refuses(repository: GateRepository, keys: Path) -> None:
    sign(repository, keys)
    revoked = keys / "signers.revoked"
    revoked.symlink_to(keys / "not-mounted")
    assert decided(repository, keys) == UNREADABLE
    revoked.unlink()
    revoked.mkdir()
    assert decided(repository, keys) == UNREADABLE
    revoked.rmdir()
    revoked.write_text("nonsense\n")
    revoked.chmod(0o666)
    assert decided(repository, keys) == refused("allowed-signers-writable")


def test_a_list_of_revoked_keys_lies_beside_the_file_or_beside_a_link_to_it(
    repository: GateRepository, keys: Path
) -> None:
    sign(repository, keys)
    (keys / "link").symlink_to("signers")
    for name in ("signers", "link"):
        revoked = keys / f"{name}.revoked"
        revoked.write_text(public(keys, "jp") + "\n")
        revoked.chmod(0o600)
        assert repository.decided(SOTCTL_ALLOWED_SIGNERS=str(keys / "link")) == refused("signature-key-revoked")
        revoked.unlink()


def test_an_approver_may_have_a_name_that_is_not_ascii(repository: GateRepository, keys: Path) -> None:
    source = f"Jérôme chat approval on {datetime.now(UTC).date()}"
    repository.commit({NAME: encode(admission(datetime.now(UTC), approval_source=source))})
    sign(repository, keys)
    repository.commit({".sot/sot.toml": REQUIRED + 'approvers = ["Jérôme"]\n'.encode()})
    assert decided(repository, keys) == refused("signature-other-principal")
    allow(keys, f"jérôme@example.com {public(keys, 'jp')}")
    assert decided(repository, keys) == ("admitted", "admitted")


def test_signers_that_are_absent_or_not_named_are_refused(repository: GateRepository, keys: Path) -> None:
    sign(repository, keys)
    assert repository.decided() == refused("allowed-signers-missing")
    assert repository.decided(SOTCTL_ALLOWED_SIGNERS=str(keys / "none")) == refused("allowed-signers-unreadable")


def test_the_configuration_may_name_the_signers(repository: GateRepository, keys: Path) -> None:
    sign(repository, keys)
    repository.commit({".sot/sot.toml": REQUIRED + f'allowed_signers = "{keys}/signers"\n'.encode()})
    assert repository.decided() == ("admitted", "admitted")


def test_a_signature_that_nobody_requires_is_reported_and_refuses_nothing(
    repository: GateRepository, keys: Path
) -> None:
    sign(repository, keys, key="eve")
    repository.commit({".sot/sot.toml": b""})
    said = repository.gate(SOTCTL_ALLOWED_SIGNERS=str(keys / "signers"))
    assert (said["reason"], said["signature"]["state"]) == ("admitted", "bad")


def test_an_uncommitted_signature_counts_since_it_is_over_the_committed_bytes(
    repository: GateRepository, keys: Path
) -> None:
    sign(repository, keys)
    repository.git("rm", "-q", "--cached", f"{NAME}.sig")
    repository.git("commit", "-qm", "no signature in git")
    assert decided(repository, keys) == ("admitted", "admitted")
