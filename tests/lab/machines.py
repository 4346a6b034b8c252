"""What tests/lab/kernels measured, as tables and sentences."""

RMEM, WMEM = "net.core.rmem_max", "net.core.wmem_max"


def rows(kernels):
    """The head of a table, and a line for each kernel."""
    head = ["kernel", "page", "checks that hold", "netem, default and bulk, Mbit/s",
            "asked for 8 MiB, before and with bulk, Mbit/s", "tcp_mem as it is and lowered, Mbit/s",
            "s"]
    lines = []
    for kernel in kernels:
        netem, asked = kernel.get("netem", {}), kernel.get("buffers", {})
        limit = kernel.get("memory_limit", {})
        lines.append([
            kernel["release"], f"{kernel.get('page_size', 0) // 1024} KiB", held(kernel["checks"]),
            pair(netem, "default", "bulk"), pair(asked, "asked", "asked_bulk"),
            pair(limit, "untouched", "lowered"), f"{kernel.get('seconds', 0):.0f}"])
    return head, lines


def pair(figures, before, after):
    """Nothing of a machine that did not come so far."""
    if before not in figures or after not in figures:
        return "-"
    return f"{figures[before]['mbit']:.0f}, {figures[after]['mbit']:.0f}"


def held(checks):
    """With the numbers of what was looked at; what failed is said."""
    counts = {"defaults": "judged", "profiles": "demands", "ranges": "refused", "audit": "checks"}
    words = []
    for name, check in checks.items():
        number = f" ({check[counts[name]]})" if name in counts and counts[name] in check else ""
        words.append(f"**not {name}**" if check["failures"] else name + number)
    return ", ".join(words)


def effects(kernels):
    """{key: [{"text", "kernel", "date"}]} of keys that only a whole machine has. 6.1 speaks for all
    but the newest, whose rmem_max is another."""
    said = {}

    def say(kernel, keys, text):
        for key in keys:
            said.setdefault(key, []).append({"text": text, "kernel": kernel["release"],
                                             "date": kernel["date"]})
    for kernel in kernels:
        if any(check["failures"] for check in kernel["checks"].values()):
            continue
        asked = kernel["buffers"]
        caps, more = asked["caps"][RMEM], asked["caps_bulk"][RMEM]
        if kernel["name"] in ("6.1", "sid"):
            say(kernel, (RMEM, WMEM),
                f"One flow that asks for buffers of 8 MiB, at {kernel['netem']['rtt']} ms and "
                f"{kernel['netem']['rate']} Mbit/s, without HyStart: "
                f"{asked['asked']['mbit']:.0f} Mbit/s with "
                f"rmem_max and wmem_max {caps}, {asked['asked_bulk']['mbit']:.0f} with {more}")
        if kernel["name"] == "6.1":
            say_once(kernel, say)
    return said


def say_once(kernel, say):
    sockets, limit = kernel["new_sockets"], kernel["memory_limit"]
    for index, key in enumerate(("net.core.rmem_default", "net.core.wmem_default")):
        say(kernel, (key,),
            f"A new TCP socket has {sockets['before']['tcp'][index]} bytes with the default and "
            f"with 253952; one of UDP has {sockets['before']['udp'][index]} and "
            f"{sockets['after']['udp'][index]}")
    say(kernel, ("net.ipv4.tcp_mem",),
        f"Eight flows at {kernel['netem']['rtt']} ms and {kernel['netem']['rate']} Mbit/s: "
        f"{limit['untouched']['mbit']:.0f} Mbit/s with the kernel's own tcp_mem, "
        f"{limit['lowered']['mbit']:.0f} with {limit['lowered_to']}, a few hundred pages")
