"""A headless Chromium for tests, spoken to over its DevTools protocol: what a page asks for, logs and looks like."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import websocket

from tests.running import wait

FLAGS = [
    *["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
    *["--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0"],
    *["--disable-background-timer-throttling", "--disable-renderer-backgrounding"],  # a tab nobody looks at works on
    *["--remote-allow-origins=*"],
]  # fmt: skip
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
OPEN = "document.querySelectorAll('details').forEach(part => part.open = true)"


def missing(what: str) -> None:
    """In CI a part that a test needs must be there; elsewhere the test is left out, saying so."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{what}: pages are NOT tested in a browser")


class Browser:
    """One tab. `events` gathers what the browser reports: requests, console lines, exceptions, dialogs."""

    def __init__(self, profile: Path):
        program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        program or missing("Chromium is missing (apt install chromium)")
        command, quiet = [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"], subprocess.DEVNULL
        self.process = subprocess.Popen(command, stdout=quiet, stderr=quiet)
        port_file, self.count, self.session, self.events = profile / "DevToolsActivePort", 0, None, []
        wait(lambda: port_file.exists() and "/devtools/" in port_file.read_text())
        port, path = port_file.read_text().split()
        self.socket = websocket.create_connection(f"ws://127.0.0.1:{port}{path}", timeout=60, suppress_origin=True)
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(f"{domain}.enable")

    def send(self, number: int, method: str, parameters: dict) -> None:
        message = {"id": number, "method": method, "params": parameters}
        self.socket.send(json.dumps(message | ({"sessionId": self.session} if self.session else {})))

    def receive(self) -> dict:
        """The next message; an event is kept, and a dialog closed, or the page would hang."""
        message = json.loads(self.socket.recv())
        if "method" in message:
            self.events.append(message)
        if message.get("method") == "Page.javascriptDialogOpening":
            self.send(-1, "Page.handleJavaScriptDialog", {"accept": False})
        return message

    def call(self, method: str, **parameters) -> dict:
        self.count += 1
        self.send(self.count, method, parameters)
        while (answer := self.receive()).get("id") != self.count:
            pass
        assert "error" not in answer, (method, answer["error"])
        return answer["result"]

    def open(self, page: Path, width: int = 1280, dark: bool = False) -> None:
        """Show the page on a screen `width` CSS pixels wide, its folds open, when it has loaded."""
        self.events.clear()
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 2, "mobile": width < 600}
        self.call("Emulation.setDeviceMetricsOverride", **metrics)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", features=scheme)
        self.call("Page.navigate", url=page.resolve().as_uri())
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.receive()
        self.evaluate(OPEN)

    def evaluate(self, script: str) -> object:
        """The value of a JavaScript expression (a promise is awaited), run past the page's policy by the debugger."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def troubles(self, page: Path) -> list[str]:
        """Requests for anything but the page itself, console lines, exceptions and dialogs since `open`."""
        watched, own = ("requestWillBeSent", "entryAdded", "consoleAPICalled", "exceptionThrown", "DialogOpening"), []
        for event in self.events:
            address = event["params"].get("request", {}).get("url", "")
            if address != page.resolve().as_uri() and not address.startswith("data:image/png"):
                own.append(event)
        return [json.dumps(event)[:900] for event in own if event["method"].endswith(watched)]

    def close(self) -> None:
        self.socket.close()
        self.process.terminate()
        self.process.wait(timeout=30)
