"""Reports as pages, in Chromium, and held against HTML by two readers of it."""

import os
import shutil
import sys
import unittest
from pathlib import Path

import trees
from browser import Browser
from markup import Page
from sandbox import Case, ROOT, call, tuner

LOOK = (Path(__file__).parent / "look.js").read_text()
SCREENSHOTS = Path(os.environ["SCREENSHOTS"])
WINDOWS = {"phone": (390, 844), "desk": (1280, 900)}
HOSTILE_NAME = "<b>|\"&'\\ " + "long" * 50


class Reports(Case):
    def host_report(self):
        page = self.directory / "host.html"
        root = trees.hostile(self.directory / "hostile")
        tuner("audit", "--root", root, "--profile", "proxy", "--format", "html", "-o", page,
              status=2)
        return page

    def fleet_report(self):
        """The first page of a directory, with one for each host."""
        fleet = self.directory / "fleet"
        fleet.mkdir()
        for host in trees.HOSTS.iterdir():
            if host.is_dir():
                shutil.copytree(host, fleet / host.name)
        trees.hostile(fleet / HOSTILE_NAME)
        for number in range(4):
            trees.host(fleet / f"web{number}", trees.WARNING if number == 1 else None)
        (fleet / "empty").mkdir()
        pages = self.directory / "pages"
        tuner("fleet", fleet, "--profile", "proxy", "--format", "html", "-o", f"{pages}/", status=2)
        return pages / "index.html"

    def look_at(self, browser, page, name):
        for window, size in WINDOWS.items():
            for scheme in ("light", "dark"):
                browser.show(*size, scheme)
                browser.open(page)
                # What is folded has to fit too.
                browser.evaluate("document.querySelectorAll('details').forEach(one => "
                                 "{ one.open = true; })")
                seen = browser.evaluate(LOOK)
                what = f"{name}, {window}, {scheme}"
                self.assertLessEqual(seen["width"], seen["window"], f"{what}: wider")
                self.assertEqual(seen["window"], size[0], what)
                self.assertGreater(seen["texts"], 30, what)
                self.assertEqual(seen["faint"], [], what)
                self.assertEqual(seen["broken"], [], what)
                self.assertEqual(max(seen["ground"][:3]) < 128, scheme == "dark", what)
                self.check_quiet(browser, page, what)
                browser.screenshot(SCREENSHOTS / f"{name}-{window}-{scheme}.png")

    def check_quiet(self, browser, page, what):
        asked = [event["params"]["request"]["url"]
                 for event in browser.named("Network.requestWillBeSent")]
        self.assertEqual(len(asked), 1, f"{what}: {asked}")
        self.assertTrue(asked[0].endswith(page.name), what)
        said = browser.named("Runtime.consoleAPICalled", "Runtime.exceptionThrown",
                             "Log.entryAdded", "Page.javascriptDialogOpening")
        self.assertEqual(said, [], what)

    def check_print(self, browser, page, name):
        """On paper: dark text on white, in the dark too."""
        browser.show(*WINDOWS["desk"], "dark", media="print")
        browser.open(page)
        seen = browser.evaluate(LOOK)
        self.assertEqual(seen["faint"], [], f"{name}, print")
        self.assertGreater(min(seen["ground"][:3]), 240, f"{name}, print")
        pdf = browser.pdf()
        self.assertTrue(pdf.startswith(b"%PDF-"))
        (SCREENSHOTS / f"{name}.pdf").write_bytes(pdf)
        print(f"{name}: {page.stat().st_size} bytes, {seen['texts']} texts, PDF {len(pdf)} bytes")

    def check_page(self, page, name):
        SCREENSHOTS.mkdir(exist_ok=True)
        self.assertEqual(Page(page.read_text(), page).problems, [])
        browser = Browser(self)
        self.look_at(browser, page, name)
        self.check_print(browser, page, name)

    def test_of_a_host(self):
        self.check_page(self.host_report(), "host")

    def test_of_a_fleet(self):
        self.check_page(self.fleet_report(), "fleet")

    def test_sort_and_filter(self):
        page = self.fleet_report()
        browser = Browser(self)
        browser.show(*WINDOWS["desk"], "light")
        browser.open(page)
        names = ("[...document.querySelectorAll('tr[data-severity]')].filter(row => !row.hidden)"
                 ".map(row => row.cells[0].textContent)")
        all_of_them = browser.evaluate(names)
        self.assertEqual(len(all_of_them), 12)
        self.assertEqual(all_of_them[0], HOSTILE_NAME)
        click = "document.querySelectorAll('th button')[{}].click()"
        for last in ("web3", HOSTILE_NAME):
            browser.evaluate(click.format(0))
            self.assertEqual(browser.evaluate(names)[-1], last)
        browser.evaluate(click.format(2))
        self.assertEqual(browser.evaluate(names)[0], all_of_them[0])
        fill = ("(() => {{ const field = document.querySelector('.controls {}');"
                "field.value = '{}'; field.dispatchEvent(new Event('input', {{bubbles: true}})); }})()")
        browser.evaluate(fill.format("input", "WEB"))
        self.assertEqual(sorted(browser.evaluate(names)), ["web0", "web1", "web2", "web3"])
        browser.evaluate(fill.format("input", ""))
        browser.evaluate(fill.format("select", "error"))
        self.assertEqual(browser.evaluate(names), [HOSTILE_NAME])
        cards = "[...document.querySelectorAll('section.card')].filter(one => !one.hidden)" \
                ".every(one => one.dataset.severity === 'error')"
        self.assertTrue(browser.evaluate(cards))
        self.check_quiet(browser, page, "clicked")

    def test_are_html(self):
        # Pure Python, the same for every release.
        sys.path.append(str(ROOT / "usr/lib/python3/dist-packages"))
        import html5lib
        for page in (self.host_report(), self.fleet_report()):
            html5lib.HTMLParser(strict=True).parse(page.read_bytes())
            result = call("tidy", "-errors", "-quiet", "-utf8", page)
            self.assertEqual((result.returncode, result.stderr), (0, ""), page.name)


class Looking(Case):
    """The look sees what it is for."""

    def seen(self, body, style=""):
        page = self.directory / "page.html"
        page.write_text(f'<!doctype html><html lang="en"><meta name="viewport" '
                        f'content="width=device-width"><style>{style}</style><body>{body}')
        browser = Browser(self)
        browser.show(390, 844, "light")
        browser.open(page)
        return browser, browser.evaluate(LOOK)

    def test_finds_faint_text_and_wide_pages(self):
        _, seen = self.seen('<p style="color:#777">faint</p><p>plain</p>'
                            '<p style="background:#000;color:#fff;opacity:.4">thin</p>'
                            '<table style="width:9px;overflow-wrap:anywhere"><th>broken</table>'
                            '<div style="width:2000px">wide</div>')
        self.assertEqual(seen["broken"], ["broken"])
        self.assertEqual([each.split()[-1] for each in seen["faint"]], ["faint", "thin"])
        self.assertGreater(seen["width"], seen["window"])

    def test_hears_requests_and_scripts(self):
        browser, _ = self.seen('<img src="http://127.0.0.1:1/a.png">'
                               '<script>console.log(1)</script>')
        self.assertEqual(len(browser.named("Network.requestWillBeSent")), 2)
        self.assertTrue(browser.named("Runtime.consoleAPICalled"))


if __name__ == "__main__":
    unittest.main()
