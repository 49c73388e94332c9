"""What a newcomer meets: the demo city with a year of reports, and a link for each role."""

import os
import re
import signal
import subprocess
import time

import requests

from conftest import BINARY, ROOT, City, free_port, report


def open_demo(folder):
    """The demo city, open; gives its process, its address and what it printed."""
    port, told = free_port(), folder.parent / "told"
    with open(told, "w") as output:
        process = subprocess.Popen([BINARY, "demo", "--data", str(folder), "--port", str(port), "--reports", "40"], stdout=output, stderr=subprocess.DEVNULL, env={**os.environ, "BALAI_HOME": str(ROOT)}, cwd=ROOT)
    for _ in range(1200):
        assert process.poll() is None, told.read_text()
        try:
            if requests.get(f"http://127.0.0.1:{port}/healthz").ok:
                break
        except requests.RequestException:
            time.sleep(0.1)
    # Everything is told before the doors open.
    return process, f"http://127.0.0.1:{port}", told.read_text()


def close(process):
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)


def test_the_demo_has_a_year_of_reports_and_a_link_for_each_role(tmp_path):
    process, url, told = open_demo(tmp_path / "demo")
    try:
        found = requests.get(url + "/laporan").text
        assert int(re.search(r'role="status">(\d+) laporan', found).group(1)) >= 25
        assert "Kota peragaan" in found
        claims = re.findall(r"/masuk/klaim/\S+", told)
        assert len(claims) >= 5 and all(requests.get(url + claim).ok for claim in claims)
        entries = requests.get(url + "/ledger/checkpoint").text.splitlines()[1]
    finally:
        close(process)
    process, url, told = open_demo(tmp_path / "demo")
    try:
        assert "Creating" not in told and int(requests.get(url + "/ledger/checkpoint").text.splitlines()[1]) >= int(entries), "opened again, it is the same city"
    finally:
        close(process)


def test_a_demo_that_was_cut_off_is_refused(tmp_path):
    folder = tmp_path / "demo"
    command, options = [BINARY, "demo", "--data", str(folder), "--create-only", "--reports", "400"], {"env": {**os.environ, "BALAI_HOME": str(ROOT)}, "cwd": ROOT}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    for _ in range(600):
        if (folder / "unfinished").exists():
            break
        time.sleep(0.05)
    time.sleep(1)
    process.kill()
    process.wait()
    again = subprocess.run(command, capture_output=True, text=True, timeout=60, **options)
    assert again.returncode != 0 and "was cut off half-way" in again.stderr and f"Remove the folder {folder}" in again.stderr, again.stderr
    subprocess.run(["rm", "-r", folder], check=True)
    whole = subprocess.run([*command[:-1], "3"], capture_output=True, text=True, timeout=60, **options)
    assert whole.returncode == 0 and not (folder / "unfinished").exists(), whole.stderr
    assert subprocess.run([*command[:-1], "3"], capture_output=True, timeout=60, **options).returncode == 0, "a whole one is opened again"


def test_a_city_moves_to_postgres_with_everything(tmp_path, postgres_server):
    city = City().start()
    docket = requests.post(city.url + "/open311/v2/requests.json", data=report("Lubang yang pindah rumah.")).json()[0]["service_request_id"]
    city.stop()
    database = postgres_server.database()
    city.command("move", "--to", database)
    city.database = database
    city.start()
    try:
        assert "Lubang yang pindah rumah." in requests.get(f"{city.url}/berkas/{docket}").text
    finally:
        city.stop()
