"""tuner fleet: many snapshots at once, which findings on how many hosts and who differs in what."""

import json
import os
import re
import shutil
import sys
import unittest
from pathlib import Path

from support import HOSTS, Scratch, audit, on_terminal, run, validate

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "consumers"))
import fleets  # noqa: E402
import trees  # noqa: E402
from markup import Page  # noqa: E402

NEW, OLD = "linux-6.18-x86_64-24g", "debian12-6.1-x86_64-1g"
SMALL, LARGE = "debian12-6.1-x86_64-1g", "debian13-6.12-x86_64-4g"
BACKLOG = "net.core.somaxconn"


def sysctl(key, value):
    return {b"proc/sys/" + key.replace(".", "/").encode(): f"{value}\n".encode()}


class Fleet(Scratch):
    def setUp(self):
        super().setUp()
        self.hosts = self.directory / "hosts"
        self.hosts.mkdir()

    def add(self, name, files=None, base=OLD):
        return trees.host(self.hosts / name, files, base)

    def fill(self, *changes, name="h", base=OLD):
        for number, files in enumerate(changes):
            self.add(f"{name}{number}", files, base)

    def fleet(self, *words, directory=None):
        """The exit status and the validated document."""
        result = run("fleet", directory or self.hosts, "--json", *words)
        document = json.loads(result.stdout)
        validate(document, "fleet")
        return result.returncode, document

    def host(self, document, name):
        return next(each for each in document["hosts"] if each["name"] == name)

    def key(self, document, name):
        return next((each for each in document["keys"] if each["key"] == name), None)

    def differs(self, document):
        return {each["name"]: each["differs"] for each in document["hosts"] if each["differs"]}


class Findings(Fleet):
    def check_against_audits(self, directory, *words):
        """A fleet says what the audits of its hosts say."""
        status, document = self.fleet(*words, directory=directory)
        audits = {each["name"]: audit("--root", directory / each["name"], *words)
                  for each in document["hosts"]}
        for each in document["hosts"]:
            single = audits[each["name"]][1]
            self.assertEqual(each["severity"], single["summary"]["severity"], each["name"])
            self.assertEqual(each["unknown"], single["summary"]["status"]["unknown"])
            self.assertEqual(each["hostname"], single["host"]["hostname"])
            self.assertEqual(each["kernel"], single["host"]["kernel"])
        wanted = fleets.expected([each for _, each in audits.values()])
        waived = sum(finding["waiver"] is not None for _, each in audits.values()
                     for finding in each["findings"])
        self.assertEqual(document["summary"], {**wanted, "hosts": len(audits), "unread": 0,
                                               "waived_findings": waived})
        self.assertEqual({(each["id"], each["severity"], each["key"] or each["subject"]):
                          sorted(each["names"]) for each in document["findings"]},
                         fleets.failed({name: each for name, (_, each) in audits.items()}))
        codes = {code for code, _ in audits.values()}
        self.assertEqual(status, 2 if 2 in codes else max(codes))
        return document

    def test_says_of_each_host_what_an_audit_says(self):
        document = self.check_against_audits(HOSTS)
        self.assertEqual(sorted(each["name"] for each in document["hosts"]),
                         sorted(path.name for path in HOSTS.iterdir() if path.is_dir()))
        self.assertTrue(document["complete"])
        document = self.check_against_audits(HOSTS, "--profile", "toast-2015")
        self.assertEqual(document["profile"]["name"], "toast-2015")
        self.check_against_audits(HOSTS, "--profile", "bulk", "--input", "rtt=120ms",
                                  "--fail-on", "info")

    def test_each_host_counts_at_its_worst(self):
        self.fill(trees.ERROR, trees.WARNING, trees.INFO, trees.UNKNOWN, {},
                  {**trees.ERROR, **trees.WARNING})
        document = self.check_against_audits(self.hosts)
        self.assertEqual(document["summary"], {"hosts": 6, "with_error": 2, "with_warning": 1,
                                               "with_info": 1, "incomplete": 1, "clean": 1,
                                               "unread": 0, "waived_findings": 0})
        self.assertFalse(document["complete"])

    def test_the_order_is_severity_then_hosts_then_name(self):
        self.fill(trees.ERROR, trees.WARNING, trees.INFO, trees.WARNING, sysctl(BACKLOG, 128))
        findings = self.fleet()[1]["findings"]
        order = ("error", "warning", "info")
        self.assertGreater(len(findings), 3)
        self.assertEqual(findings, sorted(findings, key=lambda each: (
            order.index(each["severity"]), -each["hosts"], each["id"], each["key"] or "",
            each["subject"] or "")))
        for each in findings:
            self.assertEqual(each["hosts"], len(each["names"]))
            self.assertTrue(each["message"])

    def test_exit_statuses(self):
        self.add("good")
        self.assertEqual(self.fleet()[0], 0)
        self.add("remark", trees.INFO)
        self.assertEqual(self.fleet()[0], 0)
        self.assertEqual(self.fleet("--fail-on", "info")[0], 2)
        self.add("part", trees.UNKNOWN)
        self.assertEqual(self.fleet()[0], 3)
        self.add("bad", trees.WARNING)
        self.assertEqual(self.fleet()[0], 2)
        self.assertEqual(self.fleet("--fail-on", "error")[0], 3)
        self.assertEqual(self.fleet("--fail-on", "never")[0], 3)


