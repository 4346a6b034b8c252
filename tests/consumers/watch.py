"""What happens to the files of a directory, by inotify."""

import ctypes
import os
import struct

NAMES = {0x2: "modify", 0x40: "from", 0x80: "to", 0x100: "create", 0x200: "delete"}


class Watch:
    def __init__(self, directory):
        libc = ctypes.CDLL(None, use_errno=True)
        self.handle = libc.inotify_init1(os.O_NONBLOCK)
        if libc.inotify_add_watch(self.handle, os.fsencode(directory), sum(NAMES)) < 0:
            raise OSError(ctypes.get_errno(), "inotify_add_watch")

    def events(self):
        """(file, event) in order; the watch ends."""
        data, found = os.read(self.handle, 1 << 16), []
        os.close(self.handle)
        while data:
            _, mask, _, length = struct.unpack_from("iIII", data)
            name = os.fsdecode(data[16:16 + length].rstrip(b"\0"))
            found += [(name, event) for bit, event in NAMES.items() if mask & bit]
            data = data[16 + length:]
        return found
