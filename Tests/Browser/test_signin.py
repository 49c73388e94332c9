"""Signing in, staying signed in, and what a session alone is not enough for."""

import re
import subprocess

import pytest
import requests

from applicant import BIRTH, review, token
from conftest import City, docket_in, report, totp
from staff import PASSWORD, Staff, carried

REPORT = {"category": "lubang", "answer-lubang-ukuran": "besar", "subdistrict": "99.01.01.1002", "address": "Jalan Merdeka"}


@pytest.fixture
def rani(city):
    return Staff(city, "rani", "kominfo", "screener")


@pytest.fixture(scope="module")
def butet(quiet_city):
    """On SQLite, where a test can let time pass."""
    return Staff(quiet_city, "butet", "kominfo", "screener,administrator")


def test_whoever_claims_an_account_is_signed_in_and_given_recovery_codes_once(rani):
    assert len(rani.codes) == 8 and "Meja kerja" in rani.get("/meja").text
    elsewhere = requests.Session()
    assert "Meja kerja" in rani.sign_in(elsewhere, rani.codes[0]).text
    again = rani.sign_in(requests.Session(), rani.codes[0])
    assert again.status_code == 422 and "tidak cocok" in again.text, "a recovery code serves once"
    account = rani.get("/meja/akun").text
    assert "Kode pemulihan dipakai" in account and "tersisa: <b>7</b>" in account, "its owner sees that one was used"


def test_guessing_shuts_out_neither_the_owner_nor_the_office(rani):
    guesser = requests.Session()
    for _ in range(12):
        page = rani.sign_in(guesser, "000000", "tebakan saja")
    assert page.status_code == 422 and 'name="next"' in page.text, "asked for two codes, never refused outright"
    # From the browser that signed in before, one code is enough; from anywhere else a recovery code will do.
    known = requests.Session()
    known.cookies.set("perangkat", rani.session.cookies["perangkat"])
    assert "Meja kerja" in rani.sign_in(known, totp(rani.secret, 1)).text
    assert "Meja kerja" in rani.sign_in(requests.Session(), rani.codes[0]).text


def test_a_password_is_changed_where_browsers_look_for_it(rani):
    page = rani.get("/.well-known/change-password")
    assert 'id="new-password"' in page.text
    elsewhere = requests.Session()
    rani.sign_in(elsewhere, rani.codes[0])
    refused = rani.post("/meja/akun/sandi", page, password="bukan ini", **{"new-password": "rumput dimakan kuda"})
    assert refused.status_code == 422
    assert rani.post("/meja/akun/sandi", refused, password=PASSWORD, **{"new-password": "rumput dimakan kuda"}).ok
    assert "/masuk" in elsewhere.get(rani.city.url + "/meja").url, "other sessions end"
    assert "Meja kerja" in rani.get("/meja").text
    assert rani.sign_in(requests.Session(), rani.codes[1]).status_code == 422
    assert "Meja kerja" in rani.sign_in(requests.Session(), rani.codes[1], "rumput dimakan kuda").text


def test_sessions_are_ended_one_by_one_and_all_together(rani):
    elsewhere = requests.Session()
    rani.sign_in(elsewhere, rani.codes[0])
    page = rani.get("/meja/akun")
    assert rani.post("/keluar", page, akhiri=re.search(r'name="akhiri" value="([^"]+)"', page.text).group(1)).ok
    assert "/masuk" in elsewhere.get(rani.city.url + "/meja").url
    rani.post("/keluar", rani.get("/meja/akun"), semua="1")
    assert "/masuk" in rani.get("/meja").url
    old = rani.sign_in(requests.Session(), rani.codes[1])
    assert "Meja kerja" in old.text


