"""Services carried to the transaction in a real browser, 360 pixels wide, without JavaScript, on both databases: a birth
certificate to its verified PDF, a building levy paid in cash and by a bank's notice."""

import io
import json
import re
import subprocess
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from applicant import BIRTH, EATERY, FATHER, HOUSE, MOTHER, apply, picture, review, token
from bank import Bank
from conftest import City
from test_journey import phone, png, sign_in

def day(offset):
    return time.strftime("%Y-%m-%d", time.localtime(time.time() + offset * 86400))


def desk(browser, city, login, agency, roles):
    page = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="id-ID").new_page()
    sign_in(page, city, city.staff(login, agency, roles), login)
    return page


def next_page(page):
    page.get_by_role("button", name="Lanjut", exact=True).last.click()


def pages_text(pdf, tmp_path):
    file = tmp_path / f"{uuid.uuid4().hex}.pdf"
    file.write_bytes(pdf)
    run = lambda *command: subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return run("pdftotext", "-layout", file, "-"), run("pdfinfo", file), file


def apply_for_birth(page, city, photo):
    page.goto(city.url + "/")
    page.get_by_role("link", name="Layanan", exact=True).first.click()
    page.get_by_label("Cari layanan").fill("bayi")
    page.get_by_role("button", name="Cari").click()
    page.get_by_role("link", name="Akta kelahiran").first.click()
    assert "Rp0" in page.content() or "Gratis" in page.content()
    page.get_by_role("button", name="Ajukan sekarang").click()
    next_page(page)
    assert page.title().startswith("Galat:") and page.locator("#galat li").count() == 5
    page.get_by_label("Nama lengkap anak").fill("Butet Contoh")
    page.get_by_label("Perempuan").check()
    page.get_by_label("Tanggal lahir").fill(day(-10))
    page.get_by_label("Kota atau kabupaten tempat lahir").fill("Contoh")
    page.get_by_label("Anak ke berapa dari ibunya").fill("2")
    next_page(page)
    page.get_by_label("Nama lengkap ibu").fill("Ibu Contoh")
    page.get_by_label("NIK ibu").fill("12710132")
    page.get_by_label("Tercatat: ada buku nikah atau akta perkawinan").check()
    next_page(page)
    assert "Jawaban Anda membuka pertanyaan tambahan" in page.content(), "the father is asked for once there is a marriage"
    page.get_by_label("Nama lengkap ayah").fill("Ayah Contoh")
    page.get_by_label("NIK ayah").fill(FATHER)
    next_page(page)
    assert "NIK terdiri dari 16 angka" in page.content() and page.get_by_label("NIK ibu").input_value() == "12710132"
    page.get_by_label("NIK ibu").fill("1271 0157 0890 9999")
    next_page(page)
    page.get_by_label("Ada surat keterangan kelahiran").check()
    next_page(page)
    page.get_by_label("Foto surat keterangan kelahiran").set_input_files(photo)
    page.get_by_label("Foto buku nikah").set_input_files(photo)
    # Saved here, gone on with from another device.
    page.get_by_role("button", name="Simpan, lanjut nanti").click()
    address = page.locator(".code").inner_text()
    assert page.goto(address).ok and page.get_by_label("Nama lengkap anak").input_value() == "Butet Contoh"
    for _ in range(3):
        next_page(page)
    page.get_by_label("Nama Anda").fill("Ibu Contoh")
    page.get_by_label("NIK Anda").fill(MOTHER)
    page.get_by_label("Nomor Kartu Keluarga").fill("1271010101200001")
    page.get_by_label("Kelurahan tempat tinggal").select_option(label="Utara: Melati")
    page.get_by_label("Nomor HP atau email").fill("0812-0000-0001")
    next_page(page)
    assert page.get_by_role("heading", level=1).inner_text() == "Periksa, lalu kirim"
    assert "1271 •••• •••• 9999" in page.content() and MOTHER not in page.content(), "numbers are never shown whole"
    page.get_by_role("button", name="Kirim permohonan").click()
    return page.locator(".figure").inner_text()


