"""The server is killed at random moments under load: nothing acknowledged is lost, nothing is done twice."""

import os
import random
import re
import subprocess
import sys
import threading
import time
import uuid

import requests

from conftest import BINARY, ROOT, docket_in, report

sys.path.append(str(ROOT / "Tests" / "Browser"))
from test_journey import png  # noqa: E402

KILLS = int(os.environ.get("KILLS", "100"))


class Client(threading.Thread):
    """Files one report after another; what was not answered is sent again, word for word."""

    def __init__(self, city, name):
        super().__init__(daemon=True)
        self.city, self.label = city, name
        self.acknowledged = {}
        self.is_stopping = False
        self.sent = 0

    def run(self):
        session = requests.Session()
        while not self.is_stopping:
            text = f"Laporan {self.label} nomor {self.sent}, lubang di depan halte."
            try:
                answer = session.post(self.city.url + "/open311/v2/requests.json", data=report(text), timeout=10)
                if answer.status_code == 200:
                    self.acknowledged[text] = answer.json()[0]["service_request_id"]
                    self.sent += 1
            except (requests.RequestException, ValueError):
                session = requests.Session()
                time.sleep(0.02)


class Phone(threading.Thread):
    """Reports with a photo on one page, then adds to the case; each is sent with its own key until it is answered."""

    def __init__(self, city, name, photo):
        super().__init__(daemon=True)
        self.city, self.label, self.photo = city, name, photo
        self.cases, self.added = [], []
        self.is_stopping = False

    def until_answered(self, send):
        while not self.is_stopping:
            try:
                answer = send()
                if answer.status_code == 200:
                    return answer
            except requests.RequestException:
                pass
            time.sleep(0.02)

    def form(self, session, path):
        page = self.until_answered(lambda: session.get(self.city.url + path, timeout=10))
        return page and {name: re.search(rf'name="{name}" value="([^"]+)"', page.text).group(1) for name in ("token", "sekali")}

    def run(self):
        number = 0
        while not self.is_stopping:
            session, key, number = requests.Session(), str(uuid.uuid4()), number + 1
            fields = self.form(session, "/lapor/luring")
            if not fields:
                return
            fields |= {"kunci": key, "category": "lubang", "answer-lubang-ukuran": "besar", "story": f"Dari ponsel {self.label} nomor {number}, lubang besar.", "subdistrict": "99.01.01.1002", "address": "Jalan Merdeka"}
            answer = self.until_answered(lambda: session.post(self.city.url + "/lapor/luring", data=fields, files={"photo": self.photo}, timeout=10))
            if not answer:
                return
            docket = docket_in(answer.url)
            self.cases.append(docket)
            fields = self.form(session, f"/berkas/{docket}")
            if not fields:
                return
            text = f"Tambahan {self.label} nomor {number}."
            if self.until_answered(lambda: session.post(f"{self.city.url}/berkas/{docket}/balasan", data=fields | {"reply": text}, files={"photo": self.photo}, timeout=10)):
                self.added.append((session, docket, text))


def test_killed_at_random_moments(city, engine, tmp_path):
    kills = KILLS // 2 if engine == "postgres" else KILLS - KILLS // 2
    seed = int(os.environ.get("SEED", time.time()))
    print(f"seed {seed}, {kills} kills")
    chance = random.Random(seed)
    clients = [Client(city, f"{index}") for index in range(4)]
    photo = png(tmp_path / "a.png").read_bytes()
    phones = [Phone(city, f"{index}", photo) for index in range(2)]
    for client in clients + phones:
        client.start()
    for _ in range(kills):
        time.sleep(chance.uniform(0.05, 0.5))
        city.kill()
        city.start()
    time.sleep(0.5)
    for client in clients + phones:
        client.is_stopping = True
    for client in clients + phones:
        client.join(timeout=20)
    acknowledged = {text: docket for client in clients for text, docket in client.acknowledged.items()}
    assert len(acknowledged) > kills
    found = {}
    csv = requests.get(city.url + "/data/laporan.csv").text
    for line in csv.splitlines()[1:]:
        docket, step = line.split(",")[0], line.split(",")[16]
        if step == "complaint.filed":
            found[docket] = found.get(docket, 0) + 1
    lost = [docket for docket in acknowledged.values() if docket not in found]
    assert not lost, f"{len(lost)} of {len(acknowledged)} acknowledged reports are gone"
    assert len(set(acknowledged.values())) == len(acknowledged), "two reports share a number"
    assert max(found.values()) == 1
    cases = [docket for phone in phones for docket in phone.cases]
    assert cases and len(set(cases)) == len(cases) and all(found[docket] == 1 for docket in cases)
    # A reply is private until it is published: whoever wrote it sees it.
    for session, docket, text in (added for phone in phones for added in phone.added):
        page = session.get(f"{city.url}/berkas/{docket}").text
        assert page.count(text) == 1, f"{text} stands {page.count(text)} times in {docket}"
        assert all(session.get(city.url + path).ok for path in re.findall(r'src="(/berkas/[^"]+/foto/[^"]+)"', page))
    # At most one report of each client was stored and never answered.
    assert len(found) <= len(acknowledged) + len(cases) + len(clients) + len(phones)
    key = requests.get(city.url + "/ledger/vkey").text.strip()
    assert "VALID" in subprocess.run([BINARY, "verify", city.url + "/ledger", "--key", key], capture_output=True, text=True).stdout


def test_a_clean_stop_finishes_what_is_under_way(city):
    answers = []
    threads = [threading.Thread(target=lambda n=n: answers.append(requests.post(city.url + "/open311/v2/requests.json", data=report(f"Laporan saat berhenti, nomor {n}.")).status_code)) for n in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(0.05)
    city.stop()
    for thread in threads:
        thread.join()
    assert city.process.returncode == 0
    city.start()
    assert len(requests.get(city.url + "/open311/v2/requests.json").json()) == answers.count(200)
