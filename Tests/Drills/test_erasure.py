"""Erased means gone: unmistakable words go into every field that a person can fill, everything happens that can happen to them, and
after each way of being erased no byte of the data folder, and of the database's own files, says any of them."""

import base64
import pathlib
import re
import sqlite3
import stat
import subprocess
import tempfile
import time
import uuid
import zlib

import pytest
import requests

from applicant import BIRTH, HOUSE, OPTIONAL, apply, picture, token
from bank import Bank
from conftest import BINARY, ENGINES, City, Postgres, docket_in, report, totp

LETTERS = "bcdfghjklmnpqrstvwxz"


class Words:
    """Words that stand nowhere else, each with a beginning of its own, so that no index shortens what makes it unmistakable."""

    def __init__(self):
        self.of = {}

    def __call__(self, field):
        number = uuid.uuid4().int
        self.of[field] = "".join(LETTERS[number // 20 ** place % 20] for place in range(14))
        return self.of[field]

    def contact(self, field):
        """A mailbox; its name is the word."""
        return self(field) + "@contoh.id"

    def number(self, field):
        """A mobile number, as it is kept."""
        self.of[field] = "+62812" + f"{uuid.uuid4().int % 10 ** 8:08d}"
        return self.of[field]


def forms(word):
    """How a word may lie in a file: without its first letters, which an index may share with the word before."""
    tail = word[3:] if word.isalpha() else word[1:]
    yield tail.encode()
    yield tail.encode("utf-16-le")
    yield tail.encode("utf-16-be")
    yield tail.encode().hex().encode()
    for shift in range(3):
        # Only what is the same whatever comes before and after.
        yield base64.b64encode(b"\0" * shift + tail.encode())[4 if shift else 0 : -4].lower()


def files(*folders):
    """Every file below some folders with its bytes; streams of PDFs opened too."""
    for folder in folders:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if not path.is_file():
                continue
            try:
                data = path.read_bytes()
            except FileNotFoundError:
                continue  # The database has put it away meanwhile.
            for stream in re.findall(rb"stream\r?\n(.*?)endstream", data, re.S):
                try:
                    data += zlib.decompress(stream)
                except zlib.error:
                    pass
            yield path, data.lower()


def found(words, *folders, only=None):
    """Which words are in which files."""
    wanted = {field: list(forms(word.lower())) for field, word in words.of.items() if only is None or field in only}
    return sorted({(field, str(path)) for path, data in files(*folders) for field, all_forms in wanted.items() if any(form in data for form in all_forms)})


class Place:
    """A city whose every byte can be looked at."""

    def __init__(self, engine):
        self.server = None
        database = None
        if engine == "postgres":
            self.server = Postgres()
            # As Documentation/Operations.md asks of the administrator: a segment of the log that is done with is removed, not kept.
            self.psql("postgres", "ALTER SYSTEM SET wal_recycle = off", "SELECT pg_reload_conf()")
            database = self.server.database()
            self.name = re.search(r"@/(\w+)", database).group(1)
        self.keys = tempfile.TemporaryDirectory()
        self.bank = Bank(pathlib.Path(self.keys.name))
        self.city = City(database, environment={"BALAI_SMS_SECRET": "rahasia", "BALAI_SNAP": self.bank.setting}).start()
        self.url = self.city.url

    def psql(self, database, *statements):
        out = []
        for statement in statements:
            command = [self.server.bin / "psql", "-h", self.server.folder, "-U", "balai", "-At", "-c", statement, database]
            out.append(subprocess.run(command, check=True, capture_output=True, text=True, cwd="/tmp").stdout)
        return "".join(out)

    def folders(self):
        return [self.city.data] + ([self.server.folder] if self.server else [])

    def rows(self):
        """Everything that the tables say, table by table, as the database's own catalogue names them."""
        if self.server:
            names = self.psql(self.name, "SELECT schemaname || '.' || quote_ident(relname) FROM pg_stat_all_tables WHERE schemaname NOT LIKE 'pg_toast%'").split()
            return {name: self.psql(self.name, f"SELECT * FROM {name}") for name in names}
        with sqlite3.connect(f"file:{self.city.data / 'city' / 'balai.sqlite'}?mode=ro", uri=True) as database:
            # A full-text index cannot be read itself; the tables that it is kept in are among these.
            names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")]
            return {name: "\n".join(str(row) for row in database.execute(f'SELECT * FROM "{name}"')) for name in names}

    def finished(self, seconds=60):
        """Waits until the city says that nothing is left of anybody who was erased."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if "balai_erasures_unfinished 0" in requests.get(self.url + "/metrics").text:
                return
            time.sleep(0.1)
        raise AssertionError("erasures are not finished: " + (self.city.data / "log").read_text()[-2000:])

    def close(self):
        self.city.stop()
        if self.server:
            self.server.stop()


@pytest.fixture(params=ENGINES)
def place(request):
    place = Place(request.param)
    yield place
    place.close()


def farewells(place, seconds=15):
    """Takes the letters that tell who was erased of it, as a carrier would have: nobody but their reader has them."""
    until = time.monotonic() + seconds
    while "waiting" in next(text for name, text in place.rows().items() if name.endswith("outbox")) and time.monotonic() < until:
        time.sleep(0.2)
    letters = [file for file in (place.city.data / "city" / "outbox").glob("*.txt") if "dihapus selamanya" in file.read_text()]
    texts = [letter.read_text() for letter in letters]
    for letter in letters:
        letter.unlink()
    return texts


def nowhere(place, words, only=None):
    """No byte of any file, and no row of any table, says the words; the letter that tells of it says none but where it goes."""
    place.finished()
    for letter in farewells(place):
        body = letter.split("\n\n", 1)[1].lower()
        assert not [field for field, word in words.of.items() if word.lower() in body], letter
    fields = {field: word for field, word in words.of.items() if only is None or field in only}
    said = [(field, name) for name, text in place.rows().items() for field, word in fields.items() if word.lower() in text.lower()]
    assert not said, f"rows still say {said}"
    left = found(words, *place.folders(), only=only)
    assert not left, f"files still say {left}"


def photo(word):
    """A photo that says a word in its metadata."""
    whole = picture()
    text = b"Comment\0" + word.encode()
    chunk = len(text).to_bytes(4, "big") + b"tEXt" + text + zlib.crc32(b"tEXt" + text).to_bytes(4, "big")
    return whole[:33] + chunk + whole[33:]


def paper(word):
    """A PDF that says a word in its text and in a packed stream."""
    packed = zlib.compress(f"BT ({word}) Tj ET".encode())
    return b"%PDF-1.4\n1 0 obj <</Title (" + word.encode() + b")>> endobj\n2 0 obj <</Filter /FlateDecode /Length %d>> stream\n" % len(packed) + packed + b"\nendstream endobj\ntrailer <<>>\n%%EOF\n"


def filed(place, words, contact):
    """A report from one page, with a photo, confirmed and answered by its own reporter; gives session and number."""
    session = requests.Session()
    page = session.get(place.url + "/lapor/luring")
    form = {
        "token": token(page), "kunci": str(uuid.uuid4()), "category": "lubang", "answer-lubang-ukuran": "besar", "subdistrict": "99.01.01.1002",
        "story": f"Lubang {words('story')} di depan rumah {words('story 2')}.", "address": f"Jalan {words('address')} nomor 1", "contact": contact,
        "sekali": "a",
    }
    answer = session.post(place.url + "/lapor/luring", data=form, files={"photo": (words("file name") + ".png", photo(words("photo metadata")), "image/png")})
    assert answer.ok, answer.text[-2000:]
    docket = docket_in(answer.url)
    code = re.search(r"\b(\d{6})\b", place.city.message(docket, contact)).group(1)
    page = session.get(f"{place.url}/berkas/{docket}")
    session.post(f"{place.url}/berkas/{docket}/konfirmasi", data={"token": token(page), "code": code})
    page = session.get(f"{place.url}/berkas/{docket}")
    sent = session.post(
        f"{place.url}/berkas/{docket}/balasan",
        data={"token": token(page), "reply": f"Tambahan {words('reply')}", "sekali": "b"},
        files={"photo": (words("reply file name") + ".png", photo(words("reply photo metadata")), "image/png")},
    )
    assert sent.ok, sent.text[-2000:]
    return session, docket


def act(place, session, path, page=None, **fields):
    """Sends a form of a page: of the one above its address where none is named."""
    page = session.get(place.url + (page or path.rsplit("/", 1)[0] or "/"))
    answer = session.post(place.url + path, data={"token": token(page), "sekali": str(uuid.uuid4()), **fields})
    assert answer.ok, answer.text[-2000:]
    return answer


def grown(place):
    """Other people's reports before and after, so that pages split and segments of the index merge."""
    for number in range(40):
        requests.post(place.url + "/open311/v2/requests.json", data=report(f"Laporan lain nomor {number}. " + "Batu besar di jalan. " * (number % 17)))


def test_a_reporter_who_erases_their_report(place):
    words = Words()
    grown(place)
    session, docket = filed(place, words, words.contact("contact"))
    asked = requests.get(place.url + "/laporan", params={"kata": words("search")})
    assert asked.ok
    grown(place)
    place.city.command("rebuild")
    if place.server:
        place.psql(place.name, "ANALYZE")  # The planner keeps samples of what it has seen.
    act(place, session, f"/berkas/{docket}/penarikan", yakin="ya")
    open_fields = {"story", "story 2", "address"}
    there = {field for field, _ in found(words, *place.folders())}
    assert open_fields <= there, "before it, they can be found by looking as we do"
    act(place, session, f"/berkas/{docket}/penghapusan", yakin="ya")
    nowhere(place, words)
    page = session.get(f"{place.url}/berkas/{docket}").text
    assert "Data pelapor sudah dihapus" in page and "juga sudah ditimpa" in page
    assert not any(word in page for word in words.of.values())
    holds(place, words)


def holds(place, words, only=None):
    """The log still verifies, working everything out again brings nothing back, and a copy made now holds none."""
    key = requests.get(place.url + "/ledger/vkey").text.strip()
    checked = subprocess.run([BINARY, "verify", place.url + "/ledger", "--key", key], capture_output=True, text=True)
    assert "VALID" in checked.stdout and "INVALID" not in checked.stdout
    place.city.command("rebuild")
    copy = place.city.data / "copy"
    place.city.command("backup", str(copy))
    nowhere(place, words, only=only)
    place.city.stop()
    left = found(words, *place.folders(), only=only)
    assert not left, f"after a clean stop files still say {left}"
    place.city.start()


def test_followers_who_stop_and_a_report_by_sms(place):
    words = Words()
    docket = requests.post(place.url + "/open311/v2/requests.json", data=report("Lubang di depan pasar.")).json()[0]["service_request_id"]
    contact, number = words.contact("follower"), words.number("number")
    session = requests.Session()
    followed(place, session, f"/berkas/{docket}", "pengikut", contact)
    # Another wish of the same contact waits to be agreed to.
    act(place, session, "/wilayah/99.01.01/ikuti", contact=contact)
    ask = lambda text: requests.get(place.url + "/sms/kannel", params={"dari": number, "isi": text, "id": str(uuid.uuid4()), "sandi": "rahasia"}).text
    assert docket in ask(f"IKUT {docket}")
    other = docket_in(ask(f"LAPOR lubang besar {words('sms story')} di Jalan {words('sms address')} Melati"))
    officer = signed_in(place, "ucok", "officer,head", "pu")
    assert officer.post(f"{place.url}/meja/berkas/{docket}/tulis", data={"token": token(officer.get(f"{place.url}/meja/berkas/{docket}")), "kind": "reply", "text": "Besok kami datang.", "sekali": "x"}).ok
    stop = re.search(r"/berhenti/\S+", place.city.message(contact, "/berhenti/")).group(0)
    place.city.message(number, docket)
    assert {"follower", "number"} <= {field for field, _ in found(words, *place.folders())}, "its messages lie in the folder"
    act(place, session, stop, page=stop)
    ask("STOP")
    nowhere(place, words, only={"follower"})
    # The report goes by the command, and with it the number.
    screener = signed_in(place, "rani", "screener", "kominfo")
    closed = screener.post(f"{place.url}/meja/berkas/{other}/tutup", data={"token": token(screener.get(f"{place.url}/meja/berkas/{other}")), "reason": reason(screener, place, other), "text-tutup": "Ditutup.", "sekali": "y"})
    assert closed.ok, closed.text[-1000:]
    assert "Erased." in place.city.command("erase", other, "--basis", "UU 27/2022 ps. 43")
    # The city that runs beside the command may have carried the letter that tells of it already.
    assert all(other in letter for letter in farewells(place))
    left = found(words, *place.folders())
    assert not left, f"the command says Erased, and files still say {left}"
    holds(place, words)


def reason(session, place, docket):
    """The first reason for which a report can be closed unfixed."""
    return re.search(r'name="reason".*?value="([^"]+)"', session.get(f"{place.url}/meja/berkas/{docket}").text, re.S).group(1)


def followed(place, session, page, what, contact):
    """Asks for news and agrees to it."""
    act(place, session, f"{page}/{what}", contact=contact)
    link = re.search(r"/ikuti/\S+", place.city.message(contact, "/ikuti/")).group(0)
    act(place, session, link, page=link)


def answered(place, service, answers, words, contact):
    """Applies with words in every answer that takes any, and a photo and a PDF that say some; gives session and number."""
    session = requests.Session()
    page = session.post(f"{place.url}/layanan/{service}/ajukan", data={"token": token(session.get(f"{place.url}/layanan/{service}"))})
    for _ in range(20):
        if page.url.endswith("/review"):
            page = session.post(page.url, data={"token": token(page)})
            assert page.ok, page.text[-3000:]
            return session, re.search(r'class="figure">([A-Z]{3}-\d\d-\w{4}-\w{3})<', page.text).group(1)
        asked = re.search(r'name="ditanya" value="([^"]*)"', page.text).group(1).split(",")
        data = {"token": token(page), "ditanya": ",".join(asked)}
        sent = []
        for code in asked:
            if code in answers:
                data[code] = answers[code]
            elif code not in OPTIONAL:
                sent.append((code, (words(f"name of {code}") + ".pdf", paper(words(f"text of {code}")), "application/pdf")))
        page = session.post(page.url.split("?")[0].split("#")[0], data=data, files=sent or [("tidak-ada", ("", b""))])
        assert page.ok, page.text[-3000:]
    raise AssertionError("the questions do not end")


def test_an_applicant_and_a_resident(place):
    words = Words()
    contact = words.contact("contact")
    answers = lambda which: BIRTH | {"nama_anak": words(f"child {which}"), "tempat_lahir": words(f"birthplace {which}"), "nama_ibu": words(f"mother {which}"), "nama_pelapor": words(f"mother {which}"), "kontak": contact}
    dockets = []
    for which in (1, 2):
        session, docket = answered(place, "akta-kelahiran", answers(which), words, contact)
        code = re.search(r"Kode kontak: (\d{6})", place.city.message(docket, "Kode kontak", contact)).group(1)
        act(place, session, f"/berkas/{docket}/kontak", act="prove", code=code)
        act(place, session, f"/berkas/{docket}/pesan", message=f"Tolong {words(f'message {which}')} segera.")
        dockets.append((session, docket))
    # One that is begun and never sent, by the same hand, from what an account knows.
    resident = requests.Session()
    act(place, resident, "/saya", page="/saya", contact=contact)
    code = re.search(r"\b(\d{6})\b", place.city.message("Kode masuk", contact)).group(1)
    act(place, resident, "/saya/kode", code=code)
    act(place, resident, "/saya/data", name=words("profile name"), address=words("profile address"), birthplace=words("profile birthplace"))
    second = words.contact("second contact")
    act(place, resident, "/saya/kontak", contact=second)
    # It was never proven, and may be a stranger's: the letter that went there is its reader's, who takes it.
    place.city.message(second, "menambahkan", is_taken=True)
    page = resident.get(place.url + "/saya").text
    assert dockets[0][1] in page and dockets[1][1] in page
    place.city.command("rebuild")
    for session, docket in dockets:
        act(place, session, f"/berkas/{docket}/langkah/tarik", page=f"/berkas/{docket}", yakin="ya")
    assert "contact" in {field for field, _ in found(words, *place.folders())}
    session, docket = dockets[0]
    act(place, session, f"/berkas/{docket}/hapus-data", yakin="ya")
    nowhere(place, words, only={field for field in words.of if field.endswith(" 1")})
    act(place, resident, "/saya/hapus", yakin="ya")
    place.finished()
    assert "profile" not in resident.get(place.url + "/saya").text
    nowhere(place, words)
    holds(place, words)


def test_what_was_written_about_somebodys_money(place):
    """Rows of statements with the payer's words, why they were recorded, declined, doubted and let stand, what was found of what a bank
    took back and told again, and what was found in the case itself."""
    words = Words()
    applicant, docket = apply(place.url, "pbg", HOUSE | {"nama": words("name"), "alamat": words("address"), "kontak": words.contact("contact")})
    first, second = signed_in(place, "dewi", "officer", "pu"), signed_in(place, "hasan", "officer", "pu")
    rosa, head = signed_in(place, "rosa", "treasurer", "pu"), signed_in(place, "kepala", "head", "pu")
    today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 7 * 3600))
    step = lambda session, code, **fields: act(place, session, f"/meja/permohonan/{docket}/langkah/{code}", page=f"/meja/permohonan/{docket}", **fields)
    step(first, "lengkap")
    step(second, "pernyataan", tanggal_periksa=today, luas_sesuai="ya", catatan_teknis=f"Pagar {words('finding')} terlalu tinggi")
    assert words.of["finding"] in applicant.get(f"{place.url}/berkas/{docket}").text, "what was found is the applicant's, too"
    assert words.of["finding"] not in requests.get(f"{place.url}/berkas/{docket}").text, "and nobody else's"
    step(second, "tetapkan")
    bill = re.search(r'class="code">(\d{12})<', applicant.get(f"{place.url}/berkas/{docket}").text).group(1)
    cash = lambda session, path, **fields: act(place, session, f"/meja/kas/{path}", page="/meja/akun", **fields)
    texts = [f"TRF {words('row recorded')} {bill}", f"KLIRING {words('row let stand')} {bill}", f"TELLER {words('row declined')}", f"SETOR {words('row taken back')} {bill}"]
    statement = "tanggal,kredit,keterangan\n" + "".join(f"{today},{7000 + index},{text}\n" for index, text in enumerate(texts))
    page = rosa.post(f"{place.url}/meja/kas/cocokkan", data={"token": token(rosa.get(f"{place.url}/meja/akun"))}, files={"statement": ("rekening.csv", statement, "text/csv")})
    rows = re.findall(r'name="usul" value="([^"]+)"', page.text)
    assert len(rows) == 4
    for row in rows:
        cash(rosa, "catat", usul=row, **{f"lain-{row[-20:]}": bill, f"alasan-{row[-20:]}": f"Menurut {words(f'reason of {len(words.of)}')} yang membayar"})
    proposals = dict(re.findall(r'<li class="whole"><p><b>Rp7\.00(\d)</b>.*?name="usul" value="([^"]+)"', head.get(f"{place.url}/meja/kas").text, re.S))
    assert sorted(proposals) == ["0", "1", "2", "3"]
    cash(rosa, "tarik-usul", usul=proposals["3"])
    cash(head, "tolak-usul", usul=proposals["2"], sebab=f"Bukan {words('declined')} itu")
    cash(head, "catat-usul", usul=proposals["0"])
    cash(head, "catat-usul", usul=proposals["1"])
    receipts = sorted(set(re.findall(r"KW-\d{4}-\d+", applicant.get(f"{place.url}/berkas/{docket}").text)))
    assert len(receipts) == 2
    for receipt in receipts:
        cash(rosa, "keliru", kuitansi=receipt, sebab=f"Milik {words(f'doubt of {receipt}')} ternyata")
        if receipt == receipts[1]:
            cash(head, "tolak", kuitansi=receipt, sebab=f"Sudah ditanya {words('let stand')}")
            cash(rosa, "keliru", kuitansi=receipt, sebab=f"Milik {words('doubted again')} ternyata")
        cash(head, "setujui", kuitansi=receipt)
    # A bank takes back what no book knows, tells of a payment, takes it back and tells of it again.
    for reference, status in [("REFSATU1", "04"), ("REFDUA22", "00"), ("REFDUA22", "04"), ("REFDUA22", "00")]:
        assert place.bank.notify(place.url, bill, 5000, reference, status=status).ok
    page = rosa.get(f"{place.url}/meja/kas").text
    cash(rosa, "tarikan", tarikan=re.search(r'name="tarikan" value="([^"]+)"', page).group(1), uang="tidak", sebab=f"Kata {words('settled')} tidak ada")
    cash(rosa, "kabar", kabar=re.search(r'name="kabar" value="([^"]+)"', page).group(1), sebab=f"Kata {words('told again')} keliru")
    there = {field for field, _ in found(words, *place.folders())}
    assert {"contact", "row recorded", "doubted again", "settled"} <= there, f"they can be found by looking as we do: {there}"
    place.city.command("rebuild")
    act(place, applicant, f"/berkas/{docket}/langkah/batal", page=f"/berkas/{docket}", yakin="ya")
    act(place, applicant, f"/berkas/{docket}/hapus-data", page=f"/berkas/{docket}", yakin="ya")
    assert "sudah dihapus" in applicant.get(f"{place.url}/berkas/{docket}").text
    nowhere(place, words)
    holds(place, words)