def test_a_birth_certificate_from_application_to_verified_pdf(city, browser, tmp_path):
    officer = desk(browser, city, "tagor", "kominfo", "officer")
    signer = desk(browser, city, "kadis", "kominfo", "signer,head")
    page = phone(browser).new_page()
    docket = apply_for_birth(page, city, png(tmp_path / "surat.png"))
    assert re.fullmatch(r"AKL-\d\d-\w{4}-\w{3}", docket)
    assert "kunci=" not in city.message(docket, "Kode kontak"), "a number that may be mistyped is not sent the key"
    page.get_by_role("link", name="Buka berkas").click()
    # The officer asks for what is missing; the clock stands still; the mother completes it.
    officer.goto(f"{city.url}/meja/layanan")
    officer.get_by_role("link", name="Akta kelahiran").first.click()
    officer.locator("summary", has_text="Minta dilengkapi").click()
    kembali = officer.locator("details", has=officer.locator("summary", has_text="Minta dilengkapi"))
    kembali.get_by_role("button", name="Minta dilengkapi").click()
    assert "Tulis alasan atau penjelasannya" in officer.content()
    kembali.get_by_label("Kepada pemohon").fill("Foto surat keterangan kelahiran buram. Foto ulang.")
    kembali.get_by_role("button", name="Minta dilengkapi").click()
    assert "ada yang perlu dilengkapi" in city.message(docket, "dilengkapi")
    page.reload()
    assert "Foto surat keterangan kelahiran buram" in page.content() and "Jam berhenti selama menunggu Anda" in page.content()
    page.get_by_role("button", name="Lengkapi sekarang").click()
    for _ in range(4):
        next_page(page)
    page.get_by_role("button", name="Kirim permohonan").click()
    # Checked, and signed by somebody else.
    officer.goto(f"{city.url}/meja/permohonan/{docket}")
    officer.get_by_label("Tidak ada catatan yang sama").check()
    officer.get_by_role("button", name="Nyatakan lengkap").click()
    city.kill()
    city.start()
    signer.goto(f"{city.url}/meja/permohonan/{docket}")
    signer.get_by_role("button", name="Tanda tangani dan terbitkan").click()
    page.goto(f"{city.url}/berkas/{docket}")
    assert "Akta terbit" in page.content() and "Siapa yang membuka data Anda (2)" in page.content()
    link = page.get_by_role("link", name="Unduh PDF bertanda tangan").get_attribute("href")
    pdf = page.request.get(city.url + link).body()
    text, info, file = pages_text(pdf, tmp_path)
    assert "KUTIPAN AKTA KELAHIRAN" in text and "Butet Contoh" in text and "Ayah Contoh" in text
    assert re.search(r"1271-LU-\d{8}-0001", text)
    assert "Tagged:" in info and re.search(r"Tagged:\s+yes", info)
    assert subprocess.run(["qpdf", "--check", file], capture_output=True).returncode == 0
    # Anyone validates the signature, reads the code and checks the paper; a changed letter is told.
    certificate = x509.load_pem_x509_certificate((city.data / "city" / "keys" / "documents.crt").read_bytes())
    trust = ValidationContext(trust_roots=[asn1.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))])
    # In a thread of its own: the browser's driver holds this one's event loop.
    with ThreadPoolExecutor(1) as pool:
        status = pool.submit(lambda: validate_pdf_signature(PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0], trust)).result()
    assert status.intact and status.valid and status.trusted and status.coverage.name == "ENTIRE_FILE"
    picture = tmp_path / "page"
    subprocess.run(["pdftoppm", "-r", "200", "-png", file, picture], check=True)
    scanned = subprocess.run(["zbarimg", "-q", "--raw", *map(str, tmp_path.glob("page*.png"))], capture_output=True, text=True).stdout.strip()
    anyone = requests.get(scanned)
    assert anyone.ok and "Sah" in anyone.text and "Butet" not in anyone.text, "the verdict says nothing about the holder"
    stranger = phone(browser).new_page()
    for content, verdict in [(pdf, "Sah"), (pdf.replace(b"/Lang(id-ID)", b"/Lang(id-IX)"), "Tidak dikenal")]:
        stranger.goto(city.url + "/verifikasi")
        stranger.get_by_label("Atau berkas PDF-nya").set_input_files({"name": "akta.pdf", "mimeType": "application/pdf", "buffer": content})
        stranger.get_by_role("button", name="Periksa berkas").click()
        assert stranger.get_by_role("heading", level=1).inner_text() == verdict
    # Nobody else opens the case, and the head can revoke.
    stranger.goto(f"{city.url}/berkas/{docket}")
    assert "Isinya hanya untuk pemohon" in stranger.content() and "Butet" not in stranger.content()
    assert requests.get(city.url + link).status_code == 403
    signer.goto(f"{city.url}/meja/permohonan/{docket}")
    signer.locator("summary", has_text="Cabut akta").click()
    cabut = signer.locator("details", has=signer.locator("summary", has_text="Cabut akta"))
    cabut.get_by_label("Kepada pemohon").fill("Data ternyata palsu.")
    cabut.get_by_role("button", name="Cabut akta").click()
    assert "Dicabut" in requests.get(scanned).text


