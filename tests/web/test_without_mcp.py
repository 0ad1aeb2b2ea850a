"""Without the extra `mcp` both of its doors say in words what is missing. The SDK is hidden where it is installed."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.anyio


@pytest.fixture
def without_the_sdk(monkeypatch):
    for name in ("mcp", "mcp_types"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "weather.web.mcp.protocol", raising=False)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_route_is_a_501_that_says_what_to_install(without_the_sdk, site, method):
    answer = await site.request(method, "/mcp", json={})
    told = answer.json()
    assert (answer.status_code, told["status"], told["code"]) == (501, 501, "not_installed")
    assert "pip install 'weatherglass[mcp]'" in told["detail"]
    assert (await site.get("/docs/errors")).text.count('id="not_installed"') == 1


@pytest.mark.slow
def test_the_command_exits_with_2_and_one_line(tmp_path):
    hidden = "import sys; sys.modules['mcp'] = sys.modules['mcp_types'] = None; from weather.commands.cli import main; "
    ended = subprocess.run(
        [sys.executable, "-c", f"{hidden}sys.exit(main(['mcp']))"], cwd=tmp_path, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "weather: MCP needs a package more: pip install 'weatherglass[mcp]'\n"
