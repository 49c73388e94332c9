"""A client that sends anything, keeps cookies, and reads links and forms as a browser does."""

import html.parser
import http.client
import re
import time
import urllib.parse
import uuid

import nasties


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        self.text = body.decode("utf-8", "replace")


class Visitor:
    """One person with a browser of their own."""

    def __init__(self, name, port):
        self.name, self.port, self.cookies, self.connection = name, port, {}, None

    def send(self, method, path, body=None, headers=None):
        """Sends one request; a connection that was let go while it lay idle is opened anew, once."""
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **(headers or {})}
        sent = {name: value.encode("utf-8") for name, value in sent.items() if value or name != "Cookie"}
        for attempt in (1, 2):
            reused = self.connection is not None
            try:
                self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
                self.connection.putrequest(method, path, skip_host="Host" in sent, skip_accept_encoding=True)
                for name, value in sent.items():
                    self.connection.putheader(name, value)
                if body is not None:
                    self.connection.putheader("Content-Length", str(len(body)))
                self.connection.endheaders(body)
                answer = self.connection.getresponse()
                found = Answer(answer.status, answer.headers, answer.read())
                break
            except (http.client.HTTPException, OSError):
                self.close()
                if not reused or attempt == 2:
                    raise
        if answer.will_close:
            self.close()
        for cookie in found.headers.get_all("Set-Cookie") or []:
            name, value = cookie.split(";")[0].split("=", 1)
            # A session that ends is kept: what comes after would be sent by nobody.
            if value and "Cookie" not in (headers or {}):
                self.cookies[name] = value
        return found

    def copy(self):
        """The same person on a connection of their own."""
        other = Visitor(self.name, self.port)
        other.cookies = dict(self.cookies)
        return other

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def get(self, path, **headers):
        return self.send("GET", path, None, headers)

    def post(self, path, fields, files=()):
        if not files:
            return self.send("POST", path, urllib.parse.urlencode(fields, doseq=True, errors="raw").encode(), {"Content-Type": nasties.FORM_TYPES[0]})
        return self.send("POST", path, multipart(fields, files), {"Content-Type": nasties.FORM_TYPES[1]})

    def follow(self, answer):
        """Where a redirect leads, as far as it leads."""
        for _ in range(5):
            if answer.status not in (301, 302, 303) or not answer.headers.get("Location"):
                break
            answer = self.get(urllib.parse.urlsplit(answer.headers["Location"])._replace(scheme="", netloc="", fragment="").geturl() or "/")
        return answer

    def submit(self, page, action, **fields):
        """Sends the form of a page whose action ends so, with what it holds already and these answers."""
        form = next(form for form in Page.read(page).forms if form.action.endswith(action))
        return self.follow(self.post(form.action, {**form.filled(), **fields}))


def multipart(fields, files):
    mark = nasties.BOUNDARY.encode()
    parts = []
    for name, value in fields.items():
        for item in value if isinstance(value, list) else [value]:
            parts.append(b"Content-Disposition: form-data; name=\"%s\"\r\n\r\n%s" % (name.encode(), item.encode("utf-8", "raw")))
    for name, content in files:
        parts.append(b"Content-Disposition: form-data; name=\"%s\"; filename=\"a\"\r\nContent-Type: image/png\r\n\r\n%s" % (name.encode(), content))
    return b"".join(b"--" + mark + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + mark + b"--\r\n"


# What fields take, by the beginning of their name, else by their kind.
NAMED = {
    "category": "lubang", "answer-lubang-ukuran": "besar", "subdistrict": "99.01.01.1002", "story": "Lubang besar di depan sekolah dasar.", "channel": "counter", "received": time.strftime("%Y-%m-%d", time.localtime(time.time() - 86400)),
    "contact": "warga@contoh.id", "price-": "13000", "stock-": "100",
}
SENSIBLE = {"hidden": "", "text": "Uji coba di depan sekolah", "date": time.strftime("%Y-%m-%d", time.localtime(time.time() + 7 * 86400)), "numeric": "1", "email": "warga@contoh.id", "password": "kuda nil makan rumput"}


def again(fields):
    """The same answers under a new name: a form is taken once."""
    return {name: uuid.uuid4().hex if name in ("sekali", "kunci") else value for name, value in fields.items()}


class Form:
    def __init__(self, method, action):
        self.kinds = {}
        self.method, self.action, self.fields, self.files, self.buttons = method, action, {}, set(), []

    def filled(self, button=None):
        """What it sends when a button is pressed: what stood in it, something sensible where nothing did, and, since a form is
        taken once, a new name for each sending."""
        known = lambda name: next((value for begin, value in NAMED.items() if name.startswith(begin)), None)
        fields = {name: known(name) or value or SENSIBLE.get(self.kinds.get(name, ""), SENSIBLE["text"]) for name, value in self.fields.items()}
        return {**again(fields), **({button[0]: button[1]} if button and button[0] else {})}


class Page(html.parser.HTMLParser):
    """Links and forms of a page."""

    def __init__(self):
        super().__init__()
        self.links, self.forms, self.form, self.select, self.area = [], [], None, None, None

    @classmethod
    def read(cls, answer):
        page = cls()
        if "html" in (answer.headers.get("Content-Type") or ""):
            page.feed(answer.text)
        return page

    def handle_starttag(self, tag, attributes):
        attributes = {name: value or "" for name, value in attributes}
        name, value = attributes.get("name", ""), attributes.get("value", "")
        if tag in ("a", "img", "link", "script"):
            self.links.append(attributes.get("href") or attributes.get("src") or "")
        elif tag == "form":
            self.form = Form(attributes.get("method", "get").upper(), attributes.get("action", ""))
            self.forms.append(self.form)
        elif tag == "option" and self.form and self.select:
            if "selected" in attributes or not self.form.fields.get(self.select):
                self.form.fields[self.select] = value
        elif self.form is None or not name:
            pass
        elif tag == "input":
            kind = attributes.get("type", "text")
            if kind == "file":
                self.form.files.add(name)
            elif kind in ("radio", "checkbox"):
                if "checked" in attributes or name not in self.form.fields:
                    self.form.fields[name] = value or "on"
            else:
                self.form.fields[name] = value
                self.form.kinds[name] = "numeric" if attributes.get("inputmode") == "numeric" and kind == "text" else kind
        elif tag == "select":
            self.select = name
            self.form.fields[name] = ""
        elif tag == "textarea":
            self.area = name
            self.form.fields[name] = ""
        elif tag == "button":
            self.form.buttons.append((name, value))

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            # The line break that a text may begin with is not part of it.
            if self.area and self.form:
                self.form.fields[self.area] = self.form.fields[self.area].removeprefix("\n")
            self.area = None

    def handle_data(self, data):
        if self.area and self.form:
            self.form.fields[self.area] += data