def billed(city, browser):
    """A case whose levy is billed."""
    session, page = review(city.url, "pbg", HOUSE)
    assert "Rp194.400" in page.text, "what it will cost is said before it is sent"
    session, docket = apply(city.url, "pbg", HOUSE)
    first = desk(browser, city, "dewi", "pu", "officer")
    second = desk(browser, city, "hasan", "pu", "officer")
    first.goto(f"{city.url}/meja/permohonan/{docket}")
    first.get_by_role("button", name="Teruskan ke pemeriksaan teknis").click()
    for page, refused in [(first, True), (second, False)]:
        page.goto(f"{city.url}/meja/permohonan/{docket}")
        page.get_by_label("Tanggal pemeriksaan").fill(day(0))
        page.get_by_label("Luas dan jumlah lantai sesuai gambar").check()
        page.get_by_role("button", name="Nyatakan memenuhi standar teknis").click()
        assert ("Ini harus dilakukan orang lain" in page.content()) == refused
    second.get_by_role("button", name="Tetapkan dan tagih retribusi").click()
    text = session.get(f"{city.url}/berkas/{docket}").text
    return session, docket, re.search(r'class="code">(\d{12})<', text).group(1), text


def test_a_building_levy_paid_in_cash_and_issued(city, browser, tmp_path):
    session, docket, number, text = billed(city, browser)
    assert "Rp194.400" in text and "0,18" in text, "the bill shows its arithmetic"
    treasurer = desk(browser, city, "rosa", "pu", "treasurer")
    treasurer.goto(city.url + "/meja/kas")
    treasurer.get_by_label("Kode bayar").fill(number)
    treasurer.get_by_role("button", name="Cari").click()
    treasurer.get_by_label("Uang diterima (rupiah)").fill("100.000")
    treasurer.get_by_role("button", name="Terima dan cetak kuitansi").click()
    assert "seratus ribu rupiah" in treasurer.content() and "KW-" in treasurer.title()
    assert "Rp94.400" in session.get(f"{city.url}/berkas/{docket}").text, "a part is taken, the rest is still asked for"
    treasurer.goto(f"{city.url}/meja/kas?kode={number}")
    treasurer.get_by_role("button", name="Terima dan cetak kuitansi").click()
    text = session.get(f"{city.url}/berkas/{docket}").text
    assert "Lunas, menunggu penerbitan" in text
    receipt = re.search(r'href="([^"]+/kuitansi/[^"]+)"', text).group(1)
    printed = session.get(city.url + receipt).text
    assert "Kuitansi" in printed and re.search(r"Dinas Pekerjaan Umum, petugas \d+<", printed) and "loket-" not in printed
    treasurer.goto(city.url + "/meja/kas")
    treasurer.get_by_label("Uang yang dihitung (rupiah)").fill("194.000")
    treasurer.get_by_role("button", name="Tutup dan setor").click()
    assert "Selisih Rp400: tulis sebabnya" in treasurer.content()
    treasurer.get_by_label("Sebab selisih").fill("Kembalian kurang")
    treasurer.locator("form", has_text="Sebab selisih").get_by_label("Nomor surat tanda setor").fill("STS-1")
    treasurer.get_by_role("button", name="Tutup dan setor").click()
    assert "Kas ditutup" in treasurer.content()
    assert re.search(r"harus nol</b></dt><dd class=\"number\"><b>Rp0</b>", treasurer.content())
    signer = desk(browser, city, "kadis", "pu", "signer")
    signer.goto(f"{city.url}/meja/permohonan/{docket}")
    signer.get_by_role("button", name="Tanda tangani dan terbitkan").click()
    text = session.get(f"{city.url}/berkas/{docket}").text
    pdf = session.get(city.url + re.search(r'href="([^"]+/dokumen/[^"]+)"', text).group(1)).content
    assert "seratus sembilan puluh empat ribu empat ratus rupiah" in pages_text(pdf, tmp_path)[0].replace("\n", " ").replace("  ", " ")
    register = requests.get(city.url + "/layanan/pbg/daftar").text
    assert "SK-PBG-" in register and "Pemilik Contoh" not in register, "the register names no one"