def test_an_administrator_resets_an_account_with_a_reason_that_its_owner_reads(butet):
    sari = Staff(butet.city, "sari", "pu", "officer")
    number = re.search(r"Petugas (\d+)", sari.get("/meja/akun").text).group(1)
    assert sari.get("/meja/petugas").status_code == 404
    page = butet.get("/meja/petugas")
    assert butet.post("/meja/petugas", page, number=number, reason="").status_code == 422
    assert "/meja/petugas" in butet.get("/meja/akun").text
    page = butet.post("/meja/petugas", page, number=number, reason="ponsel hilang, KTP diperiksa")
    assert "Sari" in page.text and sari.get("/meja/akun").ok, "it is asked first whether it is really hers"
    page = butet.post("/meja/petugas", page, number=number, reason="ponsel hilang, KTP diperiksa", yakin="ya")
    claim = re.search(r"/masuk/klaim/[\w-]+", page.text).group(0)
    assert "/masuk" in sari.get("/meja").url
    page = requests.get(butet.city.url + claim)
    assert "ponsel hilang, KTP diperiksa" in page.text


def test_the_command_line_resets_an_account(rani):
    number = re.search(r"Petugas (\d+)", rani.get("/meja/akun").text).group(1)
    line = rani.city.command("staff", "reset", "--number", number, "--reason", "lupa")
    assert requests.get(line.strip()).ok and "/masuk" in rani.get("/meja").url


def test_what_was_being_done_goes_on_after_a_code(butet):
    page = butet.get("/meja/akun")
    butet.grow_stale()
    asked = butet.post("/meja/akses", page, name="lembar kerja", days="30")
    assert asked.status_code == 403 and "Satu kode lagi" in asked.text and "Kunci baru" not in asked.text
    action, fields = carried(asked)
    english = butet.session.post(butet.city.url + action, params={"bahasa": "en"}, data=fields)
    assert english.status_code == 403 and "One more code" in english.text, "another language keeps what was typed"
    asked = butet.session.post(butet.city.url + action, params={"bahasa": "id"}, data=carried(english)[1])
    action, fields = carried(asked)
    wrong = butet.session.post(butet.city.url + action, data={**fields, "code": "000000"})
    assert wrong.status_code == 422 and "tidak cocok" in wrong.text
    action, fields = carried(wrong)
    done = butet.session.post(butet.city.url + action, data={**fields, "code": butet.codes.pop()})
    assert "Kunci baru" in done.text and "lembar kerja" in done.text, "nothing that was typed is lost"
    assert "Kunci baru" in butet.post("/meja/akses", done, name="lagi", days="30").text, "one code lasts a while"


def test_reading_and_answering_need_no_second_code(butet):
    docket = requests.post(butet.city.url + "/open311/v2/requests.json", data=report("Lubang besar di jalan.")).json()[0]["service_request_id"]
    page = butet.get(f"/meja/berkas/{docket}")
    butet.grow_stale()
    assert "Satu kode lagi" not in butet.post(f"/meja/berkas/{docket}/catatan", page, text="Sudah ditelepon").text


def test_a_form_whose_session_has_ended_goes_on_after_signing_in(butet):
    page = butet.get("/meja/akun")
    with butet.database() as database:
        database.execute("DELETE FROM session")
    asked = butet.post("/meja/akses", page, name="setelah sesi", days="30")
    assert asked.status_code == 401 and "Sesi Anda sudah berakhir" in asked.text
    action, fields = carried(asked)
    done = butet.session.post(butet.city.url + action, data={**fields, "login": "butet", "password": PASSWORD, "code": butet.codes.pop()})
    assert "Kunci baru" in done.text and "setelah sesi" in done.text
    assert "Meja kerja" in butet.get("/meja").text


# Forms that others send


