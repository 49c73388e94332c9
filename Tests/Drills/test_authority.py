"""Who may: every page and every act × every role, at the agency of the dossier and at another, × signed out, a resident, the owner.

What should come of it stands in authority.csv, one row an address or act, one column a person; an address, an act of a report, of a
service or of a page that has no row there fails. A cell says: `y` (it is theirs, also where the form has a mistake or it is not the
time for it), `part` (the page, without what the column `shows` names), `403`, `404`, `400`, `410`, `in` (sign in first, as staff) or
`saya` (sign in first, as a resident).
"""

import csv
import pathlib
import re
import sqlite3
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest
import requests
import yaml

from applicant import BIRTH, HOUSE, picture, review, token
from conftest import API_KEY, BINARY, ENGINES, ROOT, City, totp

TABLE = pathlib.Path(__file__).with_name("authority.csv")
# Somebody of each role at the agency of the dossier, which is pu; the city-wide roles sit where they do; the rest are of another.
STAFF = {
    "screener": ("kominfo", "screener"), "supervisor": ("setda", "supervisor"), "auditor": ("setda", "auditor"), "administrator": ("kominfo", "administrator"),
    "officer": ("pu", "officer"), "head": ("pu", "head"), "clerk": ("pu", "clerk"), "signer": ("pu", "signer"), "treasurer": ("pu", "treasurer"),
    "clerk-city": ("kominfo", "clerk"),
    "officer-x": ("kebersihan", "officer"), "head-x": ("kebersihan", "head"), "clerk-x": ("kebersihan", "clerk"), "signer-x": ("kebersihan", "signer"), "treasurer-x": ("kebersihan", "treasurer"),
}
PEOPLE = ["out", "resident", "owner", *STAFF]
PASSWORD = "kuda nil makan rumput"


class Person:
    """Somebody with a browser that keeps cookies, and a form of the city's in hand."""

    def __init__(self, url):
        self.url = url
        self.session = requests.Session()
        self.form = None

    def take_form(self, path="/saya"):
        self.form = token(self.session.get(self.url + path))
        return self

    def post(self, path, files=None, **data):
        # A report has a form of its own, which a phone keeps.
        form = token(self.session.get(self.url + path)) if path.startswith("/lapor") else self.form
        return self.session.post(self.url + path, data={"token": form, **data}, files=files, allow_redirects=False)


def officer(city, claim, login):
    person = Person(city.url)
    page = person.session.get(city.url + claim)
    secret = re.search(r'class="code">([A-Z2-7]+)<', page.text).group(1)
    person.form = token(page)
    # Whoever claims an account is signed in, and is shown the recovery codes this once.
    answer = person.post(claim, code=totp(secret), password=PASSWORD)
    assert answer.status_code == 200, answer.text[-2000:]
    return person.take_form("/meja/akun")


def resident(city, person, contact):
    person.take_form("/saya")
    assert person.post("/saya", contact=contact).status_code in (200, 303)
    code = re.search(r"\b\d{6}\b", city.message("Kode masuk", contact)).group(0)
    person.take_form("/saya/kode")
    answer = person.post("/saya/kode", code=code)
    assert answer.status_code == 303, answer.text[-2000:]
    return person.take_form("/saya")


