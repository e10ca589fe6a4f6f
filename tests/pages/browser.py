"""A headless Chromium for tests, spoken to over its DevTools protocol: what a page asks for, logs and looks like."""

import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest
import websocket

FLAGS = [
    *["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
    *["--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0"],
    *["--disable-background-timer-throttling", "--disable-renderer-backgrounding"],  # a tab nobody looks at works on
]  # fmt: skip


def chromium() -> str:
    """Path of the browser. Where there is none, CI fails and other machines skip, saying so."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        message = "Chromium is missing: pages are NOT tested in a browser (apt install chromium)"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    return found


class Browser:
    """One tab. `events` gathers what the browser reports: requests, console lines, exceptions, dialogs."""

    def __init__(self, profile: Path):
        flags = [*FLAGS, f"--user-data-dir={profile}", "--remote-allow-origins=*"]
        self.log = (profile.parent / "chromium.log").open("w+")
        self.process = subprocess.Popen([chromium(), *flags, "about:blank"], stdout=self.log, stderr=self.log)
        address = self._address(profile / "DevToolsActivePort")
        self.socket = websocket.create_connection(address, timeout=60, suppress_origin=True)
        self.count, self.session, self.events = 0, None, []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(f"{domain}.enable")

    def _address(self, port_file: Path) -> str:
        for _ in range(300):
            if port_file.exists() and len(lines := port_file.read_text().split()) == 2:
                return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        self.close()
        raise RuntimeError(f"{chromium()} did not start")

    def call(self, method: str, **parameters) -> dict:
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters}
        self.socket.send(json.dumps(message | ({"sessionId": self.session} if self.session else {})))
        while (answer := json.loads(self.socket.recv())).get("id") != self.count:
            self._note(answer)
        assert "error" not in answer, (method, answer["error"])
        return answer["result"]

    def _note(self, event: dict) -> None:
        self.events.append(event)
        if event.get("method") == "Page.javascriptDialogOpening":  # noted; closed, or the page would hang
            message = {"id": -1, "method": "Page.handleJavaScriptDialog", "params": {"accept": False}}
            self.socket.send(json.dumps(message | {"sessionId": self.session}))

    def open(self, page: Path, width: int = 1280, dark: bool = False) -> None:
        """Show the page on a screen `width` CSS pixels wide, and wait until it has loaded."""
        self.events.clear()
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 2, "mobile": width < 600}
        self.call("Emulation.setDeviceMetricsOverride", **metrics)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", features=scheme)
        self.call("Page.navigate", url=page.resolve().as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self._note(json.loads(self.socket.recv()))

    def evaluate(self, script: str) -> object:
        """The value of a JavaScript expression (a promise is awaited), run past the page's policy by the debugger."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def troubles(self, page: Path) -> list[str]:
        """Requests for anything but the page itself, console lines, exceptions and dialogs since `open`."""
        found = []
        for event in self.events:
            method, about = event.get("method"), event.get("params", {})
            if method == "Network.requestWillBeSent":
                address = about["request"]["url"]
                if address != page.resolve().as_uri() and not address.startswith("data:image/png"):
                    found.append(f"request: {address[:200]}")
            elif method in ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown"):
                found.append(f"console: {json.dumps(about)[:900]}")
            elif method == "Page.javascriptDialogOpening":
                found.append(f"dialog: {about['message']}")
        return found

    def close(self) -> None:
        if hasattr(self, "socket"):
            self.socket.close()
        self.process.terminate()
        self.process.wait(timeout=30)
        self.log.close()


def strip_policy(html: str) -> str:
    """The page without its content security policy, so that escaping alone has to hold."""
    stripped, times = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    assert times == 1
    return stripped