class Differences(Fleet):
    def test_who_is_not_as_most_are(self):
        self.fill(None, None, None, sysctl(BACKLOG, 128), None)
        document = self.fleet()[1]
        self.assertEqual(document["keys"], [
            {"key": BACKLOG, "usual": "4096", "usual_is_default": True, "hosts": 5,
             "usual_hosts": 4, "others": [{"value": "128", "hosts": 1, "names": ["h3"]}]}])
        self.assertEqual(self.differs(document), {"h3": [BACKLOG]})

    def test_most_may_agree_on_what_is_no_default(self):
        self.fill(None, *[sysctl(BACKLOG, 8192)] * 3)
        document = self.fleet()[1]
        key = self.key(document, BACKLOG)
        self.assertEqual((key["usual"], key["usual_is_default"], key["usual_hosts"]),
                         ("8192", False, 3))
        self.assertEqual(self.differs(document), {"h0": [BACKLOG]})

    def test_half_is_not_most(self):
        self.fill(None, None, *[sysctl(BACKLOG, 8192)] * 2)
        document = self.fleet()[1]
        self.assertEqual((document["keys"], self.differs(document)), ([], {}))

    def test_a_host_without_the_key_has_no_vote(self):
        absent = {b"proc/sys/net/core/somaxconn": None}
        self.fill(*[sysctl(BACKLOG, 8192)] * 2, None, absent, absent)
        key = self.key(self.fleet()[1], BACKLOG)
        self.assertEqual((key["usual"], key["hosts"], key["usual_hosts"]), ("8192", 3, 2))

    def test_each_kernel_has_its_own_default(self):
        self.fill(*[None] * 3, name="new", base=NEW)
        self.fill(*[None] * 2, name="old", base=OLD)
        document = self.fleet()[1]
        for key in ("net.core.rmem_max", "net.ipv4.tcp_rmem", "net.ipv4.tcp_mem"):
            self.assertIsNone(self.key(document, key), key)
        self.add("small", sysctl("net.core.rmem_max", 131072))
        document = self.fleet()[1]
        key = self.key(document, "net.core.rmem_max")
        self.assertTrue(key["usual_is_default"])
        self.assertEqual((key["hosts"], key["usual_hosts"]), (6, 5))
        self.assertEqual([each["names"] for each in key["others"]], [["small"]])
        self.assertIn("net.core.rmem_max", self.host(document, "small")["differs"])
        for name in ("old0", "old1", "new0"):
            self.assertNotIn("net.core.rmem_max", self.host(document, name)["differs"])

    def test_what_follows_memory_does_not_differ(self):
        self.fill(*[None] * 3, base=SMALL)
        self.add("large", base=LARGE)
        self.assertIsNone(self.key(self.fleet()[1], "net.ipv4.tcp_mem"))
        self.add("wrong", sysctl("net.ipv4.tcp_mem", "50331648\t67108864\t100663296"))
        differs = self.differs(self.fleet()[1])
        self.assertIn("net.ipv4.tcp_mem", differs["wrong"])
        self.assertNotIn("net.ipv4.tcp_mem", differs.get("large", []))

    def test_white_space_is_no_difference(self):
        self.fill(None, None, None)
        self.add("blanks", sysctl("net.ipv4.tcp_rmem", "4096 131072  6291456"))
        self.assertEqual(self.fleet()[1]["keys"], [])