class Town:
    """The city with somebody of every kind in it, and something of every kind that they could want to see or do."""

    def __init__(self, database=None):
        city = self.city = City(database)
        claims = {name: city.staff(name, *place) for name, place in STAFF.items()}
        claims["second"] = city.staff("second", "pu", "officer")
        city.start()
        self.people = {name: officer(city, claim, name) for name, claim in claims.items()}
        self.people["out"] = Person(city.url).take_form()
        self.people["resident"] = resident(city, Person(city.url), "lain@contoh.id")
        self.owner = self.people["owner"] = Person(city.url)
        self.things = {"today": time.strftime("%Y-%m-%d", time.gmtime(time.time() + 7 * 3600)), "key": API_KEY}
        self.report("report", "Lubang besar di depan sekolah, dua anak jatuh.")
        self.report("secret", "Petugas bernama Anu meminta seratus ribu.", confidential="ya")
        self.case()
        self.issued()
        self.drafts()
        resident(city, self.owner, "pemilik@contoh.id")

    def query(self, statement):
        if not self.city.database:
            with sqlite3.connect(f"file:{self.city.data}/city/balai.sqlite?mode=ro", uri=True) as database:
                return database.execute(statement).fetchone()[0]
        sys.path.append(str(ROOT / "Tests" / "Faults"))
        from test_money import rows

        return rows(self.city, statement)[0][0]

    def report(self, name, story, **more):
        """A report of the owner, with a photo, that has been handed to pu."""
        answer = self.owner.take_form().post("/lapor/luring", kunci=f"kunci-percobaan-{name}", category="lubang", **{"answer-lubang-ukuran": "besar"}, story=story, subdistrict="99.01.01.1001", address="Jalan Merdeka", latitude="-1.975", longitude="110.025", files={"photo": ("a.png", picture(), "image/png")}, **more)
        assert answer.status_code == 303, answer.text[-3000:]
        docket = self.things[name] = re.search(r"LPR-\d\d-\w{4}-\w{3}", answer.headers["Location"]).group(0)
        assert self.people["screener"].post(f"/meja/berkas/{docket}/verifikasi", agency="pu").status_code == 303
        self.things[f"photo-{name}"] = self.query(f"SELECT name FROM complaint_photo WHERE docket = '{docket}'")

    def case(self):
        """An application of the owner at pu, with a proven contact, which the owner asks to exchange; and one at another agency."""
        _, docket = apply_as(self.owner, self.city.url, "pbg", HOUSE)
        self.things["case"] = docket
        self.things["attachment"] = re.search(rf"/meja/permohonan/{docket}/lampiran/([^\"]+)\"", self.people["officer"].session.get(f"{self.city.url}/meja/permohonan/{docket}").text).group(1)
        _, self.things["birth"] = apply_as(self.owner, self.city.url, "akta-kelahiran", BIRTH)
        code = re.search(r"Kode kontak: (\d{6})", self.city.message(docket, "pemilik@contoh.id")).group(1)
        self.owner.take_form()
        answer = self.owner.post(f"/berkas/{docket}/kontak", act="prove", code=code)
        assert answer.status_code == 303, re.sub("<[^>]+>", " ", answer.text)[-1500:]
        assert self.owner.post(f"/berkas/{docket}/kontak", act="change", contact="baru@contoh.id").status_code == 303
        self.things["exchange"] = urlsplit(re.search(r"https?://\S+/kontak/\S+", self.city.message("pemilik@contoh.id", "/kontak/")).group(0)).path

    def issued(self):
        """An application that was paid at the counter and whose paper was issued, and one that waits for its money."""
        for name in ["issued", "billed"]:
            _, docket = apply_as(self.owner, self.city.url, "pbg", HOUSE)
            self.things[name] = docket
            act = f"/meja/permohonan/{docket}/langkah/"
            assert self.people["officer"].post(act + "lengkap").status_code == 303
            answer = self.people["second"].post(act + "pernyataan", tanggal_periksa=self.things["today"], luas_sesuai="ya")
            assert answer.status_code == 303, answer.text[-3000:]
            assert self.people["officer"].post(act + "tetapkan").status_code == 303
            bill = self.things["bill"] = self.query(f"SELECT number FROM bill WHERE docket = '{docket}'")
            if name == "issued":
                amount = self.query(f"SELECT amount FROM bill WHERE docket = '{docket}'")
                answer = self.people["treasurer"].post("/meja/kas", kode=bill, amount=str(amount), sekali="satu")
                assert answer.status_code in (200, 303), answer.text[-3000:]
                self.things["receipt"] = self.query(f"SELECT receipt FROM payment WHERE docket = '{docket}'")
                answer = self.people["signer"].post(act + "terbitkan")
                assert answer.status_code == 303, answer.text[-3000:]
                page = self.people["officer"].session.get(f"{self.city.url}/meja/permohonan/{docket}").text
                self.things["document"] = re.search(rf"/meja/permohonan/{docket}/dokumen/([^\"]+)\"", page).group(1)
        self.things["account"] = self.query("SELECT id FROM account WHERE agency = 'pu' AND roles = 'head'")

    def drafts(self):
        self.things["asset"] = re.search(r"\"(/aset/[^\"]+\.css[^\"]*)\"", self.owner.session.get(self.city.url).text).group(1)
        draft = self.owner.take_form().post("/layanan/pbg/ajukan")
        self.things["draft"] = draft.headers["Location"].split("/")[2]
        answer = self.people["clerk"].post("/loket/layanan", layanan="pbg")
        assert answer.status_code == 303, answer.text[-3000:]
        self.things["counter-draft"] = answer.headers["Location"].split("/")[2]
        door = self.owner.session.get(f"{self.city.url}/lapor?jenis=lubang")
        place = self.owner.session.post(door.url, data={"token": token(door), "answer-ukuran": "besar", "story": "Lubang besar di depan halte."})
        self.things["report-draft"] = re.search(r"/lapor/([^/]+)/", place.url).group(1)

    def filled(self, text):
        return re.sub(r"\{([a-z-]+)\}", lambda found: str(self.things[found.group(1)]), text)

    def outcome(self, name, row):
        person = self.people[name]
        self.things["who"] = name
        path = self.filled(row["path"])
        if row["method"] == "GET":
            answer = person.session.get(person.url + path, allow_redirects=False)
        else:
            form = dict(pair.split("=", 1) for pair in self.filled(row["form"]).split("&") if pair)
            answer = person.post(path, **form)
        # Trying to sign in eighteen times in a minute is too often, whoever tries.
        too_often = answer.status_code == 429 and row["path"] != "/masuk"
        assert answer.status_code < 500 and not too_often, f"{name} {row['method']} {path}: {answer.status_code}\n{answer.text[-1000:]}"
        goes = answer.headers.get("Location", "")
        if answer.status_code == 401 or (goes.startswith("/masuk") and not goes.startswith("/masuk/klaim/")):
            return "in"
        if goes in ("/saya", self.city.url + "/saya") and not row["path"] == "/saya":
            return "saya" if name not in ("resident", "owner") else "y"
        if answer.status_code in (400, 403, 404, 410):
            return str(answer.status_code)
        # Acts on several at once answer for all of them together.
        if row["path"] == "/meja/massal" and re.search("bukan tugas instansi|Peran Anda tidak boleh", answer.text):
            return "403"
        return "y" if not row["shows"] or self.filled(row["shows"]) in answer.text else "part"