def test_a_form_token_belongs_to_a_session(rani):
    url = rani.city.url
    attacker = requests.Session()
    stolen = token(attacker.get(url + "/masuk"))
    victim = requests.Session()
    victim.cookies.update({"sesi": rani.session.cookies["sesi"], "pengunjung": attacker.cookies["pengunjung"]})
    planted = victim.post(url + "/meja/akses", data={"token": stolen, "name": "curian", "days": "366"})
    assert planted.status_code == 403 and "curian" not in rani.get("/meja/akun").text
    made_up = requests.Session()
    made_up.cookies.update({"sesi": rani.session.cookies["sesi"], "pengunjung": "A" * 22})
    assert made_up.post(url + "/meja/akses", data={"token": stolen, "name": "x", "days": "1"}).status_code == 403


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://saudara.contoh.id"}, {"Origin": "null"}])
def test_forms_of_siblings_and_strangers_are_refused(rani, headers):
    page = rani.get("/meja/akun")
    data = {"token": token(page), "name": "dari luar", "days": "30"}
    assert rani.session.post(rani.city.url + "/meja/akses", data=data, headers=headers).status_code == 403
    own = {"Sec-Fetch-Site": "same-origin", "Origin": rani.city.url}
    assert "Kunci baru" in rani.session.post(rani.city.url + "/meja/akses", data=data, headers=own).text


# Sending twice


def walk(session, url, words, start=None):
    """Fills in a report page by page; gives the page that asks to check and send."""
    page = start
    if page is None:
        door = session.get(url + "/lapor?jenis=lubang")
        page = session.post(door.url, data={"token": token(door), "story": words, "answer-ukuran": "besar"})
    draft = re.search(r"/lapor/([\w-]+)/", page.url).group(1)
    steps = {
        "masalah": {"story": words, "answer-ukuran": "besar"},
        "lokasi": {"district": "99.01.01", "subdistrict": "99.01.01.1002", "address": f"Jalan {words[:12]}"},
        "kontak": {"contact": ""},
    }
    for step, fields in steps.items():
        page = session.post(f"{url}/lapor/{draft}/{step}", data={"token": token(page), **fields})
        assert page.ok, page.text[-2000:]
    return draft, page


def test_going_back_and_writing_something_else_makes_another_report(city):
    session = requests.Session()
    draft, page = walk(session, city.url, "Lubang besar di depan pasar.")
    first = session.post(f"{city.url}/lapor/{draft}/periksa", data={"token": token(page)})
    again = session.post(f"{city.url}/lapor/{draft}/periksa", data={"token": token(page)})
    assert docket_in(first.text) == docket_in(again.text), "sent twice is one case"
    story = session.get(city.url + "/lapor")
    fields = {"token": token(page), "story": "Lampu jalan padam semalam suntuk.", "answer-ukuran": "kecil"}
    back = session.post(f"{city.url}/lapor/{draft}/masalah", data=fields)
    draft, page = walk(session, city.url, "Lampu jalan padam semalam suntuk.", start=back)
    second = session.post(f"{city.url}/lapor/{draft}/periksa", data={"token": token(page)})
    assert story.ok and docket_in(second.text) != docket_in(first.text)
    assert "Lampu jalan padam" in session.get(f"{city.url}/berkas/{docket_in(second.text)}").text


def test_a_report_kept_on_a_phone_is_never_taken_for_another(quiet_city):
    session = requests.Session()
    page = session.get(quiet_city.url + "/lapor/luring")
    key = re.search(r'name="kunci" value="([^"]+)"', page.text).group(1)
    fields = {**REPORT, "token": token(page), "kunci": key, "story": "Lubang di depan sekolah dasar."}
    first = session.post(quiet_city.url + "/lapor/luring", data=fields)
    assert docket_in(session.post(quiet_city.url + "/lapor/luring", data=fields).text) == docket_in(first.text)
    other = session.post(quiet_city.url + "/lapor/luring", data={**fields, "story": "Pohon tumbang menutup jalan."})
    assert other.status_code == 409 and "Pohon tumbang" in other.text and "belum terkirim" in other.text
    new = re.search(r'name="kunci" value="([^"]+)"', other.text).group(1)
    sent = session.post(quiet_city.url + "/lapor/luring", data={**fields, "story": "Pohon tumbang menutup jalan.", "kunci": new})
    assert sent.ok and docket_in(sent.text) != docket_in(first.text)