def test_a_bank_tells_of_a_payment_and_nothing_is_taken_twice_or_lost(engine, request, browser, tmp_path):
    bank = Bank(tmp_path)
    database = request.getfixturevalue("postgres_server").database() if engine == "postgres" else None
    city = City(database, environment={"BALAI_SNAP": bank.setting}).start()
    try:
        session, docket, number, text = billed(city, browser)
        # The code on the page says this merchant, this amount, this bill.
        page = browser.new_context(device_scale_factor=3).new_page()
        page.set_content(re.search(r'<svg class="qr".*?</svg>', text, re.S).group(0).replace("<svg", "<svg width=400 height=400"))
        page.screenshot(path=tmp_path / "qris.png")
        payload = subprocess.run(["zbarimg", "-q", "--raw", tmp_path / "qris.png"], capture_output=True, text=True).stdout.strip()
        assert "5406194400" in payload and number in payload and payload.startswith("000201010212")
        assert bank.token(city.url).json()["responseCode"] == "2007300"
        refused = [
            (dict(tamper=lambda body: body.replace("194400", "194401")), "4015200"),
            (dict(offset=-3600), "4015200"),
        ]
        for more, code in refused:
            assert bank.notify(city.url, number, 194400, "R1", **more).json()["responseCode"] == code
        assert bank.notify(city.url, "260000000000", 194400, "R1").json()["responseCode"] == "4045212"
        first = bank.notify(city.url, number, 100000, "R1", external="E1")
        assert first.json()["responseCode"] == "2005200"
        assert bank.notify(city.url, number, 100000, "R1", external="E1").json()["responseCode"] == "4095200", "a replay is refused"
        assert bank.notify(city.url, number, 100000, "R1").json()["responseCode"] == "2005200", "the same payment told again is taken once"
        assert bank.notify(city.url, number, 50000, "R1").json()["responseCode"] == "4095201", "another payment under its name is refused"
        city.kill()
        city.start()
        assert bank.notify(city.url, number, 94400, "R2").json()["responseCode"] == "2005200"
        assert bank.notify(city.url, number, 94400, "R3").json()["responseCode"] == "2005200", "what came in is never refused"
        for status in ("01", "02", "03"):
            assert bank.notify(city.url, number, 5000, "R4", status=status).json()["responseCode"] == "2005200", "under way: nothing is booked yet"
        for status in ("04", "04", "06", "07"):
            assert bank.notify(city.url, number, 5000, "R5", status=status).json()["responseCode"] == "2005200", "never came, and is gone again"
        assert bank.notify(city.url, number, 5000, "R5", status="08").json()["responseCode"] == "4005201"
        assert bank.notify(city.url, "260000000000", 7000, "R7", status="05").json()["responseCode"] == "2005200", "nobody knows that bill"
        for login, agency, roles, count in [("tiur", "pu", "treasurer", 1), ("lain", "kebersihan", "treasurer", 0), ("setda", "setda", "supervisor", 1)]:
            looker = desk(browser, city, login, agency, roles)
            looker.goto(city.url + "/meja/kas")
            findings = looker.locator("section", has_text="Ditarik bank, padahal tidak tercatat").locator("li.whole")
            assert findings.count() == count, "what is in no book is told to whoever answers for it"
            if count:
                assert looker.locator("summary", has_text="Sudah ditangani").count() == 1
                finding = findings.filter(has=looker.locator("summary"))
                assert ("R5, Rp5.000" if roles == "treasurer" else "R7, Rp7.000, tagihan tidak dikenal: 260000000000") in finding.inner_text()
                finding.locator("summary").click()
                finding.get_by_role("button").click()
                assert looker.get_by_label("Apa hasilnya").get_attribute("aria-invalid") == "true"
                looker.get_by_label("Apa hasilnya").fill("Sudah ditanyakan ke bank")
                looker.get_by_role("button", name="Sudah ditangani").click()
                assert "Pilih apakah uangnya ada di rekening" in looker.locator("#galat").inner_text(), "nothing is chosen before somebody chooses"
                looker.get_by_label("Bank benar menariknya.").check()
                looker.get_by_role("button", name="Sudah ditangani").click()
                assert "Tercatat apa yang terjadi" in looker.locator("[role=status]").inner_text()
                assert findings.count() == 0
                settled = looker.locator("section", has_text="Penarikan bank yang sudah diperiksa").locator("li.whole").first.inner_text()
                assert "Uangnya tidak ada di rekening, Petugas" in settled and "Sudah ditanyakan ke bank" in settled
        # What the bank takes back is booked out, and the case waits for its money again; paid anew, it goes on.
        for _ in range(2):
            assert bank.notify(city.url, number, 100000, "R1", status="04").json()["responseCode"] == "2005200"
        text = session.get(f"{city.url}/berkas/{docket}").text
        assert 'class="figure">Rp5.600<' in text and "Ditarik kembali oleh bank" in text
        # Told again after it was booked out nothing is booked, and nothing is dropped: somebody looks for it in the statement.
        for _ in range(2):
            assert bank.notify(city.url, number, 100000, "R1").json()["responseCode"] == "2005200"
        assert 'class="figure">Rp5.600<' in session.get(f"{city.url}/berkas/{docket}").text
        treasurer = desk(browser, city, "rosa", "pu", "treasurer")
        treasurer.goto(city.url + "/meja/layanan")
        treasurer.get_by_role("link", name="1 uang diberitahukan lagi").click()
        again = treasurer.locator("section", has_text="Bank memberitahukan lagi uang yang sudah ditarik kembali").last
        assert "R1, Rp100.000, KW-" in again.inner_text() and again.locator("li").count() == 1
        again.locator("summary").click()
        again.get_by_role("button", name="Tutup dengan catatan").click()
        why = again.get_by_label("Apa yang ditemukan")
        assert why.get_attribute("aria-invalid") == "true" and why.is_visible()
        why.fill("Tidak ada di rekening koran")
        again.get_by_role("button", name="Tutup dengan catatan").click()
        assert "Tercatat apa yang ditemukan" in treasurer.locator("[role=status]").inner_text()
        assert "Sudah diperiksa, Petugas" in again.inner_text() and "Tidak ada di rekening koran" in again.inner_text()
        assert bank.notify(city.url, number, 100000, "R6").json()["responseCode"] == "2005200"
        text = session.get(f"{city.url}/berkas/{docket}").text
        assert "Lunas, menunggu penerbitan" in text and "Rp94.400 akan dikembalikan kepada Anda" in text
        treasurer.goto(city.url + "/meja/kas")
        assert treasurer.locator("tbody tr").count() == 5, "four that came and one that went again"
        # The head orders, the treasury pays; the applicant says where to, and has a receipt.
        account = {"token": token(session.get(f"{city.url}/berkas/{docket}")), "kode": number, "bank": "Bank Contoh", "rekening": "123 456 7890", "atasnama": "Pemilik Contoh"}
        assert session.post(f"{city.url}/berkas/{docket}/rekening", data=account).ok
        head = desk(browser, city, "kepala", "pu", "head")
        head.goto(city.url + "/meja/kas")
        head.locator("summary", has_text="Perintahkan pengembalian").click()
        assert "Rekening dari pemohon: Bank Contoh *7890" in head.content() and "1234567890" not in head.content()
        head.get_by_label("Alasan").fill("Dibayar dua kali (PP 12/2019 ps. 140)")
        head.get_by_role("button", name="Perintahkan").click()
        treasurer.goto(city.url + "/meja/kas")
        assert "Bank Contoh *7890" in treasurer.content() and "1234567890" not in treasurer.content()
        treasurer.get_by_label("Nomor SP2D atau transfer").fill("SP2D-77")
        treasurer.get_by_role("button", name="Sudah dibayar Kas Daerah").click()
        text = session.get(f"{city.url}/berkas/{docket}").text
        assert "Rp94.400 akan dikembalikan" not in text
        paid = session.get(city.url + re.search(r'href="([^"]+/kuitansi/KW-[^"]+)"', text).group(1)).text
        assert "<dt>Diterima oleh</dt><dd>Dinas Pekerjaan Umum</dd>" in paid, "the bank brought it: no officer took it"
        receipt = re.search(r'href="([^"]+/kuitansi/KB-[^"]+)"', text).group(1)
        assert "sembilan puluh empat ribu empat ratus rupiah" in session.get(city.url + receipt).text
        treasurer.goto(city.url + "/meja/kas")
        assert re.search(r"harus nol</b></dt><dd class=\"number\"><b>Rp0</b>", treasurer.content())
    finally:
        city.stop()