def test_a_wish_that_has_to_wait_says_why_to_everybody(place):
    words = Words()
    moment = time.time() + 7 * 86400
    while time.localtime(moment).tm_wday > 3:
        moment += 86400
    asked = {"resource": "lapangan_a", "day": time.strftime("%Y-%m-%d", time.localtime(moment))}
    slot = requests.get(f"{place.url}/api/v1/venues/gelanggang/slots", params=asked).json()["slots"][0]["slot"]
    draft = requests.post(place.url + "/api/v1/services/sewa-gelanggang/drafts").json()["draft"]
    answers = {"waktu": slot, "nama": words("name"), "kontak": words.contact("contact")}
    case = requests.post(f"{place.url}/api/v1/drafts/{draft}/submission", json=answers).json()
    docket = case["docket"]
    applicant = requests.Session()
    applicant.get(f"{place.url}/berkas/{docket}", params={"kunci": case["key"]})
    treasurer = signed_in(place, "dewi", "officer,treasurer", "pu")
    bill = re.search(r"\b\d{12}\b", applicant.get(f"{place.url}/berkas/{docket}").text).group(0)
    page = treasurer.get(f"{place.url}/meja/kas", params={"kode": bill})
    amount = re.search(r'name="amount"[^>]*value="([^"]+)"', page.text).group(1)
    assert treasurer.post(place.url + "/meja/kas", data={"token": token(page), "sekali": str(uuid.uuid4()), "kode": bill, "amount": amount}).ok
    act(place, applicant, f"/berkas/{docket}/hapus-data", yakin="ya")
    why = "tempat masih dipesan untuk Anda pada"
    assert why in applicant.get(f"{place.url}/berkas/{docket}").text and why in treasurer.get(f"{place.url}/meja/permohonan/{docket}").text
    assert words.of["name"] in treasurer.get(f"{place.url}/meja/permohonan/{docket}").text, "nothing is erased by halves"
    refused = place.city.command("erase", docket, "--basis", "UU 27/2022 ps. 43", check=False)
    assert refused.returncode == 1 and "a place is booked for you" in refused.stderr
    # Cancelled: now the city owes.
    act(place, applicant, f"/berkas/{docket}/langkah/batalkan", page=f"/berkas/{docket}", yakin="ya")
    assert "uang Anda masih di kas kota" in applicant.get(f"{place.url}/berkas/{docket}").text


