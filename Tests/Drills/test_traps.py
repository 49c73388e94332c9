"""No request stops the city: every route that the router has, every name that a handler asks for, every extreme of every type, from
everybody there is. The process stays the same one, nothing is our own fault, memory stays flat."""

import base64
import json
import math
import re
import shutil
import socket
import time
import urllib.parse

import requests

import nasties
from applicant import BIRTH, HOUSE, apply, picture
from bank import Bank
from conftest import API_KEY, ROOT, City, report, totp
from traps import Drill, Example
from visitor import Visitor

ROLES = ["screener", "officer", "head", "supervisor", "auditor", "administrator", "clerk", "signer", "treasurer"]
PASSWORD = "kuda nil makan rumput"
SMS = "rahasia-sms"
# Everything goes through the handlers on SQLite; what the other engine could take otherwise is in the core.
SHARES = {"sqlite": 12, "postgres": math.inf}
JSON = {"Content-Type": "application/json"}


def sign_in(city, login, agency, roles):
    """Claims an account and signs in, as a browser does."""
    visitor = Visitor(f"{login} ({roles} of {agency})", city.port)
    page = visitor.get(city.staff(login, agency, roles))
    secret = re.search(r'class="code">([A-Z2-7]{16,})<', page.text).group(1)
    page = visitor.submit(page, page_action(page), code=totp(secret), password=PASSWORD)
    assert visitor.get("/meja/akun").status == 200, page.text[-2000:]
    return visitor


def page_action(page):
    return re.search(r'action="([^"]*klaim[^"]*)"', page.text).group(1)


def resident(city):
    """Somebody who is signed in by a code."""
    visitor = Visitor("resident", city.port)
    page = visitor.submit(visitor.get("/saya"), "/saya", contact="0812-0000-0001")
    code = re.search(r"\b(\d{6})\b", city.message("Kode masuk", seconds=60)).group(1)
    page = visitor.submit(page, "/saya/kode", code=code)
    assert "Halaman saya" in page.text
    return visitor


def applicant(city, service, answers):
    """Somebody who applied, with the key of the case."""
    session, docket = apply(city.url, service, answers)
    visitor = Visitor(f"applicant of {service}", city.port)
    visitor.cookies = {cookie.name: cookie.value for cookie in session.cookies}
    return visitor, docket


def people_and_things(city):
    """Everybody there is, and one of each thing that can be asked for."""
    stranger = Visitor("stranger", city.port)
    reports = [requests.post(city.url + "/open311/v2/requests.json", data=report(f"Lubang besar nomor {number} di depan halte.")).json()[0]["service_request_id"] for number in range(3)]
    birth, born = applicant(city, "akta-kelahiran", BIRTH)
    house, built = applicant(city, "pbg", HOUSE)
    day = time.strftime("%Y-%m-%d", time.localtime(time.time() + 7 * 86400))
    free = [free["slot"] for free in requests.get(city.url + "/api/v1/venues/gelanggang/slots", params={"resource": "lapangan_a", "day": day}).json()["slots"]]
    draft = lambda service: requests.post(f"{city.url}/api/v1/services/{service}/drafts").json()["draft"]

    def book(slot, contact):
        """A booking: its case, and the number of its bill."""
        booked = requests.post(f"{city.url}/api/v1/drafts/{draft('sewa-gelanggang')}/submission", json={"waktu": slot, "nama": "Warga", "kontak": contact}).json()
        tenant = Visitor("tenant", city.port)
        tenant.get(f"/berkas/{booked['docket']}?kunci={booked['key']}")
        return tenant, booked, re.search(r'class="code">(\d{12})<', tenant.get(f"/berkas/{booked['docket']}").text).group(1)

    tenant, booked, bill = book(free[0], "warga@contoh.id")
    # One that the bank tells of, so that the counter finds the other as it was.
    told = book(free[-1], "lain@contoh.id")[2]
    staff = [sign_in(city, f"uji-{role}", "kominfo" if role == "screener" else "pu", role) for role in ROLES]
    # Nobody is both head and treasurer.
    staff += [sign_in(city, "uji-kas", "kominfo", "officer,clerk,treasurer"), sign_in(city, "uji-semua", "kominfo", "officer,head,signer,clerk,screener")]
    things = {"docket": reports[0], "report": reports[1], "birth": born, "house": built, "booked": booked["docket"], "key": booked["key"], "slot": free[0], "bill": bill, "told": told, "draft": draft("sewa-gelanggang"), "paper": draft("akta-kelahiran"), "day": day}
    things["size"] = requests.get(city.url + "/ledger/checkpoint").text.splitlines()[1]
    things["claim"] = city.staff("belum", "pu", "officer").rsplit("/", 1)[1]
    return [stranger, birth, house, tenant, resident(city), *staff], things


