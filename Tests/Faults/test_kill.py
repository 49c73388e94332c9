"""The server is killed at random moments under load: nothing acknowledged is lost, nothing is done twice."""

import os
import random
import subprocess
import threading
import time

import requests

from conftest import BINARY, report

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


def test_killed_at_random_moments(city, engine):
    kills = KILLS // 2 if engine == "postgres" else KILLS - KILLS // 2
    seed = int(os.environ.get("SEED", time.time()))
    print(f"seed {seed}, {kills} kills")
    chance = random.Random(seed)
    clients = [Client(city, f"{index}") for index in range(4)]
    for client in clients:
        client.start()
    for _ in range(kills):
        time.sleep(chance.uniform(0.05, 0.5))
        city.kill()
        city.start()
    time.sleep(0.5)
    for client in clients:
        client.is_stopping = True
    for client in clients:
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
    # At most one report of each client was stored and never answered.
    assert len(found) <= len(acknowledged) + len(clients)
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