class Directories(Fleet):
    def test_what_is_no_host_is_named(self):
        self.add("good")
        (self.hosts / "notes").mkdir()
        (self.hosts / "README.md").write_text("not a directory")
        status, document = self.fleet()
        self.assertEqual((status, document["summary"]["unread"], document["complete"]),
                         (3, 1, False))
        self.assertEqual([each["name"] for each in document["hosts"]], ["good"])
        self.assertIn("notes", json.dumps(document["errors"]))
        self.assertNotIn("README.md", json.dumps(document))
        self.add("bad", trees.WARNING)
        self.assertEqual(self.fleet()[0], 2)

    def test_links_to_directories_are_hosts(self):
        self.add("good")
        (self.hosts / "link").symlink_to(HOSTS / NEW)
        (self.hosts / "dangling").symlink_to("nowhere")
        document = self.fleet()[1]
        self.assertEqual({each["name"] for each in document["hosts"]}, {"good", "link"})
        self.assertEqual(self.host(document, "link")["kernel"],
                         audit("--root", HOSTS / NEW)[1]["host"]["kernel"])

    def test_nothing_there_is_an_error(self):
        for directory in (self.hosts, self.hosts / "nosuch", HOSTS / "README.md"):
            result = run("fleet", directory)
            self.assertNotIn(result.returncode, (0, 2), directory)
            self.assertEqual(result.stdout, "")
            self.assertIn(str(directory), result.stderr)
            self.assertGreaterEqual(len(result.stderr.splitlines()), 2, "no hint")
            _, document = self.fleet(directory=directory)
            self.assertEqual(len(document["errors"]), 1)

    def test_a_snapshot_is_a_host(self):
        written = run("snapshot", "-o", self.hosts / "here")
        self.assertEqual(written.returncode, 0, written.stderr)
        status, document = self.fleet()
        self.assertEqual(document["hosts"][0]["kernel"], os.uname().release)
        self.assertIn(status, (0, 2, 3))


class Hostile(Fleet):
    def test_one_tree_does_not_harm_the_others(self):
        self.fill(None, sysctl(BACKLOG, 128), None)
        before = self.fleet()[1]
        secret = self.directory / "secret"
        secret.write_text("kept-outside\n")
        trees.set_traps(self.add("evil"), secret)
        (self.hosts / "round").symlink_to("round")
        (self.hosts / "itself").symlink_to(self.hosts)
        status, document = self.fleet()
        self.assertEqual(status, 2)
        self.assertNotIn("kept-outside", json.dumps(document))
        for name in ("h0", "h1", "h2"):
            self.assertEqual(self.host(document, name), self.host(before, name))
        unread = {each["name"] for each in document["hosts"]} ^ {"h0", "h1", "h2"}
        self.assertLessEqual(unread, {"evil"})
        self.assertFalse(document["complete"])

    def test_a_pipe_in_the_place_of_a_host_does_not_hang(self):
        self.add("good")
        os.mkfifo(self.hosts / "pipe")
        self.assertEqual(self.fleet()[0], 0)

    def test_names_cannot_break_out(self):
        evil = b"<svg onload=alert(1)>|\"&'\x1b[31m\n\xff\xe2\x80\xae"
        for name in (b"a", b"b", evil):
            trees.host(Path(os.fsdecode(os.path.join(os.fsencode(self.hosts), name))),
                       trees.FILES if name == evil else None)
        result = run("fleet", self.hosts)
        self.assertEqual(result.returncode, 2)
        self.assertFalse(re.search("[\x00-\x09\x0b-\x1f\x7f]", result.stdout + result.stderr))
        markup = run("fleet", self.hosts, "--format", "html").stdout
        page = Page(markup)
        self.assertEqual(page.problems, [])
        self.assertIn(trees.plain(os.fsdecode(evil).encode(errors="replace").decode()),
                      trees.plain(page.text()))
        self.assertEqual(len(self.fleet()[1]["hosts"]), 3)