def seeds(drill, things):
    """Where to begin: every address without a name in it, and one of each thing."""
    plain = [path for method, path in drill.routes if method == "GET" and "{" not in path and "*" not in path]
    # The tiles of the newest checkpoint, which has fewer than one of 256 entries.
    tiles = [f"/ledger/tile/{level}/000.p/{things['size']}" for level in ("0", "entries")]
    return [
        "/lapor?jenis=lubang", f"/meja/kas?kode={things['bill']}", "/layanan/pbg/skema.json", *plain, f"/berkas/{things['docket']}", f"/berkas/{things['birth']}", f"/berkas/{things['house']}", f"/berkas/{things['booked']}", f"/berkas/{things['booked']}?kunci={things['key']}", f"/berkas/{things['report']}/konfirmasi",
        f"/meja/berkas/{things['docket']}", f"/meja/berkas/{things['report']}", f"/meja/permohonan/{things['house']}", f"/meja/permohonan/{things['birth']}", f"/meja/permohonan/{things['booked']}",
        "/layanan/akta-kelahiran", "/layanan/pbg/daftar", "/layanan/sewa-gelanggang", "/layanan/ppid/berkas", "/layanan/ppid/berkas.csv", "/wilayah/99.01.01", "/wilayah/99.01.01/feed.atom", "/hitung/pbg", "/antrean/kominfo", "/sarana/gelanggang",
        "/harga/beras", "/masalah/not-found", "/bahasa/en?ke=/", *tiles, f"/ledger/receipts/{things['docket']}", "/open311/v2/requests.json", "/open311/v2/services.xml", f"/open311/v2/requests/{things['docket']}.json", "/open311/v2/servicerequestupdates.json",
        f"/api/v1/venues/gelanggang/slots?resource=lapangan_a&day={things['day']}&minutes=60&weeks=2", f"/masuk/klaim/{things['claim']}", f"/berkas/{things['docket']}/foto/x", f"/kontak/{things['house']}/x", f"/kontak/{'0' * 26}/x", "/ikuti/x.y.z", "/berhenti/x/y", f"/jawab/{things['docket']}/x", "/verifikasi/" + "0" * 64, "/antrean/kominfo/x", "/foto/x.jpg", f"/berkas/{things['docket']}/feed.atom",
        f"/permohonan/{things['paper']}/anak", f"/permohonan/{things['paper']}/berkas/x", "/lapor/x/foto/x", "/lapor/x/disimpan", f"/berkas/{things['house']}/lampiran/x", f"/berkas/{things['house']}/dokumen/x", f"/berkas/{things['booked']}/kuitansi/x", "/meja/kas/kuitansi/x", f"/berkas/{things['booked']}/jadwal.ics", f"/berkas/{things['house']}/formulir",
        f"/berkas/{things['house']}/data.json", f"/berkas/{things['house']}/tanda-terima", f"/meja/permohonan/{things['house']}/lampiran/x", f"/meja/permohonan/{things['house']}/dokumen/x", f"/sms/kannel/kabar?sandi={SMS}&pesan=1&keadaan=1", f"/sms/kannel?sandi={SMS}&dari=081200000001&isi=CEK&id=1", "/aset/x.css",
    ]


