"""The collection by itself: what it documents, what it takes, how it is packed."""

import ast
import importlib
import json
import py_compile
import subprocess
import sys
import tarfile

import yaml
from playbook import COLLECTION, SOURCE, Playbooks, environment

MODULES = ("tuner_apply", "tuner_audit")
ROLE = COLLECTION / "roles/tune"
COMPARED = ("type", "elements", "choices", "default", "required")


def load(path):
    return yaml.safe_load(path.read_text())


def shape(option):
    """What documentation and argument_spec both say of an option."""
    return {name: option[name] for name in COMPARED if option.get(name) not in (None, False)
            or name == "default" and option.get(name) is False}


class Collection(Playbooks):
    def run_tool(self, *command):
        return subprocess.run(command, env=environment(self.directory), capture_output=True,
                              text=True, check=True).stdout

    def test_version_is_the_packages(self):
        version = (SOURCE / "packaging/VERSION").read_text().strip()
        upstream = version.rpartition("-")[0] or version
        self.assertEqual(load(COLLECTION / "galaxy.yml")["version"], upstream)

    def test_documentation_equals_arguments(self):
        sys.path.insert(0, str(self.directory / "collections"))
        self.addCleanup(sys.path.pop, 0)
        for name in MODULES:
            module = importlib.import_module(f"ansible_collections.tuner.network.plugins.modules."
                                             f"{name}")
            documented = yaml.safe_load(module.DOCUMENTATION)["options"]
            self.assertEqual({option: shape(says) for option, says in documented.items()},
                             {option: shape(takes) for option, takes in module.ARGUMENTS.items()})

    def test_ansible_doc(self):
        names = [f"tuner.network.{name}" for name in MODULES]
        shown = json.loads(self.run_tool("ansible-doc", "--json", "-t", "module", *names))
        for name in names:
            for part in ("doc", "examples", "return"):
                self.assertTrue(shown[name][part], (name, part))
        for examples in (shown[name]["examples"] for name in names):
            for each in yaml.safe_load(examples):
                self.assertIn("name", each)
        role = json.loads(self.run_tool("ansible-doc", "--json", "-t", "role",
                                        "tuner.network.tune"))
        self.assertIn("main", role["tuner.network.tune"]["entry_points"])

    def test_examples_are_playbooks(self):
        texts = (COLLECTION / "README.md").read_text().split("```yaml\n")[1:]
        blocks = [yaml.safe_load(text.split("```")[0]) for text in texts]
        for name in MODULES:
            source = (COLLECTION / f"plugins/modules/{name}.py").read_text()
            blocks.append(yaml.safe_load(source.split('EXAMPLES = r"""')[1].split('"""')[0]))
        plays = []
        for block in blocks:
            plays += block if "hosts" in block[0] else [{"hosts": "all", "tasks": block}]
        self.assertGreater(len(plays), len(MODULES))
        (self.directory / "book.json").write_text(json.dumps(plays))
        self.run_tool("ansible-playbook", "--syntax-check", str(self.directory / "book.json"))

    def test_defaults_of_the_role(self):
        options = load(ROLE / "meta/argument_specs.yml")["argument_specs"]["main"]["options"]
        documented = {name: option["default"] for name, option in options.items()
                      if not option.get("required")}
        self.assertEqual(documented, load(ROLE / "defaults/main.yml"))

    def test_python_of_managed_hosts(self):
        sources = sorted(COLLECTION.rglob("*.py"))
        self.assertGreater(len(sources), len(MODULES))
        for source in sources:
            ast.parse(source.read_text(), feature_version=(3, 6))
            py_compile.compile(str(source), cfile=str(self.directory / "compiled"), doraise=True)

    def test_is_packed_whole(self):
        self.run_tool("ansible-galaxy", "collection", "build", "--output-path",
                      str(self.directory / "packed"), str(COLLECTION))
        with tarfile.open(next((self.directory / "packed").iterdir())) as archive:
            packed = {entry.name for entry in archive if entry.isfile()}
        there = {str(path.relative_to(COLLECTION)) for path in COLLECTION.rglob("*")
                 if path.is_file() and path.name != "galaxy.yml"}
        self.assertEqual(packed - {"MANIFEST.json", "FILES.json"}, there)
