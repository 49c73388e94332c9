"""Measures the running program: rates, 99th percentiles, and CPU of the server for each act (user + system time).

Timings move from machine to machine; the CPU cost for an act is what to compare. Prints a table in Markdown.
"""

import argparse
import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import threading
import time
import http.client
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests"))
from conftest import free_port, report  # noqa: E402
from crowd import crowd  # noqa: E402
from lifecycle import lifecycles  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    def __init__(self, binary, data, database=None):
        self.port = free_port()
        self.options = ["--city", "contoh", "--data", str(data), "--origin", f"http://127.0.0.1:{self.port}"] + (["--database", database] if database else [])
        self.binary = binary
        self.environment = {**os.environ, "BALAI_HOME": str(ROOT), "BALAI_OPEN311_KEYS": "uji:kunci-percobaan", "LOG_LEVEL": "error"}

    def __enter__(self):
        start = time.monotonic()
        self.process = subprocess.Popen([self.binary, "serve", *self.options, "--port", str(self.port), "--write-limit", "0", "--read-limit", "0"], env=self.environment, cwd=ROOT, stdout=subprocess.DEVNULL)
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port)
                connection.request("GET", "/robots.txt")
                connection.getresponse().read()
                break
            except OSError:
                time.sleep(0.005)
        self.start_seconds = time.monotonic() - start
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def family(self):
        """The small parent that was started, and the city that it keeps."""
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task").iterdir()
        return [self.process.pid, *(int(child) for task in tasks for child in (task / "children").read_text().split())]

    def cpu(self):
        times = [pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in self.family()]
        return sum(int(fields[11]) + int(fields[12]) for fields in times) / TICKS

    def memory(self):
        # What both processes share, such as the program itself, is counted once.
        lines = [line for pid in self.family() for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()]
        return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) // 1024