def test_a_clerk_files_for_somebody_at_the_counter(city, browser, tmp_path):
    clerk = desk(browser, city, "lina", "kominfo", "clerk")
    clerk.goto(city.url + "/meja/layanan")
    clerk.get_by_label("Isikan untuk warga di loket:").select_option(label="Akta kelahiran")
    clerk.get_by_role("button", name="Mulai").click()
    assert "atas nama warga" in clerk.content()
    address = clerk.url
    stranger = phone(browser).new_page()
    clerk.get_by_label("Nama lengkap anak").fill("Ucok Contoh")
    clerk.get_by_label("Laki-laki").check()
    clerk.get_by_label("Tanggal lahir").fill(day(-3))
    clerk.get_by_label("Kota atau kabupaten tempat lahir").fill("Contoh")
    clerk.get_by_label("Anak ke berapa dari ibunya").fill("1")
    next_page(clerk)
    clerk.get_by_label("Nama lengkap ibu").fill("Ibu Contoh")
    clerk.get_by_label("NIK ibu").fill(MOTHER)
    clerk.get_by_label("Tidak kawin, atau tidak ingin dicantumkan").check()
    next_page(clerk)
    clerk.get_by_label("Ada surat keterangan kelahiran").check()
    next_page(clerk)
    clerk.get_by_label("Foto surat keterangan kelahiran").set_input_files(png(tmp_path / "surat.png"))
    next_page(clerk)
    clerk.get_by_label("Nama Anda").fill("Ibu Contoh")
    clerk.get_by_label("NIK Anda").fill(MOTHER)
    clerk.get_by_label("Nomor Kartu Keluarga").fill("1271010101200001")
    clerk.get_by_label("Kelurahan tempat tinggal").select_option(label="Utara: Melati")
    next_page(clerk)
    stranger.goto(clerk.url)
    stranger.get_by_role("button", name="Kirim permohonan").click()
    assert "Draf ini milik petugas lain" in stranger.content(), "nobody else sends what a clerk wrote"
    clerk.get_by_role("button", name="Kirim permohonan").click()
    docket = clerk.locator(".figure").inner_text()
    key = re.search(r"/berkas/\S+\?kunci=\S+", clerk.locator("p.code").inner_text()).group(0)
    stranger.goto(city.url + key)
    assert docket in stranger.content() and "Diajukan di loket" in stranger.content()


