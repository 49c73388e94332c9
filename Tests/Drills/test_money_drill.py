"""The money drill, with kills: cash is taken, a bank tells of payments and takes one back, money is ordered back, withdrawn,
paid and returned by the bank, handed over and counted, all at once, while the program is killed at any moment. Whoever was answered is found in the books once,
and the books agree to the rupiah."""

import csv
import io
import random
import re
import sys
import threading
import time
import uuid

import requests

from applicant import HOUSE, apply
from bank import Bank
from conftest import ROOT, City

sys.path.append(str(ROOT / "Tests" / "Browser"))
sys.path.append(str(ROOT / "Tests" / "Faults"))
from test_journey import sign_in  # noqa: E402
from test_money import rows  # noqa: E402


def desk(browser, city, login, roles):
    """A desk, and the same session for a program."""
    page = browser.new_context(java_script_enabled=False, locale="id-ID").new_page()
    sign_in(page, city, city.staff(login, "pu", roles), login)
    session = requests.Session()
    for cookie in page.context.cookies():
        session.cookies.set(cookie["name"], cookie["value"], path=cookie["path"])
    return page, session


class Clerk(threading.Thread):
    """Sends acts one after another; what was not answered is sent again, word for word."""

    def __init__(self, acts):
        super().__init__(daemon=True)
        self.acts, self.acknowledged, self.fault = acts, [], None

    def run(self):
        try:
            for name, act in self.acts:
                if self.until_answered(act):
                    self.acknowledged.append(name)
        except Exception as fault:  # noqa: BLE001 - told by the test
            self.fault = fault

    @staticmethod
    def until_answered(act):
        for _ in range(600):
            try:
                answer = act()
                if answer.status_code < 500:
                    return answer.ok
            except (requests.RequestException, KeyError, ValueError, AttributeError):
                pass
            time.sleep(0.05)
        raise AssertionError("never answered")


