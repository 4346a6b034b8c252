"""Chromium without a display, spoken to over a pipe (Chrome DevTools Protocol: JSON that ends with
NUL, commands in on descriptor 3, answers and events out on 4)."""

import base64
import json
import os
import select
import time

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe",
         "--hide-scrollbars", "--no-first-run", "--disable-component-update",
         "--disable-background-networking")
DEADLINE = 60
DOMAINS = ("Page", "Runtime", "Network", "Log")


class Browser:
    def __init__(self, case):
        """Ends with the test."""
        commands, self.send_to = os.pipe()
        self.read_from, answers = os.pipe()
        for handle in (self.send_to, self.read_from):
            case.addCleanup(os.close, handle)
        # The shell puts the two pipes where Chromium looks for them.
        command = f'exec chromium-headless-shell "$@" 3<&{commands} 4>&{answers}'
        with open(case.directory / "chromium.log", "w", encoding="utf-8") as log:
            case.start("sh", "-c", command, "sh", *FLAGS, f"--user-data-dir={case.directory}/chromium",
                       "about:blank", pass_fds=(commands, answers), stdout=log, stderr=log)
        os.close(commands)
        os.close(answers)
        self.buffer, self.events, self.last, self.session = b"", [], 0, None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target,
                                 flatten=True)["sessionId"]
        for domain in DOMAINS:
            self.call(f"{domain}.enable")

    def message(self):
        deadline = time.monotonic() + DEADLINE
        while b"\0" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.read_from], [], [], left)[0]:
                raise AssertionError(f"no answer of the browser within {DEADLINE} s")
            data = os.read(self.read_from, 1 << 20)
            if not data:
                raise AssertionError("the browser is gone")
            self.buffer += data
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **parameters):
        """The result of a command; events that come meanwhile are kept."""
        self.last += 1
        request = {"id": self.last, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        data = json.dumps(request).encode() + b"\0"
        while data:
            data = data[os.write(self.send_to, data):]
        while True:
            answer = self.message()
            if answer.get("id") == self.last:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.message())

    def named(self, *methods):
        return [event for event in self.events if event.get("method") in methods]

    def show(self, width, height, scheme, media=""):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", media=media,
                  features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, path):
        self.events.clear()
        self.call("Page.navigate", url=f"file://{path}")
        self.wait_for("Page.loadEventFired")

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in result:
            raise AssertionError(result["exceptionDetails"])
        return result["result"].get("value")

    def screenshot(self, path):
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def pdf(self):
        return base64.b64decode(self.call("Page.printToPDF", printBackground=False)["data"])