def by_hand(drill, city, bank, stranger, house, cashier, all_roles, things):
    """Requests that no page makes: programs', gateways', banks'."""
    challenge = stranger.send("POST", "/auth/passkey/login/options", b"{}", JSON).text
    client = lambda challenge: {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {"clientDataJSON": base64url(json.dumps({"type": "webauthn.get", "challenge": challenge, "origin": city.url}).encode()), "authenticatorData": base64url(b"\0" * 37), "signature": "AAAA", "userHandle": "AAAA"}}
    known = json.loads(challenge)["challenge"]
    credentials = [client(known)] + [client(base64url(text.encode())) for text in (f"{nasties.BIGGEST}.a.b", f"{nasties.SMALLEST}.a.b", "1e309.a.b", "..", "1y2p0ij32e8e7.a.b")]
    post = lambda path, body, headers=JSON, visitor=stranger, sign=None: drill.add(Example(visitor, "POST", path, body=body if isinstance(body, bytes) else json.dumps(body).encode(), headers=headers, sign=sign), most=9)
    for credential in credentials:
        post("/auth/passkey/login/verify", credential)
        post("/auth/passkey/register/verify", credential)
        drill.add(Example(stranger, "POST", "/saya/masuk", {"token": form_token(stranger, "/saya"), "credential": json.dumps(credential), "kredensial": json.dumps(credential)}), most=9)
    post("/auth/passkey/login/options", {})
    post("/auth/passkey/register/options", {})
    post("/api/v1/services/sewa-gelanggang/drafts", {})
    post(f"/api/v1/drafts/{things['draft']}/submission", {"waktu": things["slot"], "nama": "Warga", "kontak": "warga@contoh.id"})
    post(f"/api/v1/drafts/{things['paper']}/submission", {key: value for key, value in BIRTH.items()})
    post(f"/api/v1/drafts/{things['paper']}/files/foto_surat", picture(), {"Content-Type": "image/png"})
    fields = {"sandi": SMS, "dari": "081200000001", "isi": "LAPOR lubang di Jalan Merdeka depan sekolah", "id": "1"}
    for text in (fields["isi"], f"CEK {things['docket']}", "HARGA BERAS", "DOMISILI", "IKUT 99.01.01", "SEWA lapangan_a 2026-12-01 08:00 60"):
        drill.add(Example(stranger, "POST", "/sms/kannel", {**fields, "isi": text}), most=9)
    drill.add(Example(stranger, "POST", "/open311/v2/requests.json", report("Lubang besar di depan pasar lama.")))
    drill.add(Example(stranger, "POST", "/open311/v2/servicerequestupdates.json", {"api_key": API_KEY, "service_request_id": things["docket"], "update_id": "1", "status": "OPEN", "description": "Masih ada."}))
    # A bank signs what it sends, and the city believes it only then: the extremes are signed as well.
    token = bank.token(city.url).json()["accessToken"]
    signed = lambda path: lambda body: bank.signed(path, body, token)
    amount = {"value": "1000.00", "currency": "IDR"}
    for path, notice in (
        ("/v1.0/qr/qr-mpm-notify", {"originalReferenceNo": "1", "originalPartnerReferenceNo": things["told"], "latestTransactionStatus": "00", "amount": amount}),
        ("/v1.0/transfer-va/payment", {"virtualAccountNo": f"  12345{things['told']}", "paymentRequestId": "1", "paidAmount": amount}),
    ):
        post(path, notice, {}, sign=signed(path))
    post("/v1.0/access-token/b2b", {"grantType": "client_credentials"}, JSON, sign=lambda body: bank.credentials())
    for path in ("/meja/laporan.csv",):
        drill.add(Example(stranger, "GET", path, headers={"Authorization": "Bearer x"}))
    for path in (f"/berkas/{things['report']}/konfirmasi", f"/kontak/{things['house']}/x", f"/kontak/{'0' * 26}/x", "/ikuti/x.y.z", "/berhenti/x/y", f"/jawab/{things['docket']}/x", f"/berkas/{things['docket']}/sanggah", f"/berkas/{things['house']}/langkah/tarik"):
        drill.add(Example(house, "POST", path, {"token": form_token(house, "/saya"), "text": "uji", "code": "123456"}))
    # Which of these the page of the cash shows depends on what is in the till.
    order = {"kode": things["bill"], "amount": "1000", "reason": "Kelebihan bayar", "bank": "Bank Contoh", "rekening": "1234567890", "atasnama": "Warga", "bukti": "Buku tabungan"}
    acts = {"setor": {"setor": "1", "slip": "1"}, "tutup": {"day": time.strftime("%Y-%m-%d"), "counted": "1000", "sts": "1", "reason": "uji"}, "kembali": order, "catat": {"usul": "uji", "sisa": "uji"}}
    for act, fields in {**acts, **{act: {"perintah": "1", "slip": "1", "sebab": "Salah rekening"} for act in ("laksanakan", "batalkan", "retur", "rekening")}, **{act: {"kuitansi": "1", "sebab": "Kode salah"} for act in ("keliru", "setujui", "tolak")}, "tarikan": {"tarikan": "1", "uang": "ada", "sebab": "Sudah ditanyakan"}, "catat-usul": {"usul": "1"}, "tarik-usul": {"usul": "1"}, "tolak-usul": {"usul": "1", "sebab": "Bukan uang ini"}, "kabar": {"kabar": "1", "sebab": "Tidak ada"}}.items():
        for visitor in (cashier, all_roles):
            drill.add(Example(visitor, "POST", f"/meja/kas/{act}", {"token": form_token(visitor, "/loket"), "sekali": "satu", **fields}), most=9)
    drill.add(Example(all_roles, "POST", "/meja/blokir", {"token": form_token(all_roles, "/loket"), "block": "x", "id": "x"}))


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def form_token(visitor, path):
    found = re.search(r'name="token" value="([^"]+)"', visitor.get(path).text)
    return found.group(1) if found else ""