class Printed(Fleet):
    def add_four(self):
        self.fill(trees.ERROR, trees.WARNING, sysctl(BACKLOG, 128), None, name="web")

    def test_text_fits_eighty_columns(self):
        self.add_four()
        result = on_terminal("fleet", self.hosts)
        self.assertEqual((result.returncode, result.stderr), (2, ""))
        for line in result.stdout.splitlines()[2:]:
            self.assertLessEqual(len(line), 80, line)
        for words in ("4 hosts", "tcp-tw-recycle-enabled", "timestamps-off", BACKLOG, "web2"):
            self.assertIn(words, result.stdout)
        self.assertLess(result.stdout.index("tcp-tw-recycle-enabled"),
                        result.stdout.index("timestamps-off"))
        self.assertTrue(run("fleet", self.hosts, env={"LANG": "C"}).stdout.isascii())

    def test_a_page_tells_the_same(self):
        self.add_four()
        page = self.directory / "fleet.html"
        result = run("fleet", self.hosts, "--format", "html", "-o", page)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (2, "", ""))
        read = Page(page.read_text())
        self.assertEqual(read.problems, [])
        _, document = self.fleet()
        text = trees.plain(read.text())
        for each in document["findings"]:
            self.assertIn(each["id"], text)
            self.assertIn(trees.plain(each["message"]), text)
        for words in (BACKLOG, *(each["name"] for each in document["hosts"])):
            self.assertIn(words, text)

    def test_text_has_hosts_then_findings_then_differences(self):
        self.add_four()
        text = run("fleet", self.hosts).stdout
        verdict = "1 of 4 hosts has errors now; 2 hosts have warnings, 1 has nothing wrong."
        places = [text.index(words) for words in (
            "4 hosts below", "ERROR   web0", "WARNING web1", "WARNING web2", "        web3",
            "ERROR   tcp-tw-recycle-enabled", "WARNING timestamps-off", "Hosts that differ", verdict)]
        self.assertEqual(places, sorted(places), text)
        self.assertEqual(run("fleet", self.hosts, "-q").stdout, verdict + "\n")

    def test_reasons_are_said_once(self):
        self.fill(trees.ERROR, {**sysctl("net.core.rmem_max", 1), **sysctl(BACKLOG, 128)},
                  sysctl(BACKLOG, 128))
        text = run("fleet", self.hosts, "-v").stdout
        self.assertEqual(text.count("value-below-kernel-default"), 1, text)
        self.assertEqual(text.count("Kernels have raised their defaults"), 1)
        self.assertIn(f"{BACKLOG}, 2 hosts: h1, h2", text)
        self.assertIn("net.core.rmem_max, 1 host: h1", text)
        self.assertNotIn("Why: ", run("fleet", self.hosts).stdout)

    def test_a_long_list_of_hosts_is_cut(self):
        self.fill(*[None] * 24, trees.WARNING)
        text = run("fleet", self.hosts).stdout
        self.assertIn("and 5 more, none worse", text)
        self.assertLess(text.index("h24"), text.index("h0 "))
        self.assertNotIn("none worse", run("fleet", self.hosts, "-v").stdout)

    def test_misuse(self):
        for words in (["fleet"], ["fleet", HOSTS, HOSTS], ["fleet", HOSTS, "--format", "csv"],
                      ["fleet", HOSTS, "--fail-on", "x"], ["fleet", HOSTS, "--input", "rtt=1ms"]):
            result = run(*words)
            self.assertEqual((result.returncode, result.stdout), (64, ""), words)
        self.assertEqual(run("fleet", HOSTS, "--profile", "nosuch").returncode, 78)


