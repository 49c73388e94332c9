"""A complaint's whole way, from several connections: what `bench.py` measures besides single requests."""

import json
import re
import subprocess
import time
import urllib.parse
import uuid
import http.client

from conftest import report, totp

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Officer:
    """Somebody signed in to the desk, over plain HTTP."""

    def __init__(self, server, login, roles):
        claim = subprocess.run([server.binary, "staff", "add", "--login", login, "--name", login, "--agency", "kominfo", "--roles", roles, *server.options], check=True, capture_output=True, text=True, env=server.environment).stdout.strip()
        path = urllib.parse.urlsplit(claim).path
        self.port = server.port
        self.cookies = {}
        page = self.ask("GET", path)
        secret = re.search(r'class="code">([A-Z2-7]+)<', page).group(1)
        self.ask("POST", path, token=self.token(page), code=totp(secret), password="kuda nil makan rumput")
        page = self.ask("GET", "/masuk")
        self.ask("POST", "/masuk", token=self.token(page), login=login, code=totp(secret, 1), password="kuda nil makan rumput")
        self.form_token = self.token(self.ask("GET", "/meja/akun"))
        self.cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    @staticmethod
    def token(page):
        return re.search(r'name="token" value="([^"]+)"', page).group(1)

    def ask(self, method, path, **fields):
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **FORM}
        connection.request(method, path, urllib.parse.urlencode(fields) if fields else None, headers)
        answer = connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookies.update([value.split(";")[0].split("=", 1)])
        assert answer.status < 400, f"{path}: {answer.status}"
        return answer.read().decode()

    def act(self, docket, name, **fields):
        """A request of `drive`: an act on a case."""
        body = urllib.parse.urlencode({"token": self.form_token, "sekali": uuid.uuid4().hex, **fields})
        return "POST", f"/meja/berkas/{docket}/{name}", body, {**FORM, "Cookie": self.cookie}


def whole_way(one, other):
    """The requests of one complaint: filed, checked, reported done, confirmed by somebody else, read. A client's state
    lives in the generator."""
    question = report(f"Kapan posyandu buka? {uuid.uuid4()}.", "informasi", email=f"{uuid.uuid4()}@contoh.id")
    del question["attribute[ukuran]"]
    answer = yield "POST", "/open311/v2/requests.json", urllib.parse.urlencode(question), FORM
    docket = json.loads(answer)[0]["service_request_id"]
    yield one.act(docket, "verifikasi", agency="kominfo")
    yield one.act(docket, "selesai", **{"text-selesai": "Sudah diperbaiki."})
    yield other.act(docket, "konfirmasi")
    yield "GET", f"/berkas/{docket}", None, {}


def lifecycles(server, clients, seconds):
    """Drives whole ways from several connections; gives count, rate and CPU in milliseconds for each whole way."""
    import threading

    one, other = Officer(server, f"satu{time.time_ns()}", "screener,officer,head"), Officer(server, f"dua{time.time_ns()}", "screener,officer,head")
    done, times, lock, until = [0], [], threading.Lock(), time.monotonic() + seconds

    def run():
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        while time.monotonic() < until:
            start, steps, answer = time.monotonic(), whole_way(one, other), None
            while True:
                try:
                    method, path, body, headers = steps.send(answer)
                except StopIteration:
                    break
                connection.request(method, path, body, headers)
                response = connection.getresponse()
                answer = response.read()
                assert response.status < 400, f"{path}: {response.status}"
            with lock:
                done[0] += 1
                times.append(time.monotonic() - start)

    before, start = server.cpu(), time.monotonic()
    threads = [threading.Thread(target=run) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall, cpu = time.monotonic() - start, server.cpu() - before
    times.sort()
    assert done[0] == len(times) > 0
    return {"rate": done[0] / wall, "p50": times[len(times) // 2] * 1000, "p99": times[int(len(times) * 0.99)] * 1000, "cpu": cpu / done[0] * 1000}
