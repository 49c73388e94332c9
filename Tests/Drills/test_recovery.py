"""Backups under full load, killed anywhere: what is restored holds all that was signed and acknowledged before, or is refused."""

import json
import pathlib
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import threading
import time

import pytest
import requests

from conftest import BINARY, City, report


class Load:
    """Residents who file as fast as they are answered."""

    def __init__(self, city, people=6):
        self.city, self.isOver, self.taken = city, threading.Event(), []
        self.people = [threading.Thread(target=self.file, args=(number,)) for number in range(people)]

    def file(self, person):
        number = 0
        while not self.isOver.is_set():
            number += 1
            try:
                answer = requests.post(self.city.url + "/open311/v2/requests.json", data=report(f"Lubang ke-{number} oleh warga {person}, mohon ditambal."), timeout=20)
            except requests.RequestException:
                continue
            if answer.status_code == 200:
                self.taken.append(answer.json()[0]["service_request_id"])

    def __enter__(self):
        for person in self.people:
            person.start()
        return self

    def __exit__(self, *_):
        self.isOver.set()
        for person in self.people:
            person.join()


def fresh(city, request):
    return City(request.getfixturevalue("postgres_server").database() if city.database else None)


def restore(city, other, copy):
    return other.command("restore", str(copy), "--keys", str(city.data / "city" / "keys"), check=False)


def test_a_backup_under_full_load_forks_nothing(city, request, tmp_path):
    with Load(city) as load:
        while len(load.taken) < 20:
            time.sleep(0.01)
        for number in range(3):
            acknowledged = list(load.taken)
            city.command("backup", str(tmp_path / f"copy-{number}"))
    city.stop()
    other = fresh(city, request)
    done = restore(city, other, tmp_path / "copy-2")
    assert done.returncode == 0 and "verifies" in done.stdout, done.stdout + done.stderr
    assert "HOLDS" in other.command("audit")
    other.start()
    for docket in acknowledged:
        assert requests.get(f"{other.url}/berkas/{docket}").status_code == 200, "taken before the backup, there after it"
    # What is filed now gets a receipt that leads to the root.
    docket = requests.post(other.url + "/open311/v2/requests.json", data=report("Lubang baru setelah pemulihan, mohon ditambal.")).json()[0]["service_request_id"]
    receipt = tmp_path / "new.tlog-proof"
    receipt.write_text(requests.get(f"{other.url}/ledger/receipts/{docket}").text)
    key = requests.get(other.url + "/ledger/vkey").text.strip()
    checked = subprocess.run([BINARY, "verify", receipt, "--key", key], capture_output=True, text=True)
    assert "VALID" in checked.stdout, checked.stdout + checked.stderr
    other.stop()


