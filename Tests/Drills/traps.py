"""The drill behind `test_traps.py`: finds an address of every route, learns what each asks for, and sends every extreme there."""

import collections
import concurrent.futures
import dataclasses
import http.client
import json
import os
import pathlib
import random
import re
import threading
import time
import typing
import urllib.parse
import zlib

import requests

import nasties
from visitor import Page, Visitor, again

# Acts that end a case or a till come when everything else is done, those that end a session or an account after these.
LAST = re.compile(r"/(keluar|hapus|tutup)\b")
ENDS_SESSIONS = re.compile(r"/(keluar|saya/\{apa\}|meja/akun/\{apa\}|masuk)$")


@dataclasses.dataclass
class Example:
    """A request that a handler takes: the base of those that it should refuse."""

    visitor: Visitor
    method: str
    path: str
    fields: dict = dataclasses.field(default_factory=dict)
    files: tuple = ()
    body: bytes | None = None
    headers: dict = dataclasses.field(default_factory=dict)
    # Gives the headers that show who sends a body, where that is more than a cookie.
    sign: typing.Callable | None = None
    status: int = 0

    @property
    def kind(self):
        """What it asks for: requests of one kind ask for the same of different things."""
        return (*(self.fields.get(name) for name in ("tindakan", "act", "isi")), frozenset(self.fields))

    def send(self, visitor):
        if self.body is not None:
            return visitor.send(self.method, self.path, self.body, {**(self.sign(self.body) if self.sign else {}), **self.headers})
        if self.method == "POST" and self.files:
            return visitor.post(self.path, self.fields, [(name, self.headers.get("file", b"")) for name in self.files])
        if self.method == "POST":
            return visitor.post(self.path, self.fields)
        return visitor.send(self.method, self.path, None, self.headers)

    def __str__(self):
        body = self.body if self.body is not None else self.fields or ""
        return f"{self.visitor.name}: {self.method} {self.path[:300]} {self.headers or ''} {str(body)[:400]}"