def test_a_permit_with_another_offices_word_and_an_inspection(browser, tmp_path):
    """In Medan's own pack, by the keyboard alone where the officer decides."""
    city = City(pack="medan").start()
    try:
        session, docket = apply(city.url, "izin-laik-higiene", EATERY)
        officer = desk(browser, city, "dewi", "dpmptsp", "officer")
        health = desk(browser, city, "sehat", "dinkes", "officer")
        signer = desk(browser, city, "kadis", "dpmptsp", "signer")
        health.goto(f"{city.url}/meja/permohonan/{docket}")
        assert "Berkas ini bukan tugas Anda" in health.content(), "not before it is asked"
        officer.goto(f"{city.url}/meja/permohonan/{docket}")
        officer.get_by_role("button", name="Nyatakan lengkap dan benar").focus()
        with officer.expect_navigation():
            officer.keyboard.press("Enter")
        assert "ditunggu sampai" in officer.content() and not officer.get_by_role("button", name="Memenuhi syarat").count()
        health.goto(f"{city.url}/meja/layanan")
        health.get_by_role("link", name="Sertifikat laik higiene").click()
        health.get_by_role("button", name="Setuju").click()
        health.goto(f"{city.url}/meja/permohonan/{docket}")
        assert "Berkas ini bukan tugas Anda" in health.content(), "nor once it has answered"
        officer.goto(f"{city.url}/meja/permohonan/{docket}")
        officer.locator("summary", has_text="Memenuhi syarat").click()
        officer.get_by_label("Tanggal pemeriksaan").fill(day(0))
        officer.get_by_label("Semua butir daftar periksa terpenuhi").check()
        officer.get_by_role("button", name="Memenuhi syarat").click()
        assert "Foto lapangan: sertakan fotonya atau PDF" in officer.content()
        officer.get_by_label("Foto lapangan").set_input_files(png(tmp_path / "dapur.png"))
        officer.get_by_label("Semua butir daftar periksa terpenuhi").check()
        officer.get_by_role("button", name="Memenuhi syarat").click()
        signer.goto(f"{city.url}/meja/permohonan/{docket}")
        signer.get_by_role("button", name="Tanda tangani dan terbitkan").click()
        text = session.get(f"{city.url}/berkas/{docket}").text
        assert "Sah sampai" in text and "SERTIFIKAT LAIK HIGIENE SANITASI" in text
        pdf = session.get(city.url + re.search(r'href="([^"]+/dokumen/[^"]+)"', text).group(1)).content
        assert "Warung Contoh" in pages_text(pdf, tmp_path)[0]
        assert "Warung Contoh" in requests.get(city.url + "/layanan/izin-laik-higiene/daftar").text, "a business is public, a person is not"
        signer.goto(f"{city.url}/bahasa/en?ke=/meja/permohonan/{docket}")
        assert "Hygiene certificate" in signer.content() and "Issued" in signer.content()
    finally:
        city.stop()


def test_pressing_send_again_leads_to_the_same_case(city):
    session, page = review(city.url, "akta-kelahiran", BIRTH)
    receipts = [session.post(page.url, data={"token": token(page)}).url for _ in range(3)]
    assert len(set(receipts)) == 1 and "tanda-terima" in receipts[0]
    assert "/berkas/AKL-" in session.get(page.url).url, "the draft has become the case"