def test_the_folder_is_its_owners_alone(place):
    """Files of confidence have no rights for others, also where an administrator has left some."""
    place.city.command("backup", str(place.city.data / "copy"))
    grown(place)
    for path in [place.city.data / "city", *(place.city.data / "city").rglob("*"), *(place.city.data / "copy").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    place.city.stop()
    (place.city.data / "city").chmod(0o755)
    (place.city.data / "city" / "keys" / "master.key").chmod(0o644)
    place.city.start()
    assert stat.S_IMODE((place.city.data / "city").stat().st_mode) == 0o700
    assert stat.S_IMODE((place.city.data / "city" / "keys" / "master.key").stat().st_mode) == 0o600
    assert "was open to other users" in (place.city.data / "log").read_text()


def signed_in(place, login, roles, agency):
    """A member of staff, signed in by a program that keeps cookies."""
    session = requests.Session()
    claim = place.url + place.city.staff(login, agency, roles)
    page = session.get(claim)
    secret = re.search(r'class="code">([A-Z2-7 ]{16,})<', page.text).group(1).replace(" ", "")
    session.post(claim, data={"token": token(page), "code": totp(secret), "password": "kuda nil makan rumput"})
    answer = session.get(place.url + "/meja")
    assert answer.ok and "Meja kerja" in answer.text, answer.text[-2000:]
    return session
