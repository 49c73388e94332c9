"""A bank tells of its payments in every order, several times, while the program is killed at any moment: nothing that came in is
lost, nothing is taken twice, and the ledger of money adds up to the rupiah."""

import itertools
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time

import requests

from applicant import BIRTH, HOUSE, apply
from bank import Bank
from conftest import ROOT, City

sys.path.append(str(ROOT / "Tests" / "Browser"))
from test_journey import sign_in  # noqa: E402


def rows(city, statement):
    if city.database:
        address, host = city.database.split("?host=")
        run = subprocess.run(["psql", "-h", host, "-U", "balai", "-At", "-F", "|", "-c", statement, address.rsplit("/", 1)[1]], capture_output=True, text=True, check=True)
        return [tuple(line.split("|")) for line in run.stdout.splitlines()]
    with sqlite3.connect(f"file:{city.data}/city/balai.sqlite?mode=ro", uri=True) as database:
        return [tuple(map(str, row)) for row in database.execute(statement)]


def test_every_order_of_notices_with_kills_between(engine, request, browser, tmp_path):
    bank = Bank(tmp_path)
    database = request.getfixturevalue("postgres_server").database() if engine == "postgres" else None
    city = City(database, environment={"BALAI_SNAP": bank.setting}).start()
    generator = random.Random(2026)
    try:
        first, second = (browser.new_context(java_script_enabled=False, locale="id-ID").new_page() for _ in range(2))
        sign_in(first, city, city.staff("dewi", "pu", "officer"), "dewi")
        sign_in(second, city, city.staff("hasan", "pu", "officer"), "hasan")
        bills = []
        for _ in range(6):
            _, docket = apply(city.url, "pbg", HOUSE)
            first.goto(f"{city.url}/meja/permohonan/{docket}")
            first.get_by_role("button", name="Teruskan ke pemeriksaan teknis").click()
            second.goto(f"{city.url}/meja/permohonan/{docket}")
            second.get_by_label("Tanggal pemeriksaan").fill(time.strftime("%Y-%m-%d", time.gmtime(time.time() + 7 * 3600)))
            second.get_by_label("Luas dan jumlah lantai sesuai gambar").check()
            second.get_by_role("button", name="Nyatakan memenuhi standar teknis").click()
            second.get_by_role("button", name="Tetapkan dan tagih retribusi").click()
            bills.append(rows(city, f"SELECT number FROM bill WHERE docket = '{docket}'")[0][0])
        payments = [("A", 100_000), ("B", 94_400), ("C", 5_000)]
        acknowledged = set()

        def tell(bill, name, amount):
            reference = f"{bill}-{name}"
            # A bank tells again until it is answered.
            for _ in range(600):
                try:
                    answer = bank.notify(city.url, bill, amount, reference)
                    if answer.status_code == 200:
                        acknowledged.add(reference)
                        return
                except (requests.RequestException, KeyError):
                    pass
                time.sleep(0.05)
            raise AssertionError(f"{reference} is never taken")

        for bill, order in zip(bills, itertools.permutations(payments)):
            told = [*order, *generator.sample(list(order), 2)]
            teller = threading.Thread(target=lambda: [tell(bill, *payment) for payment in told])
            teller.start()
            for _ in range(2):
                time.sleep(generator.uniform(0.01, 0.15))
                city.kill()
                city.start()
            teller.join()
        assert len(acknowledged) == 18
        assert {row[0] for row in rows(city, "SELECT reference FROM payment")} == {f"banksumut:{name}" for name in acknowledged}
        assert [row for row in rows(city, "SELECT paid, excess FROM bill") if row != ("194400", "5000")] == []
        assert rows(city, "SELECT SUM(amount) FROM money") == [("0",)]
        assert rows(city, "SELECT entry FROM money GROUP BY entry HAVING SUM(amount) <> 0") == []
        assert rows(city, "SELECT count(*) FROM service_case WHERE stage = 'penerbitan'") == [("6",)], "each case went on, once"
        assert rows(city, "SELECT count(*) FROM entry WHERE kind = 'case.paid'") == [("6",)]
    finally:
        city.stop()


def test_an_application_that_was_acknowledged_is_there_after_a_kill(city):
    """Applicants send while the program is killed; whoever was given a number finds the case, and nobody's is there twice."""
    numbers, stop = [], threading.Event()

    def send():
        while not stop.is_set():
            try:
                numbers.append(apply(city.url, "akta-kelahiran", BIRTH)[1])
            except Exception:  # noqa: BLE001 - cut off in the middle: nothing was promised
                time.sleep(0.05)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(int(os.environ.get("KILLS", "100")) // 20):
        time.sleep(0.8)
        city.kill()
        city.start()
    stop.set()
    for thread in threads:
        thread.join()
    found = [row[0] for row in rows(city, "SELECT docket FROM service_case")]
    assert numbers and set(numbers) <= set(found) and len(found) == len(set(found))
    opened = rows(city, "SELECT count(*) FROM entry WHERE kind = 'case.filed'")
    assert opened == [(str(len(found)),)]