def home(folder):
    """The program's own folder, in which the fictional city also takes requests for information: their cases are public."""
    for item in ("National", "Public"):
        (folder / item).symlink_to(ROOT / item)
    shutil.copytree(ROOT / "City" / "contoh", folder / "City" / "contoh")
    services = folder / "City" / "contoh" / "services.yaml"
    event = "events:\n  - { code: informasi, name: { id: Informasi, en: Information } }\n"
    services.write_text(services.read_text().replace("events:\n", event, 1) + "  - { service: ppid, agency: kominfo }\n")
    return folder


def test_no_request_stops_the_city(engine, request, tmp_path):
    bank = Bank(tmp_path)
    questions = tmp_path / "questions"
    environment = {"BALAI_HOME": str(home(tmp_path)), "BALAI_RECORD_QUESTIONS": str(questions), "BALAI_SNAP": bank.setting, "BALAI_SMS_SECRET": SMS}
    database = request.getfixturevalue("postgres_server").database() if engine == "postgres" else None
    city = City(database, environment=environment)
    routes = City(environment=environment).command("routes")
    city.start()
    try:
        people, things = people_and_things(city)
        drill = Drill(city, routes, questions, people, share=SHARES[engine])
        stranger, house = people[0], people[2]
        for visitor in people:
            drill.walk(visitor, seeds(drill, things))
        by_hand(drill, city, bank, stranger, house, *people[-2:], things)
        for visitor in people:
            drill.press(visitor)
        unreached = [" ".join(route) for route, examples in drill.examples.items() if not examples]
        assert not unreached, "routes that the drill has no address of: give it one in `seeds` or `by_hand`"
        before = drill.memory()
        drill.attack(threads=4)
        with_raw(city)
        after = drill.memory()
        print(f"{sum(counter.total() for counter in drill.answers.values())} requests to {len(drill.routes)} routes; {before} MB before, {after} MB after")
        faults = drill.report()
        assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults)
        assert after < before + 256, "memory stays flat"
    finally:
        city.stop()


def with_raw(city):
    for raw in nasties.RAW:
        with socket.create_connection(("127.0.0.1", city.port), timeout=10) as connection:
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(4096)
        assert not answer or not answer.startswith(b"HTTP/1.1 5"), (raw, answer[:100])
