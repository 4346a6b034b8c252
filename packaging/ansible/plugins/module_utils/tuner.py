"""What the modules share: running tuner, its JSON document and its exit statuses."""

import json

AS_WANTED, FOUND, INCOMPLETE = 0, 2, 3

MEANINGS = {
    AS_WANTED: "it is as wanted",
    1: "it failed or was refused; nothing was changed, or all was rolled back",
    FOUND: "something is at or above the severity to fail on",
    INCOMPLETE: "some of it could not be evaluated",
    4: "it is partly done: something could not be rolled back, or was changed by others meanwhile",
    64: "this tuner does not take these arguments",
    75: "another run or a change that is waiting for confirmation is in the way",
    77: "it is not permitted; become root for it",
    78: "the profile or the configuration is not right",
}

# To Ansible these two have a meaning of their own: a task that was skipped, a job that ended.
RENAMED = {"skipped": "not_set", "finished": "finished_earlier"}

COMMON_ARGUMENTS = {
    "profile": {"type": "str"},
    "inputs": {"type": "dict", "default": {}},
    "executable": {"type": "path", "default": "tuner"},
}


def meaning(status):
    """What an exit status says, in words."""
    if status < 0:
        return "it was ended by signal {0}".format(-status)
    return MEANINGS.get(status, "it ended with the unknown status {0}".format(status))


def sentence(error):
    """One of the errors of a document, with its hint."""
    text = error.get("message", "").rstrip(".") + "."
    place = error.get("file") or ""
    if error.get("line") and place not in text:
        text = "{0}:{1}: {2}".format(place, error["line"], text)
    return " ".join(part for part in (text, error.get("way_out")) if part)


def explain(command, status, document):
    """What a task says of a run."""
    reasons = " ".join(sentence(error) for error in document.get("errors", []))
    if not reasons:
        return "tuner {0}: {1}.".format(command, meaning(status))
    return "tuner {0}: {1} [exit status {2}: {3}]".format(command, reasons, status, meaning(status))


def profile_arguments(params):
    """The options that name a profile and its inputs."""
    arguments = ["--profile", params["profile"]] if params["profile"] else []
    for name, value in sorted(params["inputs"].items()):
        arguments += ["--input", "{0}={1}".format(name, value)]
    return arguments


class Tuner:
    """The program on the managed host."""

    def __init__(self, module):
        self.module = module
        name = module.params["executable"]
        self.program = module.get_bin_path(name)
        if self.program is None:
            module.fail_json(msg="tuner is not on this host: no program {0}. Install its package, "
                                 "or give executable.".format(name))

    def text(self, command, arguments):
        """The exit status, the output and the messages of a run."""
        # As they are given: the module's own expansion would change what looks like a variable.
        return self.module.run_command([self.program, command] + list(arguments),
                                       expand_user_and_vars=False)

    def document(self, command, arguments=()):
        """The exit status and the JSON document of a run."""
        status, out, err = self.text(command, ["--json"] + list(arguments))
        try:
            document = json.loads(out)
            known = document["schema"] == "tuner/{0}/1".format(command)
        except (ValueError, TypeError, KeyError):
            known = False
        if not known:
            self.module.fail_json(
                msg="tuner {0} printed no document that this collection knows: {1} {2}".format(
                    command, meaning(status), err.strip()).rstrip(),
                rc=status, stdout=out, stderr=err)
        return status, document

    def finish(self, command, status, document, **values):
        """Ends the task as the exit status says."""
        result = {RENAMED.get(name, name): document[name] for name in document
                  if name not in ("schema", "tool", "generated_at", "warnings")}
        result.update(values)
        result["rc"] = status
        result.setdefault("msg", explain(command, status, document))
        for warning in document.get("warnings", []):
            self.module.warn(warning)
        if status == INCOMPLETE:
            self.module.warn(result["msg"])
        if status in (AS_WANTED, INCOMPLETE):
            # Without this, Ansible takes any rc but 0 for a failure.
            self.module.exit_json(failed=False, **result)
        self.module.fail_json(**result)
