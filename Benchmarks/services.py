"""Two hundred people apply and fifty officers decide at the same time, on mixed services: how many acts a second, how long each
takes, whether anything is lost. Run with the release program: `python3 Benchmarks/services.py --binary …/balai`."""

import argparse
import os
import pathlib
import random
import re
import statistics
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "Tests"), str(ROOT / "Benchmarks")]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--applicants", type=int, default=200)
    parser.add_argument("--officers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30)
    arguments = parser.parse_args()
    import conftest

    conftest.BINARY = pathlib.Path(arguments.binary).resolve()
    import requests
    from applicant import BIRTH, HOUSE, apply, token

    city = conftest.City().start("--behind-proxy")
    officers = [sign_in(city, f"petugas{index}", ["kominfo", "pu"][index % 2]) for index in range(arguments.officers)]
    times = {"apply": [], "page": [], "act": []}
    lock, stop = threading.Lock(), threading.Event()
    waiting = {"akta-kelahiran": [], "pbg": []}
    filed, faults = [], []

    def applicant(index):
        generator = random.Random(index)
        while not stop.is_set():
            service, answers = generator.choice([("akta-kelahiran", BIRTH), ("pbg", HOUSE)])
            begin = time.perf_counter()
            try:
                session, docket = apply(city.url, service, answers)
            except Exception as fault:  # noqa: BLE001
                faults.append(repr(fault)[:200])
                continue
            with lock:
                times["apply"].append(time.perf_counter() - begin)
                waiting[service].append(docket)
                filed.append(docket)
            begin = time.perf_counter()
            session.get(f"{city.url}/berkas/{docket}")
            with lock:
                times["page"].append(time.perf_counter() - begin)

    def officer(index):
        session = officers[index]
        service = ["akta-kelahiran", "pbg"][index % 2]
        while not stop.is_set():
            with lock:
                docket = waiting[service].pop(0) if waiting[service] else None
            if docket is None:
                time.sleep(0.05)
                continue
            page = session.get(f"{city.url}/meja/permohonan/{docket}")
            begin = time.perf_counter()
            answer = session.post(f"{city.url}/meja/permohonan/{docket}/langkah/lengkap", data={"token": token(page), "sekali": docket, "ganda": "tidak"})
            with lock:
                times["act"].append(time.perf_counter() - begin)
                if not answer.ok:
                    faults.append(f"{docket}: {answer.status_code}")

    threads = [threading.Thread(target=applicant, args=(index,), daemon=True) for index in range(arguments.applicants)]
    threads += [threading.Thread(target=officer, args=(index,), daemon=True) for index in range(arguments.officers)]
    # The process that was started is the small parent; the city is its child.
    child = next(int(child) for task in pathlib.Path(f"/proc/{city.process.pid}/task").iterdir() for child in (task / "children").read_text().split())
    cpu = processor(child)
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    time.sleep(arguments.seconds)
    stop.set()
    for thread in threads:
        thread.join(timeout=60)
    span = time.perf_counter() - begin
    cpu = processor(child) - cpu
    memory = int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{child}/status").read_text()).group(1)) // 1024
    city.kill()
    city.start()
    lost = [docket for docket in filed if requests.get(f"{city.url}/berkas/{docket}").status_code != 200]
    city.stop()
    for name, values in times.items():
        if values:
            ordered = sorted(values)
            print(f"{name:6} {len(values):6} {len(values) / span:8.1f}/s  median {statistics.median(values) * 1000:7.0f} ms  p99 {ordered[int(len(ordered) * 0.99)] * 1000:7.0f} ms")
    requests_made = len(times["apply"]) * 8 + len(times["page"]) + len(times["act"]) * 3
    print(f"server CPU {cpu:.1f} s over {span:.1f} s, {cpu * 1000 / max(1, len(times['apply'])):.1f} ms for each application with its part of the acts, about {requests_made / span:.0f} requests/s; peak {memory} MB")
    print(f"filed {len(filed)}, lost after a kill {len(lost)}, faults {len(faults)} {faults[:3]}")


def processor(pid):
    """Seconds of the processor that a process took, with those which it started."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    children = [int(child) for task in pathlib.Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]
    return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK") + sum(processor(child) for child in children)


def sign_in(city, login, agency):
    """A session of a new officer, without a browser."""
    import requests
    from applicant import token
    from conftest import totp

    claim = city.staff(login, agency, "officer")
    session = requests.Session()
    # Each from an address of their own, or the guard against guessing would stop them.
    session.headers["X-Forwarded-For"] = f"10.0.{len(login)}.{int(login.removeprefix('petugas'))}"
    page = session.get(city.url + claim)
    secret = re.search(r'class="code">([A-Z2-7]{32})<', page.text).group(1)
    session.post(city.url + claim, data={"token": token(page), "code": totp(secret), "password": "kuda nil makan rumput"})
    page = session.get(city.url + "/masuk")
    answer = session.post(city.url + "/masuk", data={"token": token(page), "login": login, "password": "kuda nil makan rumput", "code": totp(secret, 1), "ke": ""})
    assert "Meja kerja" in answer.text, login
    return session


if __name__ == "__main__":
    main()