def test_what_was_said_once_is_not_asked_twice(city, browser, tmp_path):
    page = phone(browser).new_page()
    docket = apply_for_birth(page, city, png(tmp_path / "surat.png"))
    page.goto(city.url + "/layanan/pbg")
    page.get_by_role("button", name="Ajukan sekarang").click()
    assert f"Data diri Anda sudah ada di berkas {docket}" in page.content()
    page.get_by_label("Nama pemilik").fill("Nama lain")
    page.get_by_role("button", name="Pakai data itu, saya tidak mengetik lagi").click()
    assert page.get_by_label("Nama pemilik").input_value() == "Nama lain", "what was typed is kept"
    assert page.get_by_label("NIK pemilik").input_value() == MOTHER
    other = phone(browser).new_page()
    other.goto(page.url)
    assert "Data diri Anda sudah ada" not in other.content(), "only the browser that filed it is offered it"


def test_the_course_of_a_service_is_drawn(quiet_city):
    picture = requests.get(quiet_city.url + "/layanan/akta-kelahiran/alur.svg")
    assert picture.headers["content-type"] == "image/svg+xml" and "Petugas memeriksa" in picture.text


def test_the_questions_are_a_json_schema(quiet_city):
    schema = requests.get(quiet_city.url + "/layanan/pbg/skema.json").json()
    assert schema["properties"]["nik"]["pattern"] == "^[0-9]{16}$" and "nama" in schema["required"]


def test_a_number_in_the_hall_is_called_and_shown(city, browser):
    clerk = desk(browser, city, "lina", "kominfo", "clerk")
    numbers = [phone(browser).new_page() for _ in range(3)]
    for index, page in enumerate(numbers):
        page.goto(city.url + "/antrean/kominfo")
        page.get_by_role("button", name="Ambil nomor").click()
        assert f"A-00{index + 1}" in page.content() and f"{index} orang sebelum Anda" in page.content()
    clerk.goto(city.url + "/loket/antrean?loket=4")
    clerk.get_by_role("button", name="Panggil berikutnya").click()
    assert "A-001" in requests.get(city.url + "/antrean/kominfo").text
    clerk.get_by_role("button", name="Tidak datang, panggil berikutnya").click()
    for page, said in zip(numbers, ["Dipanggil, tetapi tidak datang", "Silakan ke loket 4", "0 orang sebelum Anda"]):
        page.reload()
        assert said in page.content()
    city.kill()
    city.start()
    clerk.goto(city.url + "/loket/antrean?loket=4")
    assert "A-002" in clerk.content(), "who was called stays called"


@pytest.mark.parametrize("scripted", [True, False])
def test_no_press_alone_ends_an_application(quiet_city, browser, scripted):
    """Nor does the press that keeps the data: the two are called differently."""
    session, docket = apply(quiet_city.url, "akta-kelahiran", BIRTH)
    context = browser.new_context(java_script_enabled=scripted, locale="id-ID")
    context.add_cookies([{"name": cookie.name, "value": cookie.value, "url": quiet_city.url + (cookie.path or "/")} for cookie in session.cookies])
    page = context.new_page()
    page.goto(f"{quiet_city.url}/berkas/{docket}")
    page.get_by_role("button", name="Tarik permohonan").click()
    page.locator("#galat a").click()
    form = page.locator("form", has=page.get_by_role("button", name="Tarik permohonan"))
    assert page.url.endswith("#yakin-tarik") and "Centang “Saya yakin”" in form.locator(".invalid").inner_text(), "said where it is mended"
    assert page.locator("details[open]", has=page.locator("[name=yakin]")).count() == 0 and "Ditarik pemohon" not in page.content()
    form.get_by_label("Saya yakin").check()
    form.get_by_role("button").click()
    assert "“Tarik permohonan” sudah tercatat" in page.get_by_role("status").first.inner_text()


