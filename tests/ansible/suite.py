"""Runs the tests of the collection in namespaces of their own."""

import os
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))

import private  # noqa: E402

if __name__ == "__main__":
    private.enter()
    private.be_init()
    os.umask(0o022)  # a normal user runs some of it
    unittest.main(module=None, argv=[sys.argv[0], *(sys.argv[1:] or [
        "test_collection", "test_modules", "test_failures", "test_hosts"])])
