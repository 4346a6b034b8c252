"""tuner confirm and tuner rollback, and what they would do."""

from ansible_collections.tuner.network.plugins.module_utils.tuner import AS_WANTED


def state_of(tuner, name):
    """What became of a transaction."""
    status, document = tuner.document("history", [name])
    if status != AS_WANTED:
        tuner.finish("history", status, document)
    return document["transactions"][0]["state"]


def act(module, tuner, command):
    """tuner confirm or tuner rollback."""
    name = module.params["id"]
    arguments = ["--force"] if module.params["force"] else []
    arguments += [name] if name else []
    status, document = tuner.document(command, arguments)
    values = {"changed": bool(document.get("run") or document.get("finished"))}
    if document.get("message"):
        values["msg"] = document["message"]
    late = command == "confirm" and status == AS_WANTED and name and not document["run"]
    if late and state_of(tuner, name) != "confirmed":
        module.fail_json(msg="tuner confirm: " + document["message"], rc=status,
                         changed=values["changed"])
    tuner.finish(command, status, document, **values)


def look(module, tuner, command):
    """Whether tuner confirm or tuner rollback would do something."""
    status, document = tuner.document("status")
    waiting, name = document.get("waiting"), module.params["id"]
    if command == "confirm":
        changed = bool(waiting) and name in (None, waiting["id"])
    elif name:
        changed = state_of(tuner, name) != "reverted"
    else:
        changed = any(document.get(part)
                      for part in ("waiting", "standing", "unfinished", "conflicts"))
    tuner.finish("status", status, document, changed=changed)
