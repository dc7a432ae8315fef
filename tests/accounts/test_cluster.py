"""The same batch on Dask: identical results, also when a worker dies in the middle."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from auditor.cli import cli
from tests.accounts import nights
from tests.accounts.nights import accounts, night, standing, states
from tests.samples import ROOT

pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
pytestmark = pytest.mark.usefixtures("quick")
_CLUSTER = """
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster:
        print(cluster.scheduler_address, *(worker.pid for worker in cluster.workers.values()), flush=True)
        sys.stdin.read()
"""


@pytest.fixture
def cluster(tmp_path: Path, quick: None) -> Iterator[list[str]]:
    """The address of a scheduler with two workers, and the process IDs of these."""
    script = tmp_path / "cluster.py"
    script.write_text(_CLUSTER, encoding="utf-8")
    with (tmp_path / "cluster.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=ROOT,
            text=True,
        )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split()
    finally:
        process.communicate(timeout=60)


def test_a_cluster_gives_the_same_results_also_when_a_worker_is_killed(tmp_path: Path, cluster: list[str]) -> None:
    path = accounts(tmp_path, ["a", "b", "c", "raises", "refused"])
    here = night(path, tmp_path / "here")
    address, *workers = cluster
    there = night(path, tmp_path / "there", cluster=address)
    assert states(there) == states(here)
    assert standing(tmp_path / "there") == standing(tmp_path / "here")
    assert there["this_run"]["cluster"]
    process = nights.started(path, tmp_path / "killed", address)
    _wait_for(tmp_path / "killed-workspace/accounts")
    subprocess.run(["/bin/kill", "-KILL", workers[0]], check=True)
    assert process.wait(timeout=120) == 0
    assert standing(tmp_path / "killed") == standing(tmp_path / "here")


def _wait_for(path: Path) -> None:
    until = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_cluster_that_is_not_there_is_named_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.accounts.executors._SECONDS_TO_REACH", 1)
    path = accounts(tmp_path, ["a"])
    options = ["--out", str(tmp_path / "out"), "--workspace", str(tmp_path / "w"), "--cluster", "tcp://127.0.0.1:9"]
    result = CliRunner().invoke(cli, ["batch", str(path), *options])
    assert result.exit_code == 1
    assert re.search(r"the cluster tcp://127.0.0.1:9 cannot be reached: .*\. Check its address", result.stderr)


def test_without_the_package_the_remedy_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    path = accounts(tmp_path, ["a"])
    options = ["--out", str(tmp_path / "out"), "--workspace", str(tmp_path / "w"), "--cluster", "tcp://a:1"]
    result = CliRunner().invoke(cli, ["batch", str(path), *options])
    assert result.exit_code == 2
    assert "fba-reimbursement-auditor[cluster]" in result.stderr
