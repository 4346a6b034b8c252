"""An interactive shell of the root on a terminal of its own."""

import os
import pty
import threading

from sandbox import environment, wait_for


class Terminal:
    """Ends with the test. What the shell answers comes in a file: a terminal shows lines and marks
    in ways of its own."""

    def __init__(self, case, *words, answers, **surroundings):
        self.handle, inner = pty.openpty()
        self.answers, self.count, self.shown = answers, 0, b""
        answers.write_bytes(b"")
        settings = [f"{name}={value}" for name, value in
                    environment(TERM="xterm", **surroundings).items()]
        case.start("env", "-i", *settings, *words, stdin=inner, stdout=inner, stderr=inner,
                   start_new_session=True)
        os.close(inner)
        threading.Thread(target=self.drain, daemon=True).start()

    def drain(self):
        try:
            while data := os.read(self.handle, 65536):
                self.shown = (self.shown + data)[-4000:]
        except OSError:
            pass  # the shell is gone

    def records(self):
        return self.answers.read_bytes().decode().split("\0")[:-1]

    def ask(self, keys):
        """The record that the shell writes when these keys are pressed."""
        os.write(self.handle, keys.encode())
        self.count += 1
        try:
            return wait_for("an answer of the shell",
                            lambda: len(self.records()) >= self.count and self.records())[-1]
        except AssertionError as error:
            raise AssertionError(f"{error}: {keys!r}\n{self.shown.decode(errors='replace')}"
                                 ) from None
