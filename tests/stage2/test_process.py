"""Real processes: their environment, their end, their output, and everything they leave behind."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import resource
import signal
import stat
import subprocess
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotctl.errors import SotError
from sotctl.stage2 import process as process_module
from sotctl.stage2 import rundir
from sotctl.stage2.process import Stream
from sotctl.stage2.trace import Trace
from sotctl.stage2.verification import verify_directory
from stage2.stage_repository import Stage

pytestmark = [pytest.mark.needs("bwrap"), pytest.mark.slow]
PATIENCE_S = 20.0


def wait_for_one(folder: Path, pattern: str) -> Path:
    """The first file of that name, once it is there and holds something."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        if found := [path for path in folder.glob(pattern) if path.stat().st_size]:
            return found[0]
        assert time.monotonic() < deadline, f"{pattern} never came"
        time.sleep(0.02)


def gone(pid: int) -> bool:
    """Whether a process has ended, or is only waiting for its parent to notice."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] == b"Z"
    except OSError:
        return True


def copied(pieces: list[tuple[bytes, bool]], most_bytes: int) -> tuple[bytes, list[bytes], int, bool]:
    """Write *pieces* into a stream, which is drained after those marked and at the end: file, lines, dropped, open."""
    lines: list[bytes] = []
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(process_module, "MAX_STREAM_BYTES", most_bytes)
        stream = Stream(Path(folder) / "out", lines.append)
        for piece, is_drained in pieces:
            os.write(stream.write_end, piece)
            if is_drained:
                stream.drain()
        os.close(stream.write_end)
        stream.drain()
        stream.close()
        return (Path(folder) / "out").read_bytes(), lines, stream.dropped_bytes, stream.is_open


PIPED = st.lists(
    st.tuples(st.one_of(st.binary(max_size=30), st.sampled_from([b"\n", b"a\nb", b"\r\n"])), st.booleans())
)


@given(PIPED)
def test_a_stream_is_kept_whole_and_given_on_by_line_however_it_arrives(pieces: list[tuple[bytes, bool]]) -> None:
    data = b"".join(piece for piece, _ in pieces)
    assert copied(pieces, 1 << 20) == (data, data.split(b"\n")[:-1], 0, False)


@given(PIPED, st.integers(0, 40))
def test_a_stream_beyond_its_bound_is_cut_there_and_the_rest_counted(
    pieces: list[tuple[bytes, bool]], most_bytes: int
) -> None:
    data = b"".join(piece for piece, _ in pieces)
    kept, lines, dropped_bytes, _ = copied(pieces, most_bytes)
    assert (kept, dropped_bytes) == (data[:most_bytes], max(0, len(data) - most_bytes))
    assert lines == data.split(b"\n")[:-1][: len(lines)]


LOADED = {
    **dict.fromkeys(("CASE_MODEL_OVERRIDE", "CASE_PACKAGE_ROOT", "CASE_QUIET", "BUN_OPTIONS", "NODE_OPTIONS"), "x"),
    **dict.fromkeys(("HTTPS_PROXY", "http_proxy", "OPENAI_BASE_URL", "LD_PRELOAD", "SSH_AUTH_SOCK", "OTHER"), "x"),
}


def test_the_environment_is_built_from_empty(stage: Stage) -> None:
    ran = stage.run({"says its environment": True}, **LOADED)
    said = json.loads((ran.folder / "home/environment.json").read_bytes())
    run = str(ran.folder)
    assert {name: said["env"][name] for name in ("HOME", "TMPDIR", "CASE_DATA_DIR", "PI_CODING_AGENT_DIR")} == {
        "HOME": f"{run}/home",
        "TMPDIR": f"{run}/tmp",
        "CASE_DATA_DIR": f"{run}/case-data",
        "PI_CODING_AGENT_DIR": f"{run}/pi",
    }
    assert set(LOADED) & set(said["env"]) == set()
    assert said["cwd"] == f"{run}/home"
    assert set(LOADED) <= set(ran.report["environment"]["dropped"])


def test_everything_in_the_run_directory_is_private(stage: Stage) -> None:
    ran = stage.run()
    assert stat.S_IMODE(ran.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in ran.folder.iterdir() if path.is_dir()} == {0o700}


def test_a_backend_that_never_ends_is_ended(stage: Stage) -> None:
    begun = time.monotonic()
    ran = stage.run({"never ends": True}, "--timeout", "1")
    assert (ran.report["result"], ran.report["case"]["ended_by"]) == ("fail", "timeout")
    assert "timeout" in ran.reasons
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("options", [(), ("--no-isolation",)])
def test_a_process_that_leaves_its_group_is_ended_as_well(stage: Stage, options: tuple[str, ...]) -> None:
    ran = stage.run({"forks": True}, *options)
    if options:  # in the sandbox, processes have other numbers
        assert gone(int((ran.folder / "home/child").read_text()))
    assert ran.report["case"]["processes_left_over"] == 1


def test_a_flood_of_output_is_bounded_and_said(stage: Stage) -> None:
    ran = stage.run({"floods stdout": True})
    assert (ran.folder / "backend/case.stdout").stat().st_size == 16 * 1024 * 1024
    assert ran.outcome == ("fail", "admitted", "output-truncated")
    assert ran.report["case"]["dropped_bytes"] > 0


def test_a_run_directory_that_grows_beyond_its_bound_ends_the_run(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_module, "MAX_RUN_BYTES", 20 << 20)
    ran = stage.run({"fills the disk": 15 << 20}, "--timeout", "60")
    assert (ran.outcome[0], ran.report["case"]["ended_by"]) == ("fail", "disk-quota")
    assert "disk-quota" in ran.reasons


def test_a_backend_that_dies_by_a_signal_fails_the_run(stage: Stage) -> None:
    ran = stage.run({"dies": True})
    assert ran.report["case"]["exit_status"] == -signal.SIGSEGV
    assert "killed-by-signal" in ran.reasons


def test_a_program_that_cannot_be_started_fails_the_run(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "tool").mkdir()
    program = tmp_path / "tool/bun"
    program.write_bytes(b"\x7fELF is what it says, and no more")
    program.chmod(0o755)
    ran = stage.run_words([str(program), str(stage.stand_in({}))])
    assert ran.outcome == ("fail", "admitted", "backend-not-started")
    assert [problem["reason"] for problem in ran.report["problems"]] == ["backend-not-started"]
    assert f"{program}: Exec format error" in ran.report["message"]
    assert [finding.message for finding in verify_directory(ran.folder).findings] == []


@pytest.mark.parametrize("options", [(), ("--no-isolation",)])
def test_a_program_ends_with_sotctl_however_that_ends(stage: Stage, options: tuple[str, ...]) -> None:
    """SIGKILL cannot be caught: the program and what it started in the background are ended all the same."""
    words = stage.command({"does": "fork()\nnever_end()"}, *options)
    process = subprocess.Popen(words, env={**os.environ, **stage.environment}, stderr=subprocess.DEVNULL)
    child = wait_for_one(stage.runs, "*/home/child")
    before = below(process.pid)
    assert len(before) >= 3, child
    process.kill()
    process.wait()
    deadline = time.monotonic() + PATIENCE_S
    while not all(gone(pid) for pid in before) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [pid for pid in before if not gone(pid)] == []


def below(pid: int) -> list[int]:
    """The processes below one."""
    parents = {}
    for stat_file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat_file.read_bytes().rpartition(b")")[2].split()
            parents[int(stat_file.parent.name)] = int(fields[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found - {pid})


def test_a_fork_bomb_is_ended_and_said(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_module, "MAX_PROCESSES", 60)
    code = "for _ in range(100):\n    subprocess.Popen(['sleep', '600'], start_new_session=True)\ntime.sleep(600)"
    ran = stage.run({"does": code})
    assert (ran.outcome, ran.report["case"]["ended_by"]) == (("fail", "admitted", "process-quota"), "process-quota")


def test_what_a_program_sees_is_little(stage: Stage) -> None:
    """Neither the home of the user nor the governed repository, no network, and nothing else to write."""
    code = """