def test_a_second_reply_with_the_key_of_the_first_is_shown_too(quiet_city):
    session = requests.Session()
    page = session.get(quiet_city.url + "/lapor/luring")
    fields = {**REPORT, "token": token(page), "kunci": re.search(r'name="kunci" value="([^"]+)"', page.text).group(1), "story": "Saluran tersumbat di gang."}
    docket = docket_in(session.post(quiet_city.url + "/lapor/luring", data=fields).text)
    address = f"{quiet_city.url}/berkas/{docket}"
    reply = {"token": token(session.get(address)), "sekali": "kunci-yang-sama"}
    for words in ["Sudah seminggu begini.", "Sudah seminggu begini.", "Sekarang airnya masuk rumah."]:
        page = session.post(address + "/balasan", data={**reply, "reply": words})
    assert page.text.count("Sudah seminggu begini.") == 1 and "Sekarang airnya masuk rumah." in page.text


def test_going_back_after_applying_makes_another_application(city):
    session, page = review(city.url, "akta-kelahiran", BIRTH)
    first_page = re.search(r'href="/permohonan/[\w-]+/([\w-]+)"', page.text).group(1)
    first = session.post(page.url, data={"token": token(page)})
    again = session.post(page.url, data={"token": token(page)})
    number = re.compile(r'class="figure">([A-Z]{3}-\d\d-\w{4}-\w{3})<')
    assert number.search(first.text).group(1) == number.search(again.text).group(1)
    address = f"{page.url.rsplit('/', 1)[0]}/{first_page}"
    other = session.post(address, data={"token": token(page), "ditanya": "nama_anak", "nama_anak": "Anak Lain"})
    assert other.ok and "/permohonan/" in other.url, "another application is begun, and nothing is answered as taken"
    assert "Anak Lain" in session.get(address).text


# Messages to strangers


def test_nobody_has_a_strangers_telephone_ring(city):
    session = requests.Session()
    stranger = "081299990001"
    for number in range(7):
        page = session.get(city.url + "/lapor/luring")
        key = re.search(r'name="kunci" value="([^"]+)"', page.text).group(1)
        done = session.post(city.url + "/lapor/luring", data={**REPORT, "token": token(page), "kunci": key, "story": f"Lubang nomor {number} di jalan ini.", "contact": stranger})
        assert done.ok
    assert "kode bisa diminta mulai" in done.text, "who files is told what happens instead"
    refused = session.post(f"{city.url}/berkas/{docket_in(done.text)}/kode", data={"token": token(done)})
    assert refused.status_code == 429 and "minta lagi mulai" in refused.text
    assert session.post(city.url + "/saya", data={"token": token(done), "contact": stranger, "ke": ""}).status_code == 429, "every way in counts together"
    city.stop()
    sent = [file for file in (city.data / "city" / "outbox").glob("*.txt") if "+6281299990001" in file.read_text()]
    assert len(sent) <= 5


# Over TLS


def test_cookies_over_tls_cannot_be_planted_by_a_sibling_of_the_host(tmp_path):
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )
    city = City()
    city.url = city.url.replace("http://", "https://")
    city.certificate = str(certificate)
    city.start("--certificate", str(certificate), "--private-key", str(key))
    try:
        session = requests.Session()
        session.verify, session.trust_env = str(certificate), False
        page = session.get(city.url + "/masuk")
        cookie = page.headers["Set-Cookie"]
        assert cookie.startswith("__Host-pengunjung=") and "Secure" in cookie and "Path=/;" in cookie and "Domain" not in cookie
        data = {"token": token(page), "login": "x", "password": "y", "code": "1"}
        assert session.post(city.url + "/masuk", data=data).status_code == 422
        for name in ["pengunjung", "__Secure-pengunjung", "__Secure-kunci-pengunjung"]:  # what a sibling of the host can set
            planted = {"Cookie": f"{name}={session.cookies['__Host-pengunjung']}"}
            assert requests.post(city.url + "/masuk", data=data, headers=planted, verify=str(certificate)).status_code == 403, name
    finally:
        city.stop()