class Drill:
    """Tries a city.

    share: beside the core, one in so many of the requests that an example leads to is sent: 1 for all, infinity for none.
    """

    def __init__(self, city, routes, questions, people, share=1):
        self.people, self.share = people, share
        self.city, self.questions = city, pathlib.Path(questions)
        self.routes = [tuple(line.split(" ", 1)) for line in routes.splitlines() if line]
        self.examples = {route: [] for route in self.routes}
        self.faults, self.unanswered, self.answers, self.lock = {}, {}, {}, threading.Lock()
        self.first = city.child

    # What there is

    def route(self, method, path):
        """The route that answers an address: literal names win over those that are captured."""
        segments = urllib.parse.urlsplit(path).path.strip("/").split("/")

        def fits(pattern):
            parts = pattern.strip("/").split("/")
            if parts[-1] == "**":
                return segments[: len(parts) - 1] == parts[:-1] and len(segments) >= len(parts)
            return len(parts) == len(segments) and all(part.startswith("{") or part == segment for part, segment in zip(parts, segments))

        found = [pattern for known, pattern in self.routes if known == method and fits(pattern)]
        return (method, max(found, key=lambda pattern: [not part.startswith(("{", "**")) for part in pattern.strip("/").split("/")])) if found else None

    def add(self, example, most=3):
        """Keeps an example, unless this visitor has enough of the kind."""
        route = self.route(example.method, example.path)
        if route is None:
            return False
        known = [other for other in self.examples[route] if other.visitor is example.visitor]
        if any((other.path, other.kind, other.body) == (example.path, example.kind, example.body) for other in known) or len(known) >= most * (4 if example.fields else 1):
            return False
        self.examples[route].append(example)
        return True

    def walk(self, visitor, seeds):
        """Follows links and collects forms, a few addresses of each route."""
        waiting = [seed for seed in seeds]
        while waiting:
            path = waiting.pop(0)
            example = Example(visitor, "GET", path)
            if not self.add(example):
                continue
            answer = self.watch(example)
            if answer is None:
                continue
            example.status = answer.status
            if answer.status in (301, 302, 303):
                waiting.append(self.local(answer.headers.get("Location") or ""))
            waiting += self.read(visitor, path, answer)

    def local(self, link, base="/"):
        parts = urllib.parse.urlsplit(urllib.parse.urljoin(base, link))
        return parts._replace(scheme="", netloc="", fragment="").geturl() if parts.path.startswith("/") else "/"

    def read(self, visitor, path, answer):
        """Keeps the forms of a page; gives its links."""
        page = Page.read(answer)
        for form in page.forms:
            action = self.local(form.action or path, path)
            for button in form.buttons or [None]:
                fields = form.filled(button)
                if form.method == "GET":
                    self.add(Example(visitor, "GET", action.split("?")[0] + "?" + urllib.parse.urlencode(fields)))
                else:
                    self.add(Example(visitor, "POST", action, fields, tuple(form.files)))
        return [self.local(link, path) for link in page.links if link and not link.startswith(("http", "mailto:", "tel:", "data:", "#")) and "/aset/" not in link]

    def press(self, visitor):
        """Sends each form once with sensible answers, so that handlers go as far as they can and things come to be."""
        for route in self.routes:
            if route[0] != "POST" or ENDS_SESSIONS.search(route[1]):
                continue
            for example in [other for other in self.examples[route] if other.visitor is visitor and not other.status and not LAST.search(other.path)]:
                answer = self.watch(example)
                if answer is None:
                    continue
                example.status = answer.status
                self.read(visitor, example.path, answer)
                if answer.status in (301, 302, 303):
                    self.walk(visitor, [self.local(answer.headers.get("Location") or "", example.path)])

    def asked(self):
        """What each route asked for so far: place and name."""
        found = {}
        for line in self.questions.read_text().splitlines():
            method, pattern, place, name = line.split("\t")
            found.setdefault((method, pattern), []).append((place, name))
        return found

    # What is sent

    def watch(self, example, visitor=None):
        """Sends a request and looks what became of the city; None where no answer came."""
        visitor = visitor or example.visitor
        try:
            answer = example.send(visitor)
        except TimeoutError:
            self.fault("no answer in minutes", example)
            return None
        except (http.client.HTTPException, OSError) as error:
            # Where it ended the city, the parent starts it again and counts by which route; this says by what.
            self.unanswered.setdefault(self.route(example.method, example.path), []).append(f"{example} ({error!r})")
            self.city.wait(60)
            return None
        self.answers.setdefault(self.route(example.method, example.path), collections.Counter())[answer.status] += 1
        if answer.status >= 500:
            self.fault(answer.status, example, re.sub(r"(<[^>]*>|\s)+", " ", answer.text[max(answer.text.find("<main"), 0) :])[:300])
        return answer

    def fault(self, what, example, words=""):
        """Notes what must not be; of each kind the first request, and how many."""
        with self.lock:
            found = self.faults.setdefault((what, self.route(example.method, example.path)), [f"{example}\n    {words}", 0])
            found[1] += 1

    def report(self):
        """Every fault, by its route; empty where there is none."""
        lines = [f"{what} from {name(route)}, {count} times, first {text}" for (what, route), (text, count) in self.faults.items()]
        metrics = requests.get(self.city.url + "/metrics", timeout=60).text
        for pattern, method, count in re.findall(r'^balai_restarts_total\{route="(.*)",method="(.*)"\} (\d+)', metrics, re.M):
            known = self.unanswered.get((method, pattern)) or sum(self.unanswered.values(), [])
            lines.append(f"{method} {pattern} ended the city {count} times, by one of\n    " + "\n    ".join(known[:4]))
        if not lines and self.city.child != self.first:
            lines.append("the city is another process than before")
        return lines

    def staff(self):
        """Who is signed in at the desk."""
        return [visitor.name for visitor in self.people if visitor.copy().get("/meja/akun").status == 200]

    def memory(self):
        """Megabytes that the city holds."""
        return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{self.city.child}/status").read_text()).group(1)) // 1024

    # Attacks

    def attacks(self, route, asked, chance):
        """Every request that a route is tried with."""
        owners = sorted(self.examples[route], key=lambda example: (example.status >= (400 if route[0] == "POST" else 300), not example.fields, len(example.path)))
        kinds, driven = set(), collections.Counter()
        for example in owners:
            # The address or form that got furthest is tried most; others of its kind, by whoever, a few times.
            if example.kind in kinds or len(kinds) >= 30:
                yield example
                yield from sample(self.variants(route, example, asked, 4 * self.share, chance), 2, chance)
            elif kinds:
                # The address and the cookies are the route's own, whatever the form.
                yield from self.contents(route, example, asked, 4 * self.share, chance, driven)
            else:
                yield from self.variants(route, example, asked, self.share, chance)
            kinds.add(example.kind)
        # Whoever was never shown the way there sends what others send.
        known = {example.visitor.name for example in owners}
        for visitor in self.people:
            if visitor.name not in known and owners:
                stolen = dataclasses.replace(owners[0], visitor=visitor)
                yield stolen
                yield from sample(self.variants(route, stolen, asked, 4 * self.share, chance), 1, chance)

    def variants(self, route, example, asked, share, chance):
        """What an example becomes when one thing of it is driven to the ends; of all but the core of these one in `share`."""
        pattern = route[1]
        names = asked_in(asked)
        changed = lambda **more: dataclasses.replace(example, **more)
        some = lambda items: [item for item in items if chance.random() * share < 1]
        values = lambda old, *more: nasties.CORE + some([*nasties.VALUES, *more, *nasties.of(old)])
        address = urllib.parse.urlsplit(example.path)
        parts, segments = pattern.strip("/").split("/"), address.path.strip("/").split("/")
        for index, part in enumerate(parts):
            if part.startswith("{") or part == "**":
                for value in values(urllib.parse.unquote(segments[index])):
                    path = "/" + "/".join([*segments[:index], quoted(value), *segments[index + 1:]])
                    yield changed(path=path + (f"?{address.query}" if address.query else ""))
        query = dict(urllib.parse.parse_qsl(address.query, keep_blank_values=True))
        for name in sorted({*names["query"], *query}):
            for value in values(query.get(name, ""), nasties.LONG[:8000]):
                yield changed(path=address.path + "?" + urllib.parse.urlencode({**query, name: value}, errors="raw"))
        for name in names["cookie"]:
            if re.fullmatch(r"[!-~]+", name):
                for value in nasties.CORE + some(nasties.BASE36 + nasties.of(example.visitor.cookies.get(name, "abc.def"))):
                    cookies = {**example.visitor.cookies, name: urllib.parse.quote(value, safe="!#$%&'()*+-./:<>@[]^_`{|}~", errors="raw")}
                    yield changed(headers={**example.headers, "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}, body=encoded(example))
        for headers in some(nasties.HEADERS):
            yield changed(headers={**example.headers, **headers}, body=encoded(example))
        yield from self.contents(route, example, asked, share, chance)

    def contents(self, route, example, asked, share, chance, driven=None):
        """The same for what an example carries in its body. A field of one act is driven twice, in however many forms it stands."""
        changed = lambda **more: dataclasses.replace(example, **more)
        some = lambda items: [item for item in items if chance.random() * share < 1]
        values = lambda old, *more: nasties.CORE + some([*nasties.VALUES, *more, *nasties.of(old)])
        if example.body is not None:
            yield from self.bodies(example, some, changed)
        elif route[0] == "POST":
            yield from self.forms(example, asked_in(asked), some, values, changed, collections.Counter() if driven is None else driven)

    def forms(self, example, names, some, values, changed, driven):
        known = sorted({*names["field"], *example.fields} - {"token"})
        act = example.path.rsplit("/", 1)[-1]
        for name in known:
            # What stands in no form of this act is likely asked for by another act of the route.
            key = (act if name in example.fields else "", name)
            driven[key] += 1
            if driven[key] > 2:
                continue
            old = example.fields.get(name, "")
            for value in values(old, nasties.LONG):
                yield changed(fields={**again(example.fields), name: value})
            yield changed(fields={**again(example.fields), name: [old, old, ""]})
            yield changed(fields={other: value for other, value in again(example.fields).items() if other != name})
        for value in nasties.CORE:
            yield changed(fields={**dict.fromkeys(known, value), "token": example.fields.get("token", "")})
        yield changed(fields={**example.fields, "token": "x" * 43})
        for name in sorted({*names["file"], *example.files}):
            for content in nasties.FILES:
                yield changed(fields=again(example.fields), files=(name,), headers={"file": content})
        for kind in nasties.FORM_TYPES:
            for body in some(nasties.FORM_BODIES)[:4]:
                yield changed(body=body, headers={"Content-Type": kind})

    def bodies(self, example, some, changed):
        try:
            document = json.loads(example.body)
            for body in nasties.members(document, lambda _: nasties.JSON_CORE):
                yield changed(body=body)
            bodies = nasties.documents(document)
        except ValueError:
            bodies = [*nasties.FILES, *nasties.JSON_TEXTS]
        for body in some(bodies):
            yield changed(body=body)
        for kind in nasties.FORM_TYPES:
            yield changed(headers={**example.headers, "Content-Type": kind})

    def attack(self, threads):
        """Tries every route."""
        asked = self.asked()
        turn = lambda route: 2 if ENDS_SESSIONS.search(route[1]) else 1 if any(LAST.search(example.path) for example in self.examples[route]) else 0

        def try_route(route):
            start = time.monotonic()
            copies = {}
            for example in self.attacks(route, asked.get(route, []), random.Random(zlib.crc32(" ".join(route).encode()))):
                visitor = copies.setdefault(example.visitor.name, example.visitor.copy())
                self.watch(example, visitor)
            if "BALAI_DRILL_TRACE" in os.environ:
                print(f"{time.monotonic() - start:6.1f} s {len(self.faults):3} faults {self.memory()} MB {name(route)} {dict(self.answers.get(route, {}))}", flush=True)

        with concurrent.futures.ThreadPoolExecutor(threads) as pool:
            staff = self.staff()
            for number in range(3):
                # What comes after would be tried by nobody.
                assert number == 0 or self.staff() == staff, "somebody was signed out before the end"
                # Those with most to try first, so that none is left to one thread alone at the end.
                routes = sorted((route for route in self.routes if turn(route) == number), key=lambda route: (-len(self.examples[route]), route))
                for _ in pool.map(try_route, routes):
                    pass


def asked_in(asked):
    """The names that a handler asks for, by where they stand."""
    return {place: sorted(name for kind, name in asked if kind == place) for place in ("query", "field", "file", "cookie", "body")}


def name(route):
    return " ".join(route) if route else "no route"


def sample(items, count, chance):
    """Some of many, each as likely, without keeping more than these."""
    kept = []
    for index, item in enumerate(items):
        if index < count:
            kept.append(item)
        elif (place := chance.randrange(index + 1)) < count:
            kept[place] = item
    return kept


def quoted(value):
    return urllib.parse.quote(value[:8000].encode("utf-8", "raw"), safe="") or "%20"


def encoded(example):
    if example.body is not None or example.method != "POST":
        return example.body
    return urllib.parse.urlencode(example.fields, doseq=True, errors="raw").encode()