seen = {
    "home": os.path.exists(USER_HOME),
    "repository": os.path.exists(REPOSITORY),
    "root": sorted(os.listdir("/")),
    "runs": sorted(os.listdir(run_dir)),
    "interfaces": sorted(line.split(":")[0].strip() for line in open("/proc/net/dev").readlines()[2:]),
    "capabilities": [line.split()[1] for line in open("/proc/self/status") if line.startswith("CapEff")],
    "remounted": [
        subprocess.run([*before, "mount", "-o", "remount,rw,bind", "/usr"], capture_output=True).returncode == 0
        for before in ([], ["unshare", "-Urm"])
    ],
    "processes": len([name for name in os.listdir("/proc") if name.isdigit()]),
}
for place in ("/", "/tmp", "/usr", run_dir, run_dir / "backend", run_dir / "fixture", run_dir / "fixture/fake"):
    try:
        (Path(place) / "mark").write_text("x")
        seen[str(place)] = "written"
    except OSError:
        pass
(run_dir / "home/seen.json").write_text(json.dumps(seen))
"""
    home, repository = str(Path.home()), str(stage.place / "repository")
    ran = stage.run({"does": f"USER_HOME, REPOSITORY = {home!r}, {repository!r}\n{code}"})
    seen = json.loads((ran.folder / "home/seen.json").read_bytes())
    assert ran.outcome[0] == "pass"
    assert not {"srv", "opt", "var", "boot", "sys", "run", "mnt"} & set(seen.pop("root"))
    assert seen.pop("processes") < 12
    assert seen == {
        "home": False,
        "repository": False,
        "runs": ["admission.json", "case-data", "fixture", "home", "pi", "tmp"],
        "interfaces": ["lo"],
        "capabilities": ["0" * 16],
        "remounted": [False, False],
    }


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_ends_its_children_and_leaves_a_report(stage: Stage, number: int) -> None:
    words = stage.command({"never ends": True})
    process = subprocess.Popen(
        words, env={**os.environ, **stage.environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    wait_for_one(stage.runs, "*/home/mark")
    process.send_signal(number)
    process.communicate(timeout=PATIENCE_S)
    report = json.loads(next(stage.runs.glob("*/report.json")).read_bytes())
    assert (process.returncode, report["result"], report["case"]["ended_by"]) == (130, "fail", "interrupted")
    assert "interrupted" in {problem["reason"] for problem in report["problems"]}


def test_two_runs_at_once_do_not_meet(stage: Stage) -> None:
    environment = {**os.environ, **stage.environment}
    both = [
        subprocess.Popen(stage.command({}), env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    for process in both:
        process.communicate(timeout=PATIENCE_S)
    assert [process.returncode for process in both] == [0, 0]
    assert len(list(stage.runs.glob("*/report.json"))) == 2


def test_a_run_directory_that_cannot_be_made_is_said(stage: Stage) -> None:
    stage.runs.write_text("a file")
    done = subprocess.run(
        stage.command({}), env={**os.environ, **stage.environment}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("error: cannot make the run directory")


def test_an_unknown_task_is_a_usage_error(stage: Stage) -> None:
    words = [word.replace("string-slugify", "string-slug") for word in stage.command({})]
    done = subprocess.run(words, env={**os.environ, **stage.environment}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.partition("\n")[0]) == (
        2,
        "error: there is no task `string-slug`; known: string-slugify",
    )


def test_a_full_disk_ends_the_run_and_is_said(stage: Stage) -> None:
    """A bound on the size of a file stands for a disk that is full."""

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

    done = subprocess.run(
        stage.command({"floods stdout": True}),
        env={**os.environ, **stage.environment},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=bounded,
    )
    report = json.loads(next(stage.runs.glob("*/report.json")).read_bytes())
    assert (done.returncode, report["result"], report["reason"]) == (1, "fail", "output-truncated")


def test_a_disk_without_room_for_the_report_is_an_error(stage: Stage) -> None:
    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))

    done = subprocess.run(
        stage.command({}),
        env={**os.environ, **stage.environment},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=bounded,
    )
    assert done.returncode == 3
    assert "Traceback" not in done.stderr


def test_a_run_directory_that_exists_is_refused(tmp_path: Path) -> None:
    name = rundir.run_id(datetime(2026, 11, 23, 10, 15, tzinfo=UTC), "string-slugify", 4711)
    assert name == "20261123T101500Z-r1-string-slugify-4711"
    rundir.create(tmp_path, name)
    with pytest.raises(SotError, match="exists already"):
        rundir.create(tmp_path, name)


def test_a_clock_that_jumps_back_does_not_turn_the_trace_around(tmp_path: Path) -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    times = iter([noon, noon - timedelta(hours=3), noon + timedelta(seconds=1)])
    trace = Trace(tmp_path / "trace.jsonl", "run", clock=lambda: next(times))
    stamps = [json.loads(trace.line("event"))["ts"] for _ in range(3)]
    trace.close()
    assert stamps == [
        "2026-11-23T12:00:00.000+00:00",
        "2026-11-23T12:00:00.000+00:00",
        "2026-11-23T12:00:01.000+00:00",
    ]


def test_a_person_sees_how_the_run_goes_on(stage: Stage) -> None:
    """On a terminal a line says phase, agent, requests and seconds; the last screen names the next step."""
    words, screen = stage.command({}), b""
    child, terminal = pty.fork()
    if child == 0:
        os.execvpe(words[0], words, {**os.environ, **stage.environment, "TERM": "xterm"})
    while True:
        try:
            screen += os.read(terminal, 65536)
        except OSError:
            break
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    said = screen.decode()
    assert re.search(r"\d\.\d s  request  reviewer  3 requests", said)
    assert "pass      passed" in said
    assert "next      sotctl evidence record" in said
