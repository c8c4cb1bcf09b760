"""A test that was tried again says why the first try failed: such a test is a defect, not a pass.

Examples of hypothesis may be slow: how busy the machine is says nothing of what they try.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("however busy the machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("however busy the machine")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in terminalreporter.getreports("rerun"):
        terminalreporter.section(f"tried again: {report.nodeid}", sep="_")
        terminalreporter.write_line(report.longreprtext)
