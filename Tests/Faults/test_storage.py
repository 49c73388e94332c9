"""A full disk, a lost database, a stolen backup: a clear message, no half-write, recovery without a restart."""

import os
import re
import subprocess
import time

import pytest
import requests

from conftest import BINARY, City, report
from crowd import crowd


def file(city, text):
    return requests.post(city.url + "/open311/v2/requests.json", data=report(text), timeout=30)


def test_a_full_disk_gives_503_and_recovers(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("a small disk can only be mounted as root")
    try:
        city = City()
        (city.data / "city").symlink_to(disk)
        city.start()
        assert file(city, "Laporan sebelum disk penuh, di depan halte.").status_code == 200
        visitor = requests.Session()
        step = visitor.get(city.url + "/lapor?jenis=lubang")
        token = re.search(r'name="token" value="([^"]+)"', step.text).group(1)
        step = visitor.post(step.url, data={"token": token, "answer-ukuran": "besar", "story": "Lubang besar di depan halte."})
        step.url = step.url.replace("lokasi", "masalah")
        ballast = os.open(disk / "ballast", os.O_WRONLY | os.O_CREAT)
        try:
            while os.write(ballast, b"0" * 4096):
                pass
        except OSError:
            os.close(ballast)
        statuses = [file(city, f"Laporan saat disk penuh, nomor {n}, {'x' * 2000}.").status_code for n in range(8)]
        assert 503 in statuses and set(statuses) <= {200, 503}
        started = visitor.post(city.url + "/lapor?jenis=lubang", data={"token": token, "answer-ukuran": "besar", "story": "Cerita pertama."})
        assert started.status_code == 503 and "Penyimpanan kami sedang terganggu" in started.text and "Retry-After" in started.headers
        answers = [visitor.post(step.url, data={"token": token, "answer-ukuran": "besar", "story": f"Cerita yang sudah diketik panjang-panjang, {n}, {'x' * 3000}."}, allow_redirects=False) for n in range(4)]
        refused = next(answer for answer in answers if answer.status_code == 503)
        assert "Cerita yang sudah diketik panjang-panjang" in refused.text and "Penyimpanan kami" in refused.text, "what was typed is kept"
        assert requests.get(city.url + "/").status_code == 200, "reading goes on"
        (disk / "ballast").unlink()
        assert file(city, "Laporan setelah disk lega lagi, di depan halte.").status_code == 200
        assert len(requests.get(city.url + "/open311/v2/requests.json").json()) == statuses.count(200) + 2
        city.stop()
    finally:
        subprocess.run(["umount", "-l", disk])


def test_a_lost_database_gives_503_and_recovers(postgres_server):
    city = City(postgres_server.database()).start()
    assert file(city, "Laporan sebelum basis data hilang, di depan halte.").status_code == 200
    postgres_server.stop("immediate")
    try:
        answer = requests.get(city.url + "/")
        assert answer.status_code == 503 and "Retry-After" in answer.headers
        assert file(city, "Laporan saat basis data hilang, di depan halte.").status_code == 503
    finally:
        postgres_server.start()
    for _ in range(50):
        if file(city, "Laporan setelah basis data kembali, di depan halte.").status_code == 200:
            break
        time.sleep(0.1)
    assert len(requests.get(city.url + "/open311/v2/requests.json").json()) == 2
    city.stop()


def test_a_backup_restores_into_a_city_that_verifies(tmp_path):
    city = City().start()
    dockets = [file(city, f"Laporan untuk cadangan, nomor {n}, di depan halte.").json()[0]["service_request_id"] for n in range(5)]
    city.command("backup", str(tmp_path / "copy"))
    city.stop()
    other = City()
    assert "verifies" in other.command("restore", str(tmp_path / "copy"), "--keys", str(city.data / "city" / "keys"))
    other.start()
    for docket in dockets:
        assert requests.get(f"{other.url}/berkas/{docket}").status_code == 200
    other.stop()


def test_an_erased_person_is_gone_and_the_log_still_verifies(city):
    docket = requests.post(city.url + "/open311/v2/requests.json", data=report("Lubang di depan rumah saya, mohon ditambal.", first_name="Siti")).json()[0]["service_request_id"]
    refused = city.command("erase", docket, "--basis", "UU 27/2022 ps. 43", check=False)
    assert refused.returncode == 1 and "still open" in refused.stderr
    city.stop()
    city.command("rotate-key")
    city.command("rebuild")
    city.start()
    assert "Lubang di depan rumah" in requests.get(f"{city.url}/berkas/{docket}").text
    key = requests.get(city.url + "/ledger/vkey").text.strip()
    assert "VALID" in subprocess.run([BINARY, "verify", city.url + "/ledger", "--key", key], capture_output=True, text=True).stdout


def test_a_crowd_at_one_moment_is_taken_or_told_when_to_come_back(city):
    found = crowd(city.port, 1500)
    assert found["taken"] > 0 and found["taken"] + found["refused"] == 1500, "each was answered, and what was taken is there"
    assert found["after"] < 5000, "normal again soon"
