"""What --diff shows of a change that was made, or would be."""

from ansible_collections.tuner.network.plugins.module_utils.tuner import AS_WANTED


def compare_settings(document):
    """Keys and limits, as the difference of two texts."""
    pairs = [(change["key"], change) for change in document["changes"]
             if change["runtime"] == "changed"]
    pairs += [(other["subject"], other) for other in document["other_changes"]
              if other["result"] in ("changed", "pending")]
    return {side: "".join("{0} = {1}\n".format(name, entry[value]) for name, entry in pairs)
            for side, value in (("before", "running"), ("after", "wanted"))}


def read_text(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def compare_file(tuner, document, arguments, path):
    """The sysctl file: of a change what was recorded, of a dry run what it would be."""
    written = [step for step in (document["transaction"] or {}).get("changes", [])
               if step["kind"] == "file" and step["target"] == path]
    if written:
        return {"before": written[0]["original"] or "", "after": written[-1]["wanted"] or ""}
    status, out, dummy = tuner.text("apply", arguments + ["--dry-run", "--export", "-"])
    return {"before": read_text(path), "after": out if status == AS_WANTED else ""}


def compare(tuner, document, arguments):
    """What --diff shows."""
    differences = [dict(compare_settings(document), before_header="settings",
                        after_header="settings")]
    paths = sorted({change["file"] for change in document["changes"]
                    if change["file"] and change["persisted"] in ("changed", "pending")})
    for path in paths:
        differences.append(dict(compare_file(tuner, document, arguments, path),
                                before_header=path, after_header=path))
    return differences