def test_a_backup_that_was_killed_is_refused_or_whole(city, request, tmp_path):
    with Load(city):
        for number in range(6):
            copy = tmp_path / f"copy-{number}"
            process = subprocess.Popen([BINARY, "backup", copy, *city.options()], env=city.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(random.uniform(0.02, 0.4))
            process.send_signal(signal.SIGKILL)
            process.wait()
    city.stop()
    for number in range(6):
        copy = tmp_path / f"copy-{number}"
        if not copy.exists():
            continue
        other = fresh(city, request)
        done = restore(city, other, copy)
        if (copy / "manifest.json").exists():
            assert done.returncode == 0 and "HOLDS" in other.command("audit")
        else:
            assert done.returncode != 0 and "no finished backup" in done.stderr


def whole(city, tmp_path):
    requests.post(city.url + "/open311/v2/requests.json", data=report("Lubang di depan halte, mohon ditambal."))
    requests.get(city.url + "/ledger/checkpoint")
    city.command("backup", str(tmp_path / "copy"))
    city.stop()
    return tmp_path / "copy"


def damages(copy):
    store = "balai.sqlite" if (copy / "balai.sqlite").exists() else "balai.pgdump"
    tile = next(path for path in (copy / "ledger" / "tile" / "entries").rglob("*") if path.is_file())
    return {
        "no database": lambda: (copy / store).unlink(),
        "half a database": lambda: (copy / store).write_bytes((copy / store).read_bytes()[:5000]),
        "a missing tile": lambda: tile.unlink(),
        "an edited tile": lambda: tile.write_bytes(tile.read_bytes().replace(b"lubang", b"pohon!")),
        "no checkpoint": lambda: (copy / "ledger" / "checkpoint").unlink(),
        "a file too many": lambda: (copy / "files-too-many").write_text("x"),
        "no manifest": lambda: (copy / "manifest.json").unlink(),
    }


@pytest.mark.parametrize("damage", ["no database", "half a database", "a missing tile", "an edited tile", "no checkpoint", "a file too many", "no manifest"])
def test_an_incomplete_backup_is_refused(city, request, tmp_path, damage):
    copy = whole(city, tmp_path)
    damages(copy)[damage]()
    other = fresh(city, request)
    done = restore(city, other, copy)
    assert done.returncode != 0 and "backup" in done.stderr and "Restored" not in done.stdout


def test_a_database_older_than_its_log_is_refused_and_not_served(city, request, tmp_path):
    city.command("backup", str(tmp_path / "old"))
    copy = whole(city, tmp_path)
    store = "balai.pgdump" if city.database else "balai.sqlite"
    shutil.copy(tmp_path / "old" / store, copy / store)
    # Somebody who knows how a backup is made has made it look whole.
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["files"][store] = json.loads((tmp_path / "old" / "manifest.json").read_text())["files"][store]
    (copy / "manifest.json").write_text(json.dumps(manifest))
    other = fresh(city, request)
    done = restore(city, other, copy)
    assert done.returncode != 0 and "contradicts its log" in done.stderr, done.stdout + done.stderr
    done = other.command("audit", check=False)
    assert done.returncode == 1 and "cut off or refused" in done.stderr


def test_a_move_that_was_killed_starts_over_and_is_not_served_half(city, request):
    with Load(city) as load:
        while len(load.taken) < 300:
            time.sleep(0.01)
    city.stop()
    target = request.getfixturevalue("postgres_server").database() if city.database else str(city.data / "moved.sqlite")
    command = [BINARY, "move", "--to", target, *city.options()]
    for _ in range(4):
        process = subprocess.Popen(command, env=city.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(random.uniform(0.1, 0.6))
        process.send_signal(signal.SIGKILL)
        process.wait()
    done = subprocess.run(command, env=city.environment, capture_output=True, text=True)
    if "already holds entries" not in done.stderr:
        assert done.returncode == 0, done.stderr
    if city.database:
        city.database = target
    else:
        # A SQLite database is its file and what is still written ahead of it.
        for rest in ("", "-wal", "-shm"):
            (city.data / "city" / f"balai.sqlite{rest}").unlink(missing_ok=True)
            if pathlib.Path(target + rest).exists():
                shutil.move(target + rest, city.data / "city" / f"balai.sqlite{rest}")
    assert "HOLDS" in city.command("audit")


def test_tables_of_another_version_are_not_served_and_move_works_them_out_anew(city, request):
    docket = requests.post(city.url + "/open311/v2/requests.json", data=report("Lubang di depan pasar, sudah seminggu.")).json()[0]["service_request_id"]
    city.stop()
    # As if the program that made them had had another step of the same name, and two tables fewer.
    edit = ["UPDATE migration SET name = name || '0' WHERE name LIKE '%20261126-a-codes %'", "DROP TABLE resident_contact_leaving", "DROP TABLE stale_tables"]
    if city.database:
        server = request.getfixturevalue("postgres_server")
        name = re.search(r"@/(\w+)", city.database).group(1)
        for statement in edit:
            server.run("psql", "-h", server.folder, "-U", "balai", name, "-c", statement)
    else:
        with sqlite3.connect(city.data / "city" / "balai.sqlite") as database:
            for statement in edit:
                database.execute(statement)
    refused = subprocess.run([BINARY, "serve", *city.options(), "--port", str(city.port)], env=city.environment, capture_output=True, text=True, timeout=60)
    assert refused.returncode != 0 and "made by another version of the program (step 20261126-a-codes)" in refused.stderr and "balai move" in refused.stderr, refused.stderr
    target = request.getfixturevalue("postgres_server").database() if city.database else str(city.data / "moved.sqlite")
    city.command("move", "--to", target)
    if city.database:
        city.database = target
    else:
        for rest in ("", "-wal", "-shm"):
            (city.data / "city" / f"balai.sqlite{rest}").unlink(missing_ok=True)
            if pathlib.Path(target + rest).exists():
                shutil.move(target + rest, city.data / "city" / f"balai.sqlite{rest}")
    city.start()
    assert requests.get(f"{city.url}/berkas/{docket}").ok and "HOLDS" in city.command("audit")


@pytest.fixture
def export(tmp_path):
    """Twelve hundred reports of another city's system."""
    file = tmp_path / "lama.csv"
    lines = ["Tracking ID,Tanggal,Kategori,Isi Laporan Akhir,Tipe,Kelurahan"]
    lines += [f"L-{number},{1 + number % 28:02d}/10/2026 10:00,Jalan Berlubang,Lubang nomor {number} di depan halte.,Pengaduan," for number in range(1200)]
    file.write_text("\n".join(lines) + "\n")
    mapping = tmp_path / "lama.yaml"
    mapping.write_text("""
source: lama
columns: { id: Tracking ID, filed: Tanggal, kind: Kategori, story: Isi Laporan Akhir, subdistrict: Kelurahan }
date-format: indonesian
utc-offset: "+07:00"
kinds: { Jalan Berlubang: lubang }
default-kind: lubang
""")
    return ["import", "complaints", str(file), "--map", str(mapping)]


def test_an_import_that_was_killed_goes_on_where_it_was(city, export):
    city.stop()
    for _ in range(5):
        process = subprocess.Popen([BINARY, *export, *city.options()], env=city.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(random.uniform(0.1, 1.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
    done = city.command(*export)
    assert "1200 rows read" in done and "0 refused" in done, done
    assert "1200 rows read, 0 new, 1200 there already" in city.command(*export), "each row is one case, however often"
    assert "HOLDS" in city.command("audit")
    city.start()
    steps = requests.get(city.url + "/data/laporan.csv").text.splitlines()[1:]
    assert len({line.split(",")[0] for line in steps}) == 1200


def test_a_dry_run_of_an_import_says_what_the_import_then_does(city, export, tmp_path):
    file = pathlib.Path(export[2])
    lines = file.read_text().splitlines()[:4]
    said = lines[1].split(",")
    lines += [lines[1], ",".join([*said[:3], "Lubang lain.", *said[4:]]), ",".join(["L-X", said[1], "Taman", "a" * 4500, *said[4:]])]
    file.write_text("\n".join(lines) + "\n")
    refused = tmp_path / "lama.csv.refused.csv"
    city.stop()

    def found(*more):
        return re.match(r"(\d+) rows read, (\d+) (?:new|would be new), (\d+) there already, (\d+) refused", city.command(*export, *more)).groups()

    told = found("--dry-run")
    assert refused.read_text().splitlines() == ["line,reason", '6,"its id stands in line 2 already, with other words"']
    assert told == ("5", "4", "1", "1") == found()
    said = city.command(*export, "--dry-run")
    assert "5 rows read, 0 would be new, 5 there already, 1 refused" in said and "letters" not in said, said
    lines[2] = ",".join([*lines[2].split(",")[:3], "Kata lain.", *lines[2].split(",")[4:]])
    file.write_text("\n".join(lines) + "\n")
    assert found("--dry-run") == found() == ("4", "0", "4", "2")
    assert "3,\"its id was brought in before as " in refused.read_text()


def test_a_full_disk_at_the_start_is_said_in_words_and_harms_nothing(city, tmp_path):
    city.stop()
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk], capture_output=True).returncode != 0:
        pytest.skip("a small disk can only be mounted as root")
    try:
        place = city.data / "city"
        shutil.copytree(place, disk, dirs_exist_ok=True)
        shutil.rmtree(place)
        place.symlink_to(disk)
        with open(disk / "ballast", "wb", buffering=0) as ballast:
            try:
                while ballast.write(b"0" * 4096):
                    pass
            except OSError:
                pass
        done = subprocess.run([BINARY, "serve", *city.options(), "--port", str(city.port)], capture_output=True, text=True, env=city.environment, timeout=120)
        assert done.returncode == 1 and "is full" in done.stderr, done.stdout + done.stderr
        (disk / "ballast").unlink()
        assert "HOLDS" in city.command("audit")
        city.start()
        city.stop()
    finally:
        subprocess.run(["umount", "-l", disk])


def test_what_a_killed_audit_worked_out_is_taken_away_at_the_next_start(city):
    """It holds what people said, in clear."""
    with Load(city) as load:
        while len(load.taken) < 100:
            time.sleep(0.01)
    city.stop()
    place = city.data / "city"
    scratch = None
    while scratch is None:
        # Halted in the middle of its work, once it was quick enough to be seen at it.
        process = subprocess.Popen([BINARY, "audit", *city.options()], env=city.environment, stdout=subprocess.DEVNULL)
        while process.poll() is None and scratch is None:
            scratch = next((file.parent for file in place.glob("scratch-*/replay.sqlite")), None)
        process.send_signal(signal.SIGSTOP)
        scratch = scratch if process.poll() is None and scratch and scratch.exists() else None
        if scratch is None:
            process.send_signal(signal.SIGKILL)
            process.wait()
    assert scratch.stat().st_mode & 0o777 == 0o700
    city.start()
    assert scratch.exists(), "one that is in use stays"
    city.stop()
    process.send_signal(signal.SIGKILL)
    process.wait()
    city.start()
    assert list(place.glob("scratch-*")) == []