class Pages(Fleet):
    """A page for each host, and one that leads to them."""

    def setUp(self):
        super().setUp()
        self.out = self.directory / "pages"

    def write(self, *words, out=None, status=2):
        result = run("fleet", self.hosts, "--format", "html", "-o", out or f"{self.out}/", *words)
        self.assertEqual((result.returncode, result.stdout), (status, ""), result.stderr)
        return result

    def pages(self, directory=None):
        """Every page, each as it should be; links lead to pages that are there."""
        pages = {}
        directory = directory or self.out
        for path in sorted(directory.rglob("*")):
            if path.is_file():
                self.assertEqual(path.suffix, ".html")
                page = Page(path.read_text(), path)
                self.assertEqual(page.problems, [], path)
                pages[str(path.relative_to(directory))] = page
        return pages

    def targets(self, page):
        return [given["href"] for tag, given in page.elements
                if tag == "a" and not given["href"].startswith("#")]

    def test_each_host_has_one(self):
        self.fill(trees.ERROR, trees.WARNING, None, name="web")
        self.write("--profile", "proxy")
        pages = self.pages()
        hosts = [f"hosts/web{number}.html" for number in range(3)]
        self.assertEqual(sorted(pages), [*hosts, "index.html"])
        self.assertEqual(set(self.targets(pages["index.html"])), set(hosts))
        for name in hosts:
            self.assertEqual(self.targets(pages[name]), ["../index.html"])
        moved = self.directory / "moved"
        self.out.rename(moved)
        self.assertEqual(len(self.pages(moved)), 4)

    def test_the_index_is_read_from_the_top(self):
        self.fill(None, trees.WARNING, trees.ERROR, sysctl(BACKLOG, 128), name="web")
        self.write("--profile", "proxy")
        page = self.pages()["index.html"]
        text = trees.plain(page.text())
        verdict = "1 of 4 hosts has errors now; 3 hosts have warnings."
        places = [text.index(words) for words in (
            "Audited 20", "profile proxy", verdict, "web2", "web1", "What to do",
            "tuner apply --profile proxy", "tcp-tw-recycle-enabled", "timestamps-off",
            "Hosts that differ")]
        self.assertEqual(places, sorted(places), text)
        rows = [given for tag, given in page.elements if tag == "tr" and "data-severity" in given]
        self.assertEqual([each["data-severity"] for each in rows], ["error"] + ["warning"] * 3)

    def test_it_works_without_its_script(self):
        self.fill(None, trees.WARNING, trees.ERROR, name="web")
        self.write()
        page = self.pages()["index.html"]
        controls = [given for _, given in page.elements if given.get("class") == "controls"]
        self.assertEqual(["hidden" in each for each in controls], [True])
        self.assertGreaterEqual({"hosts", "hosts-error", "hosts-warning", "hosts-clean", "findings"},
                                {given["id"] for _, given in page.elements
                                 if given.get("id", "").startswith("hosts-")})
        self.assertLessEqual({"hosts", "findings", "hosts-error", "hosts-warning", "hosts-clean"},
                             set(page.links))
        self.assertIn("details", [tag for tag, _ in page.elements])
        self.assertLess(len("".join(page.scripts).splitlines()), 30)
        for name, other in self.pages().items():
            self.assertEqual(bool(other.scripts), name == "index.html")

    def test_a_row_for_each_finding_and_key(self):
        self.fill({**sysctl("net.core.rmem_max", 1), **sysctl(BACKLOG, 128)}, sysctl(BACKLOG, 128),
                  None, name="web")
        self.write()
        text = trees.plain(self.pages()["index.html"].text())
        self.assertRegex(text, rf"{BACKLOG} 2 of 3 web0 , web1")
        self.assertRegex(text, r"net\.core\.rmem_max 1 of 3 web0")
        self.assertEqual(text.count("Kernels have raised their defaults"), 1)

    def test_the_command_of_a_host_is_its_own(self):
        self.fill(trees.ERROR, None, name="web")
        self.write()
        _, document = self.fleet()
        commands = {each["name"]: each["next"] for each in document["hosts"]}
        self.assertIsNone(commands["web1"])
        self.assertRegex(commands["web0"], "^tuner apply --fix tcp-tw-recycle-enabled ")
        pages = self.pages()
        self.assertIn(commands["web0"], pages["hosts/web0.html"].text())
        self.assertIn(commands["web0"], pages["index.html"].text())
        self.assertNotIn("tuner apply", pages["hosts/web1.html"].text())

    def test_names_are_safe_and_differ(self):
        evil = "<img src=x onerror=alert(1)>|\"&'\x1b\n"
        for name in (evil, "Web", "web", "index", "-o", "a b", "a+b", "x" * 255):
            self.add(name)
        trees.hostile(self.hosts / "hostile")
        self.write()
        pages = self.pages()
        names = [name.lower() for name in pages]
        self.assertEqual(len(set(names)), 10)
        for name in names:
            self.assertRegex(name, r"\A(index\.html|hosts/[a-z0-9][\w.-]{0,120}\.html)\Z")
        self.assertEqual(set(self.targets(pages["index.html"])), set(pages) - {"index.html"})

    def test_one_file_has_no_links(self):
        self.fill(trees.WARNING)
        self.write(out=self.directory / "one.html")
        page = Page((self.directory / "one.html").read_text())
        self.assertEqual((page.problems, self.targets(page)), ([], []))

    def test_a_directory_is_written_again(self):
        self.fill(None, trees.WARNING, name="web")
        self.write()
        (self.out / ".tuner-page").write_text("")
        shutil.rmtree(self.hosts / "web0")
        self.add("db")
        self.write(out=self.out)
        self.assertEqual(sorted(self.pages()), ["hosts/db.html", "hosts/web1.html", "index.html"])

    def test_nobody_elses_file_is_touched(self):
        self.fill(trees.WARNING)
        for path in ("index.html", "notes.txt", "hosts/h0.html"):
            with self.subTest(path=path):
                (self.out / path).parent.mkdir(parents=True, exist_ok=True)
                (self.out / path).write_text("<!DOCTYPE html>\nmine")
                before = {each: each.read_bytes() for each in self.out.rglob("*") if each.is_file()}
                result = self.write(status=1)
                self.assertIn(path, result.stderr)
                self.assertEqual(before, {each: each.read_bytes() for each in self.out.rglob("*")
                                          if each.is_file()})
                (self.out / path).unlink()
        # A report of one host is not of this directory.
        run("audit", "--root", self.hosts / "h0", "--format", "html", "-o", self.out / "index.html")
        self.assertIn("index.html", self.write(status=1).stderr)
        (self.directory / "way").symlink_to(self.directory)
        self.assertIn("not a directory", self.write(out=self.directory / "way", status=1).stderr)

    def test_a_directory_takes_pages_alone(self):
        self.add("good")
        for form in ("text", "json"):
            result = run("fleet", self.hosts, "--format", form, "-o", f"{self.out}/")
            self.assertEqual(result.returncode, 1, form)
        self.assertFalse(self.out.exists())


if __name__ == "__main__":
    unittest.main()