def test_what_is_the_applicants_own(city):
    """Taken away as a file, erased where nothing has to be kept."""
    session, docket = apply(city.url, "akta-kelahiran", BIRTH)
    data = session.get(f"{city.url}/berkas/{docket}/data.json").json()
    assert data["entries"][0]["personal"]["answers"]["nama_anak"] == "Butet Contoh"
    view = session.get(f"{city.url}/berkas/{docket}")
    assert "Hapus data saya" not in view.text, "not while it is open"
    view = session.post(f"{city.url}/berkas/{docket}/pesan", data={"token": token(view), "sekali": "b", "message": "Ganti pikiran."})
    assert "Pesan Anda terkirim." in view.text
    asked = session.post(f"{city.url}/berkas/{docket}/langkah/tarik", data={"token": token(view), "sekali": "a"})
    assert asked.status_code == 422 and "Centang “Saya yakin”" in asked.text, "nothing is ended by one press"
    done = session.post(f"{city.url}/berkas/{docket}/langkah/tarik", data={"token": token(view), "sekali": "a", "yakin": "ya"})
    assert "“Tarik permohonan” sudah tercatat. Keadaannya sekarang: Ditarik pemohon." in done.text
    view = session.get(f"{city.url}/berkas/{docket}")
    assert "Ditarik pemohon" in view.text
    assert re.search(r"Berkas berakhir pada [^,]+, sebelum tenggat \d", view.text), "and no clock runs on"
    asked = session.post(f"{city.url}/berkas/{docket}/hapus-data", data={"token": token(view)})
    assert asked.status_code == 422 and "Butet Contoh" in asked.text, "nothing is erased by one press"
    erased = session.post(f"{city.url}/berkas/{docket}/hapus-data", data={"token": token(view), "yakin": "ya"}).text
    assert "sudah dihapus selamanya" in erased and "Tulis kepada petugas" not in erased, "it is said, and nobody is asked to write who cannot be answered"
    data = session.get(f"{city.url}/berkas/{docket}/data.json").json()
    assert "Butet" not in json.dumps(data) and "Data pemohon sudah dihapus" in session.get(f"{city.url}/berkas/{docket}").text


def test_sms_tells_where_an_application_stands(engine, request):
    database = request.getfixturevalue("postgres_server").database() if engine == "postgres" else None
    city = City(database, environment={"BALAI_SMS_SECRET": "rahasia"}).start()
    try:
        _, docket = apply(city.url, "akta-kelahiran", BIRTH)
        ask = lambda text: requests.get(city.url + "/sms/kannel", params={"dari": "+6281300000000", "isi": text, "id": text, "sandi": "rahasia"}).text
        assert ask(f"cek {docket.lower()}").startswith(f"{docket}: Petugas memeriksa. Kominfo. Paling lambat")
        assert "Being checked" in ask(f"CHECK {docket}") and "Butet" not in ask(f"CHECK {docket}")
    finally:
        city.stop()


def test_a_disabled_account_is_out_at_once(city, browser):
    page = desk(browser, city, "lina", "kominfo", "clerk")
    page.goto(city.url + "/meja/layanan")
    number = re.search(r"Petugas (\d+)", page.content()).group(1)
    city.command("staff", "disable", "--number", number)
    page.goto(city.url + "/meja/layanan")
    assert "/masuk" in page.url
    assert city.command("staff", "disable", "--number", number, check=False).returncode != 0


def test_a_program_applies_by_the_same_questions(city):
    headers = {"Accept": "application/json", "Accept-Language": "en"}
    draft = requests.post(city.url + "/api/v1/services/akta-kelahiran/drafts", headers=headers).json()
    assert requests.get(draft["schema"]).json()["type"] == "object"
    address = f"{city.url}/api/v1/drafts/{draft['draft']}"
    refused = requests.post(address + "/submission", json={"nama_anak": "Butet", "umur": "1"}, headers=headers)
    assert refused.status_code == 422 and refused.json()["errors"][0]["pointer"] == "/umur"
    refused = requests.post(address + "/submission", json={**BIRTH, "nik_ibu": "12"}, headers=headers)
    assert refused.status_code == 422 and {error["pointer"] for error in refused.json()["errors"]} == {"/nik_ibu", "/foto_surat"}
    assert requests.post(address + "/files/foto_surat", data=b"bukan foto", headers=headers).status_code == 422
    assert requests.post(address + "/files/nama_anak", data=picture(), headers=headers).status_code == 404
    assert requests.post(address + "/files/foto_surat", data=picture(), headers=headers).status_code == 201
    assert requests.post(address + "/submission", data="[]", headers={**headers, "Content-Type": "application/json"}).status_code == 400
    assert requests.post(address + "/submission", data=BIRTH, headers=headers).status_code == 415
    done = requests.post(address + "/submission", json=BIRTH, headers=headers)
    assert done.status_code == 201 and re.fullmatch(r"AKL-\d\d-\w{4}-\w{3}", done.json()["docket"])
    again = requests.post(address + "/submission", json=BIRTH, headers=headers)
    assert again.json() == done.json(), "sent again, it is the same case"
    other = requests.post(address + "/submission", json={**BIRTH, "nama_anak": "Anak Lain"}, headers=headers)
    assert other.status_code == 409 and other.json()["type"].endswith("/idempotency.other-content"), "other answers are never taken for it"
    own = requests.Session().get(f"{done.json()['case']}?kunci={done.json()['key']}")
    assert "Tarik permohonan" in own.text