def apply_as(person, url, service, answers):
    session, page = review(url, service, answers, person.session)
    page = session.post(page.url, data={"token": token(page)})
    assert page.ok, page.text[-3000:]
    return session, re.search(r'class="figure">([A-Z]{3}-\d\d-\w{4}-\w{3})<', page.text).group(1)


def table():
    with open(TABLE) as file:
        return [row for row in csv.DictReader(file) if not row["method"].startswith("#")]


def routes(folder):
    """Every address that the program answers, as its router lists them; by a city of its own."""
    listed = subprocess.run([BINARY, "routes", "--data", folder], capture_output=True, text=True, check=True).stdout
    return {tuple(re.sub(r"\{(\w+)\}", r":\1", line).split(None, 1)) for line in listed.splitlines()}


def acts(file):
    """The acts that a page takes by name, as its source lists them."""
    text = (ROOT / "Sources" / "Portal" / file).read_text()
    return {name for line in re.findall(r"case ((?:\"[a-z-]+\"(?:, )?)+)", text) for name in re.findall(r"\"([a-z-]+)\"", line)}


def service_acts(code):
    path = next(path for path in [ROOT / f"City/contoh/services/{code}.yaml", ROOT / f"National/id/services/{code}.yaml"] if path.exists())
    return {action["code"] for stage in yaml.safe_load(path.read_text())["stages"] for action in stage.get("actions", [])}


def test_every_address_and_every_act_has_a_row(tmp_path):
    rows = table()
    known = {(row["method"], row["route"]) for row in rows}
    answered = routes(tmp_path / "data")
    assert sorted(answered - known) == [], "an address without a row"
    assert sorted(known - answered) == [], "a row without an address"
    paths = {row["path"] for row in rows}
    named = {
        "/meja/berkas/{report}/": acts("Desk/DeskActs.swift") - {"ask", "note"},
        "/berkas/{report}/": acts("Pages/CaseActs.swift") - {"pesan", "kontak", "kabar", "hapus-data", "batal-hapus", "rekening"},
        "/berkas/{case}/": {"pesan", "kontak", "kabar", "hapus-data", "batal-hapus", "rekening"},
        "/saya/": acts("Residents/OwnActs.swift") - {"yakin"},
        "/meja/jadwal/": acts("Desk/SchedulePage.swift"),
        "/meja/kas/": acts("Desk/CashPage.swift") - {"kembalian", "semua"},
        "/meja/akun/": acts("Desk/AccountPage.swift"),
        "/meja/permohonan/{case}/langkah/": service_acts("pbg"),
        "/meja/permohonan/{birth}/langkah/": service_acts("akta-kelahiran"),
        "/berkas/{case}/langkah/": service_acts("pbg"),
    }
    for address, names in named.items():
        assert sorted(name for name in names if address + name not in paths) == [], f"acts of {address} without a row"


def test_every_row_says_something_of_everybody():
    for row in table():
        assert all(row[name] in ("y", "part", "400", "403", "404", "410", "in", "saya") for name in PEOPLE), row


@pytest.fixture(scope="module", params=ENGINES)
def town(request):
    town = Town(request.getfixturevalue("postgres_server").database() if request.param == "postgres" else None)
    town.rows = table() if request.param == "sqlite" else [row for row in table() if row["method"] == "POST" and "/meja/" in row["route"]]
    yield town
    town.city.stop()


def test_no_act_is_an_address_that_does_not_exist(town):
    """A reload by the address, a bookmark or the other language leads to where the form stands."""
    wrong = []
    for row in town.rows:
        name = next((name for name in PEOPLE if row[name] == "y"), None)
        if row["method"] == "POST" and name:
            answer = town.people[name].session.get(town.city.url + town.filled(row["path"]))
            if answer.status_code == 404 or (answer.status_code == 405 and "json" not in answer.headers["Content-Type"]):
                wrong.append(f"{name} {row['path']}: {answer.status_code} at {answer.url}")
    assert wrong == [], "\n" + "\n".join(wrong)


def test_everybody_may_do_what_the_table_says_and_nothing_else(town):
    wrong = []
    for row in town.rows:
        for name in PEOPLE:
            outcome = town.outcome(name, row)
            if outcome != row[name]:
                wrong.append(f"{row['method']} {row['path']} {row['form']}: {name} {outcome}, not {row[name]}")
    assert wrong == [], "\n" + "\n".join(wrong)