def test_money_acts_at_once_with_kills_between(engine, request, browser, tmp_path):
    bank = Bank(tmp_path)
    database = request.getfixturevalue("postgres_server").database() if engine == "postgres" else None
    city = City(database, environment={"BALAI_SNAP": bank.setting}).start()
    try:
        first, _ = desk(browser, city, "dewi", "officer")
        second, _ = desk(browser, city, "hasan", "officer")
        (_, rosa), (_, tiur), (_, head) = desk(browser, city, "rosa", "treasurer"), desk(browser, city, "tiur", "treasurer"), desk(browser, city, "kepala", "head")
        _, docket = apply(city.url, "pbg", HOUSE)
        first.goto(f"{city.url}/meja/permohonan/{docket}")
        first.get_by_role("button", name="Teruskan ke pemeriksaan teknis").click()
        second.goto(f"{city.url}/meja/permohonan/{docket}")
        second.get_by_label("Tanggal pemeriksaan").fill(time.strftime("%Y-%m-%d", time.gmtime(time.time() + 7 * 3600)))
        second.get_by_label("Luas dan jumlah lantai sesuai gambar").check()
        second.get_by_role("button", name="Nyatakan memenuhi standar teknis").click()
        second.get_by_role("button", name="Tetapkan dan tagih retribusi").click()
        bill = rows(city, f"SELECT number FROM bill WHERE docket = '{docket}'")[0][0]

        def post(session, path, **fields):
            fields = {"sekali": str(uuid.uuid4()), **fields}

            def send():
                page = session.get(f"{city.url}/meja/akun", timeout=10)
                word = re.search(r'name="token" value="([^"]+)"', page.text).group(1)
                return session.post(f"{city.url}/meja/kas{path}", data={"token": word, **fields}, timeout=10, allow_redirects=False)

            return send

        # What was recorded from a statement by mistake is doubted by one and taken back, or let stand, by another.
        day = time.strftime("%d/%m/%Y", time.gmtime(time.time() + 7 * 3600))
        word = re.search(r'name="token" value="([^"]+)"', rosa.get(f"{city.url}/meja/akun").text).group(1)
        text = "tanggal,kredit,keterangan\n" + "".join(f"{day},{7000 + i},TRF {bill}\n" for i in range(6)) + "".join(f"{day},{8000 + i},TELLER {i}\n" for i in range(6))
        compared = rosa.post(f"{city.url}/meja/kas/cocokkan", data={"token": word}, files={"statement": ("rekening.csv", text, "text/csv")}).text
        proposals = re.findall(r'name="usul" value="([^"]+)"', compared)
        assert len(proposals) == 12
        for row in proposals[:6]:
            assert post(rosa, "/catat", usul=row)().status_code == 200
        for proposal in rows(city, "SELECT entry FROM recording_proposal"):
            assert post(head, "/catat-usul", usul=proposal[0])().status_code == 303
        receipts = [row[0] for row in rows(city, "SELECT receipt FROM payment WHERE method = 'transfer' ORDER BY receipt")]
        assert len(receipts) == 6
        # What names no bill is proposed by one, and recorded or declined by another.
        for row in proposals[6:]:
            assert post(rosa, "/catat", usul=row, **{f"lain-{row[-20:]}": bill, f"alasan-{row[-20:]}": "Kata bank untuk ini"})().status_code == 200
        proposed = [row[0] for row in rows(city, "SELECT entry FROM recording_proposal WHERE state = 'open' ORDER BY entry")]
        assert len(proposed) == 6
        assert post(rosa, "", kode=bill, amount="500.000,00", lebih="semua")().ok, "more than is owed, so that there is something to give back"
        account = {"bank": "Bank Contoh", "rekening": "1234567890", "atasnama": "Pemilik Contoh", "bukti": "Buku tabungan"}
        for _ in range(10):
            assert post(head, "/kembali", kode=bill, amount="1.000", reason="Lebih bayar", **account)().status_code == 303
        orders = [row[0] for row in rows(city, "SELECT id FROM refund ORDER BY id")]
        doubting = Clerk([(f"doubt {receipt}", post(rosa, "/keliru", kuitansi=receipt, sebab="Kode salah")) for receipt in receipts])
        cash = Clerk([(f"cash {i}", post(tiur, "", kode=bill, amount=str(2000 + i), lebih="semua")) for i in range(12)])
        back = Clerk([(f"carry {order}", post(rosa, "/laksanakan", perintah=order, slip=f"SP2D-{order}")) for order in orders[:6]])
        drawn = Clerk([(f"withdraw {order}", post(head, "/batalkan", perintah=order, sebab="Salah hitung")) for order in orders[6:]])
        over = Clerk([(f"over {i}", post(rosa, "/setor", setor=str(1000 + i), slip=f"STS-{i}")) for i in range(8)])
        ordering = Clerk([(f"order {i}", post(head, "/kembali", kode=bill, amount=str(500 + i), reason="Lebih bayar", **account)) for i in range(8)])
        told = Clerk([(f"told {i}", lambda i=i: bank.notify(city.url, bill, 3000 + i, f"R{i}")) for i in range(12)])
        undone = Clerk([(f"undone {i}", lambda i=i: bank.notify(city.url, bill, 3000 + i, f"R{i}", status="04")) for i in range(0, 12, 3)])
        clerks = [cash, back, drawn, over, ordering, told, doubting]
        # Before a bank tells of other money of the bill: what came since a proposal refuses it.
        settling = Clerk([(f"settle {one}", post(head, "/catat-usul" if i < 4 else "/tolak-usul", usul=one, sebab="Bukan uang ini")) for i, one in enumerate(proposed)])
        settling.start()
        city.kill()
        city.start()
        settling.join()
        assert not settling.fault and len(settling.acknowledged) == 6
        for clerk in clerks:
            clerk.start()
        generator = random.Random(2026)
        for _ in range(4):
            time.sleep(generator.uniform(0.05, 0.4))
            city.kill()
            city.start()
        for clerk in clerks:
            clerk.join()
        undone.start()
        came = Clerk([(f"return {order}", post(tiur, "/retur", perintah=order, sebab="Rekening tutup")) for order in orders[:3]])
        came.start()
        closing = Clerk([("close", post(rosa, "/tutup", day=rows(city, "SELECT max(day) FROM movement")[0][0], counted="0", reason="uji"))])
        closing.start()
        decided = Clerk([(f"decide {receipt}", post(head, "/setujui" if i < 4 else "/tolak", kuitansi=receipt, sebab="Sudah benar")) for i, receipt in enumerate(receipts)])
        decided.start()
        city.kill()
        city.start()
        for clerk in (undone, came, closing, decided):
            clerk.join()
        assert not [clerk.fault for clerk in [*clerks, undone, came, closing, decided] if clerk.fault]

        entries = dict(rows(city, "SELECT kind, count(*) FROM entry GROUP BY kind"))
        assert entries["payment.received"] == str(1 + len(receipts) + 4 + len(cash.acknowledged) + len(told.acknowledged)) == "35"
        assert entries["refund.carried"] == str(len(back.acknowledged)) == "6"
        assert entries["cash.handed-over"] == str(len(over.acknowledged)) == "8"
        assert entries["refund.ordered"] == str(10 + len(ordering.acknowledged)) == "18"
        assert entries["refund.withdrawn"] == str(len(drawn.acknowledged)) == "4"
        assert entries["refund.returned"] == str(len(came.acknowledged)) == "3"
        assert entries["payment.reversed"] == str(len(undone.acknowledged)) == "4"
        assert entries["payment.doubted"] == str(len(doubting.acknowledged)) == "6" and len(decided.acknowledged) == 6
        assert (entries["payment.corrected"], entries["payment.doubt-declined"]) == ("4", "2")
        assert (entries["payment.proposed"], entries["payment.proposal-declined"]) == ("12", "2")
        assert entries["cash.closed"] == "1"
        assert rows(city, "SELECT SUM(amount) FROM money") == [("0",)]
        assert rows(city, "SELECT entry FROM money GROUP BY entry HAVING SUM(amount) <> 0") == []
        ledger = {account: int(amount) for account, amount in rows(city, "SELECT account, SUM(amount) FROM money GROUP BY account")}
        file = list(csv.DictReader(io.StringIO(rosa.get(f"{city.url}/meja/kas.csv").text)))
        for account in ("cash", "bank"):
            assert sum(int(row[account]) for row in file) == ledger[account]
        for table, column in (("payment", "receipt"), ("refund", "receipt")):
            numbers = [int(row[0][-6:]) for row in rows(city, f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY {column}")]
            assert numbers == list(range(1, len(numbers) + 1)), "receipts without gap or double"
        owed = rows(city, f"SELECT excess, paid FROM bill WHERE number = '{bill}'")[0]
        assert int(owed[0]) == -ledger["excess"] and ledger["receivable"] == 194_400 - int(owed[1])
    finally:
        city.stop()
