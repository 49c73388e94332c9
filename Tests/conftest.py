"""A city for tests: the real program, as a process of its own, on a database of its own."""

import atexit
import base64
import hashlib
import hmac
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
import uuid

import pytest
import requests

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = pathlib.Path(os.environ.get("BUILD", ROOT / ".build")).resolve() / "debug" / "balai"
VERSIONS = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
ENGINES = ["sqlite", "postgres"] if VERSIONS or os.environ.get("CI") else ["sqlite"]
API_KEY = "kunci-percobaan"


class Postgres:
    """A private server, run by an unprivileged user, with every commit flushed as in service."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="balai-pg-", dir="/tmp"))
        self.bin = VERSIONS[-1]
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres")
        self.run("initdb", "-D", self.folder / "data", "-A", "trust", "-U", "balai", "--locale=C", "-E", "UTF8")
        self.start()
        atexit.register(self.stop)

    def run(self, tool, *arguments):
        owner = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        subprocess.run([*owner, self.bin / tool, *arguments], check=True, cwd="/tmp", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start(self):
        self.run("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o", f"-c listen_addresses='' -k {self.folder}", "start")

    def stop(self, mode="immediate"):
        try:
            self.run("pg_ctl", "-D", self.folder / "data", "-m", mode, "stop")
        except subprocess.CalledProcessError:
            pass

    def database(self):
        name = "t" + uuid.uuid4().hex
        self.run("createdb", "-h", self.folder, "-U", "balai", "-T", "template0", name)
        return f"postgres://balai@/{name}?host={self.folder}"


@pytest.fixture(scope="session")
def postgres_server():
    return Postgres()


class City:
    """The fictional city, served by the real program."""

    def __init__(self, database=None, pack="contoh", environment=None):
        self.data = pathlib.Path(tempfile.mkdtemp(prefix="balai-city-"))
        self.pack = pack
        self.database = database
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {**os.environ, "BALAI_HOME": str(ROOT), "BALAI_OPEN311_KEYS": f"uji:{API_KEY}", **(environment or {})}
        self.process = None
        self.certificate = True

    def options(self):
        options = ["--city", self.pack, "--data", str(self.data / "city"), "--origin", self.url]
        return options + (["--database", self.database] if self.database else [])

    def command(self, *arguments, check=True):
        done = subprocess.run([BINARY, *arguments, *self.options()], capture_output=True, text=True, env=self.environment, cwd=ROOT)
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done.stdout if check else done

    def start(self, *options):
        self.log = open(self.data / "log", "ab")
        command = [BINARY, "serve", *self.options(), "--port", str(self.port), "--write-limit", "0", "--read-limit", "0", *options]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, env=self.environment, cwd=ROOT)
        self.wait()
        return self

    def wait(self, seconds=120):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            assert self.process.poll() is None, (self.data / "log").read_text()[-2000:]
            try:
                if requests.get(self.url + "/robots.txt", timeout=2, verify=self.certificate).ok:
                    return
            except requests.RequestException:
                time.sleep(0.02)
        raise AssertionError("the city did not open: " + (self.data / "log").read_text()[-2000:])

    @property
    def child(self):
        """The process that serves: the one that was started is its small parent."""
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task").iterdir()
        found = [int(child) for task in tasks for child in (task / "children").read_text().split()]
        return found[0] if found else None

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=30)

    def message(self, *texts, seconds=15, is_taken=False):
        """The newest message to a resident that holds every one of the texts, once it has been sent; one that is taken is not found again."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            files = sorted((self.data / "city" / "outbox").glob("*.txt"), key=lambda file: file.stat().st_mtime, reverse=True)
            for file in files:
                text = file.read_text()
                if all(part in text for part in texts):
                    if is_taken:
                        file.unlink()
                    return text
            time.sleep(0.1)
        raise AssertionError(f"no message with {texts}")

    def staff(self, login, agency, roles):
        """Creates an account; gives the path of its claim link."""
        line = self.command("staff", "add", "--login", login, "--name", login.capitalize(), "--agency", agency, "--roles", roles)
        return line.strip().removeprefix(self.url)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def totp(secret, offset=0):
    """The one-time code of now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + offset), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def report(text, category="lubang", **more):
    """A complete report as an Open311 client sends it."""
    return {"api_key": API_KEY, "service_code": category, "lat": "-1.975", "long": "110.025", "description": text, "attribute[ukuran]": "besar", **more}


@pytest.fixture(params=ENGINES)
def engine(request):
    return request.param


@pytest.fixture
def city(engine, request):
    database = request.getfixturevalue("postgres_server").database() if engine == "postgres" else None
    city = City(database).start()
    yield city
    city.stop()


@pytest.fixture(scope="module")
def quiet_city():
    """One city on SQLite for tests that only look."""
    city = City().start()
    yield city
    city.stop()


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import Locator, sync_playwright

    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Locator, "click", until_it_stands(Locator.click))
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


def wait_until(what, seconds=30):
    """Waits for a state, and gives it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := what():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come to pass")


def until_it_stands(click):
    """A click that leads to a page ends when that page has loaded and its script has run: Playwright's own ends with the page's first byte."""

    def act(locator, *arguments, **options):
        click(locator, *arguments, **options)
        locator.page.wait_for_load_state()

    return act


def docket_in(text):
    return re.search(r"LPR-\d\d-\w{4}-\w{3}", text).group(0)


def link_in(text):
    return re.search(r"https?://\S+", text).group(0)