def drive(server, clients, seconds, request):
    """Sends requests from several connections; gives count, p50, p99 and CPU in milliseconds a request."""
    times, lock, until = [], threading.Lock(), time.monotonic() + seconds
    faults = []

    def run(client):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        own, number = [], 0
        while time.monotonic() < until:
            method, path, body, headers = request(client, number)
            start = time.monotonic()
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            own.append(time.monotonic() - start)
            if answer.status >= 400:
                faults.append(answer.status)
            number += 1
        with lock:
            times.extend(own)

    before, start = server.cpu(), time.monotonic()
    threads = [threading.Thread(target=run, args=(client,)) for client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall, cpu = time.monotonic() - start, server.cpu() - before
    times.sort()
    assert not faults, f"{len(faults)} refused: {set(faults)}"
    return {"rate": len(times) / wall, "p50": times[len(times) // 2] * 1000, "p99": times[int(len(times) * 0.99)] * 1000, "cpu": cpu / len(times) * 1000, "count": len(times)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--full", action="store_true", help="over a million cases")
    parser.add_argument("--results", default=str(ROOT / "Benchmarks" / "RESULTS.md"), help="the file whose table is written anew")
    arguments = parser.parse_args()
    binary = str(pathlib.Path(arguments.binary).resolve())
    folder = pathlib.Path(tempfile.mkdtemp(prefix="balai-bench-"))
    rows = []

    def row(work, found, note=""):
        rows.append((work, found, note))
        print(f"{work:44} {found['rate']:9.0f}/s  p50 {found['p50']:6.1f} ms  p99 {found['p99']:6.1f} ms  CPU {found['cpu']:6.3f} ms  {note}", flush=True)

    def export(path, count):
        with open(path, "w") as file:
            file.write("case_id,opened,closed,category,request_details,address,lat,lon\n")
            for number in range(count):
                file.write(f"{number},2026-{number % 10 + 1:02d}-{number % 28 + 1:02d}T09:00:00,{'2026-11-01T10:00:00' if number % 5 else ''},Street and Sidewalk Cleaning,Laporan bangku uji nomor {number},Jalan {number % 900},{-1.96 - number % 97 / 1000:.4f},{110.01 + number % 89 / 1000:.4f}\n")

    mapping = folder / "map.yaml"
    mapping.write_text("source: bench\ncolumns: { id: case_id, filed: opened, closed: closed, kind: category, story: request_details, address: address, latitude: lat, longitude: lon }\ndate-format: iso\nutc-offset: \"+07:00\"\nkinds: { Street: sampah }\ndefault-kind: lubang\n")
    sizes = [10_000, 1_000_000] if arguments.full else [10_000]
    for size in sizes:
        data = folder / f"city{size}"
        export(folder / "export.csv", size)
        start = time.monotonic()
        subprocess.run([binary, "import", "complaints", str(folder / "export.csv"), "--map", str(mapping), "--city", "contoh", "--data", str(data)], check=True, env={**os.environ, "BALAI_HOME": str(ROOT)}, stdout=subprocess.DEVNULL)
        imported = time.monotonic() - start
        disk = sum(file.stat().st_size for file in data.glob("balai.sqlite*"))
        print(f"\n{size:,} cases: import {size / imported:,.0f} rows/s, {disk / size:,.0f} bytes a case")
        rows.append((f"import ({size:,} rows)", {"rate": size / imported}, f"{disk / size:,.0f} bytes a case on disk"))
        with Server(binary, data) as server:
            (data / "ledger.vkey").write_text(urllib.request.urlopen(f"http://127.0.0.1:{server.port}/ledger/vkey").read().decode())
            # The log of what was imported is signed before the first request is measured.
            print(f"start to listening {server.start_seconds:.2f} s, {server.memory()} MB")
            rows.append((f"start to listening ({size:,} cases)", {"rate": 0}, f"{server.start_seconds:.2f} s, {server.memory()} MB"))
            seconds = 8
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            run = time.time_ns()
            row(f"file a complaint, 32 clients ({size:,})", drive(server, 32, seconds, lambda client, number: ("POST", "/open311/v2/requests.json", urllib.parse.urlencode(report(f"Laporan bangku {run} {client} {number}.")), headers)), "target ≥ 2,000/s, ≤ 0.5 ms CPU")
            # Before a minute is over, when the city begins to audit its record for the day and shares the cores with it.
            row(f"whole way: file, check, done, confirm, read; 16 clients ({size:,})", lifecycles(server, 16, seconds), "target ≥ 600/s")
            row(f"list 20, JSON, 8 clients ({size:,})", drive(server, 8, seconds, lambda client, number: ("GET", "/open311/v2/requests.json?service_code=lubang&start_date=2026-11-23T00:00:00Z&end_date=2026-11-23T00:10:00Z", None, {})), "target ≤ 0.5 ms CPU")
            row(f"list page, 8 clients ({size:,})", drive(server, 8, seconds, lambda client, number: ("GET", "/laporan?kecamatan=99.01.01", None, {})), "target ≤ 0.8 ms CPU")
            row(f"search page, one word, 8 clients ({size:,})", drive(server, 8, seconds, lambda client, number: ("GET", f"/laporan?cari={number % 9000 + 500}", None, {})))
            connection = http.client.HTTPConnection("127.0.0.1", server.port)
            connection.request("POST", "/open311/v2/requests.json", urllib.parse.urlencode(report(f"Laporan halaman {run}.")), headers)
            docket = json.loads(connection.getresponse().read())[0]["service_request_id"]
            row(f"one case page, 8 clients ({size:,})", drive(server, 8, seconds, lambda client, number: ("GET", f"/berkas/{docket}", None, {})), "target ≤ 0.6 ms CPU")
            row(f"home page, 8 clients ({size:,})", drive(server, 8, seconds, lambda client, number: ("GET", "/", None, {})))
            row(f"bare route, 8 clients ({size:,})", drive(server, 8, seconds, lambda client, number: ("GET", "/robots.txt", None, {})))
            found = crowd(server.port, 4000)
            note = f"{found['taken']:,} taken and found again, {found['refused']:,} told to come back (503, Retry-After), all answered in {found['seconds']:.1f} s; the next report took {found['after']:.0f} ms"
            print(f"4,000 reports at one moment: {note}")
            rows.append((f"4,000 reports at one moment ({size:,})", {"rate": 0}, note))
            print(f"under load {server.memory()} MB")
            rows.append((f"memory after load ({size:,})", {"rate": 0}, f"{server.memory()} MB"))
        start = time.monotonic()
        key = (data / "ledger.vkey").read_text()
        done = subprocess.run([binary, "verify", str(data / "ledger"), "--key", key], check=True, capture_output=True, text=True).stdout
        leaves = int(done.split("VALID: ")[1].split()[0])
        print(f"verify {leaves / (time.monotonic() - start):,.0f} leaves/s")
        rows.append((f"verify from disk ({leaves:,} leaves)", {"rate": leaves / (time.monotonic() - start)}, "target ≥ 200,000/s"))
        start = time.monotonic()
        subprocess.run([binary, "rebuild", "--city", "contoh", "--data", str(data)], check=True, env={**os.environ, "BALAI_HOME": str(ROOT)}, stdout=subprocess.DEVNULL)
        print(f"rebuild {time.monotonic() - start:.1f} s")
        rows.append((f"rebuild ({size:,} cases)", {"rate": 0}, f"{time.monotonic() - start:.1f} s"))
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT).stdout.strip()
    lines = [f"# Results\n\nCommit {commit}, {time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores ({platform.machine()}), the driver (Python) on the same cores, SQLite.\n", "| work | a second | p50 ms | p99 ms | server CPU ms | |", "|---|---|---|---|---|---|"]
    for work, found, note in rows:
        cell = lambda name, form: format(found[name], form) if found.get(name) else ""  # noqa: E731
        lines.append(f"| {work} | {cell('rate', ',.0f')} | {cell('p50', '.1f')} | {cell('p99', '.1f')} | {cell('cpu', '.3f')} | {note} |")
    results = pathlib.Path(arguments.results)
    # What is said in words below the table stays; only the table is written anew.
    words = results.read_text().split("\n\n", 3)[3] if results.exists() and results.read_text().count("\n\n") >= 3 else ""
    results.write_text("\n".join(lines) + "\n\n" + words)
    print(f"\n{results}")


if __name__ == "__main__":
    main()
