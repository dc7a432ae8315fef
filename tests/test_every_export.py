"""The table of every layout in every dialect is printed by one command, and says what was lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
BENCHMARK = [sys.executable, str(ROOT / "benchmarks" / "every_export.py")]


def test_a_report_s_layouts_are_read_in_every_way_in_which_they_come() -> None:
    ran = subprocess.run([*BENCHMARK, "--report", "overage_fees"], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    header, line, total = (row.split() for row in ran.stdout.splitlines())
    assert header == ["report", "layout", "ways", "rows", "read", "rejected"]
    assert line == ["overage_fees", "10", "columns", "16", "48", "0"]
    assert total == ["all", "1", "layouts", "16", "48", "0"]


def test_what_is_lost_is_named_and_makes_the_command_fail() -> None:
    lost = (
        "import sys; sys.argv = ['every_export.py', '--report', 'overage_fees'];"
        f"sys.path.insert(0, {str(ROOT / 'benchmarks')!r}); import every_export;"
        "every_export.ROWS = 4; raise SystemExit(every_export.main())"
    )
    ran = subprocess.run([sys.executable, "-c", lost], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "overage_fees (10 columns), gz: overage_fees, 3 rows" in ran.stderr
