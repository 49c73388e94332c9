"""A complaint carried from report to answer, in a real browser: 360 pixels wide, without JavaScript, on both databases."""

import re
import struct
import zlib

from conftest import docket_in, link_in, totp


def png(path):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x40\x80\xc0" * 64) * 48
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 48, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    return path


def phone(browser, **more):
    return browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="id-ID", **more)


def file_report(page, city, photo=None, contact=""):
    page.goto(city.url + "/")
    page.get_by_role("link", name="Lapor", exact=True).click()
    page.get_by_role("link", name="Jalan berlubang").click()
    page.get_by_role("button", name="Lanjut").click()
    assert page.title().startswith("Galat:")
    assert page.locator("#galat li").count() == 2
    page.get_by_label("Besar", exact=True).check()
    page.get_by_label("Ceritakan apa yang terjadi").fill("Lubang besar di depan sekolah, dua anak jatuh.")
    page.get_by_role("button", name="Lanjut").click()
    page.get_by_label("Kecamatan").select_option(label="Utara")
    page.get_by_role("button", name="Kecamatan diganti?").click()
    page.get_by_label("Kelurahan").select_option(label="Melati")
    page.get_by_role("button", name="Lanjut").click()
    assert "Tulis nama jalan" in page.content(), "the fault is told"
    assert page.get_by_label("Kelurahan").input_value() == "99.01.01.1002", "what was chosen is kept"
    page.get_by_label("Nama jalan dan patokan").fill("Jalan Merdeka, depan SD 3")
    page.get_by_role("button", name="Lanjut").click()
    if photo:
        page.get_by_label("Tambah foto").set_input_files(photo)
    page.get_by_label("Nomor HP atau email").fill(contact)
    page.get_by_role("button", name="Lanjut").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Periksa, lalu kirim"
    page.get_by_role("button", name="Kirim laporan").click()
    return docket_in(page.locator(".figure").inner_text())


def sign_in(page, city, claim, login):
    page.goto(city.url + claim)
    secret = page.locator("form .code").first.inner_text()
    page.get_by_label("Kode yang tampil sekarang").fill(totp(secret))
    page.get_by_label("Kata sandi baru").fill("kuda nil makan rumput")
    page.get_by_role("button", name="Simpan").click()
    # Whoever claims an account is signed in, and is shown the recovery codes this once.
    page.get_by_role("link", name="Sudah saya simpan").click()
    assert page.get_by_role("heading", level=1).inner_text() in ("Meja kerja", "Permohonan layanan")


def act(page, summary, button, **fields):
    details = page.locator("details", has=page.locator("summary", has_text=re.compile(rf"^{re.escape(summary)}$")))
    if details.get_attribute("open") is None:
        details.locator("summary").first.click()
    for label, value in fields.items():
        details.get_by_label(label.replace("_", " ")).fill(value)
    details.get_by_role("button", name=button, exact=True).click()


def test_from_report_to_verdict(city, browser, tmp_path):
    links = {login: city.staff(login, agency, roles) for login, agency, roles in [("rani", "kominfo", "screener"), ("ucok", "pu", "officer"), ("butet", "pu", "head,officer")]}
    resident = phone(browser).new_page()
    docket = file_report(resident, city, photo=png(tmp_path / "a.png"))
    resident.get_by_role("link", name="Buka berkas").click()
    assert "Sisa 14 hari kerja" in resident.content() or "hari kerja" in resident.locator("#h-t").inner_text()

    screener = browser.new_context(viewport={"width": 1280, "height": 800}, java_script_enabled=False, locale="id-ID").new_page()
    sign_in(screener, city, links["rani"], "rani")
    screener.get_by_role("link", name="Jalan berlubang, Jalan Merdeka").click()
    act(screener, "Periksa dan teruskan", "Teruskan")

    officer = phone(browser).new_page()
    sign_in(officer, city, links["ucok"], "ucok")
    officer.goto(f"{city.url}/meja/berkas/{docket}")
    officer.get_by_role("group").get_by_label("Tanya (jam berhenti)").check()
    officer.get_by_label("Tulisan").fill("Sebelah kiri atau kanan gerbang?")
    officer.get_by_role("button", name="Kirim", exact=True).click()
    resident.reload()
    assert "Jam berhenti" in resident.locator("#h-t").inner_text()
    resident.get_by_label("Balas").fill("Sebelah kiri.")
    resident.get_by_role("button", name="Kirim balasan").click()
    assert "Sebelah kiri." in resident.content()

    officer.reload()
    act(officer, "Laporkan selesai", "Laporkan", **{"Apa_yang_dikerjakan?": "Ditambal"})
    assert "Sertakan foto hasil" in officer.content()
    details = officer.locator("details", has=officer.locator("summary", has_text="Laporkan selesai"))
    assert details.get_by_label("Apa yang dikerjakan?").input_value() == "Ditambal", "what was typed is kept"
    details.get_by_label("Foto hasil").set_input_files(tmp_path / "a.png")
    details.get_by_role("button", name="Laporkan", exact=True).click()
    act(officer, "Konfirmasi hasil", "Ya, selesai")
    assert "tidak boleh mengonfirmasinya" in officer.content()
    officer.locator("summary", has_text="Buka data pelapor").click()
    officer.get_by_role("button", name="Buka dan catat").click()

    head = browser.new_context(java_script_enabled=False, locale="en-GB").new_page()
    head.goto(city.url + links["butet"])
    assert head.locator("html").get_attribute("lang") == "en"
    head.context.add_cookies([{"name": "bahasa", "value": "id", "url": city.url}])
    sign_in(head, city, links["butet"], "butet")
    head.goto(f"{city.url}/meja/berkas/{docket}")
    act(head, "Konfirmasi hasil", "Ya, selesai")

    resident.reload()
    assert "Selesai" in resident.locator(".badge").first.inner_text()
    assert "Petugas" in resident.locator("#h-s + p + table").inner_text(), "the reporter sees who looked"
    resident.get_by_label("Apa yang belum baik?").fill("Sudah retak lagi.")
    resident.get_by_role("button", name="Buka kembali").click()
    assert "Sedang dikerjakan" in resident.locator(".badge").first.inner_text()

    stranger = phone(browser).new_page()
    stranger.goto(f"{city.url}/berkas/{docket}")
    assert stranger.get_by_label("Balas").count() == 0, "only the reporter replies"
    stranger.get_by_label("Nomor HP atau email").fill("081234567890")
    stranger.get_by_role("button", name="Kabari saya").click()
    stranger.goto(link_in(city.message(docket, "/ikuti/")))
    stranger.get_by_role("button", name="Ya, kabari saya").click()
    assert "1 warga mengikuti" in stranger.content()

    # The proof of the case verifies without the server's help, and so does the whole log.
    receipt = tmp_path / "a.tlog-proof"
    receipt.write_bytes(stranger.request.get(f"{city.url}/ledger/receipts/{docket}").body())
    key = stranger.request.get(f"{city.url}/ledger/vkey").text().strip()
    import subprocess
    from conftest import BINARY
    assert "VALID" in subprocess.run([BINARY, "verify", receipt, "--key", key], capture_output=True, text=True, check=True).stdout
    assert "VALID" in subprocess.run([BINARY, "verify", city.url + "/ledger", "--key", key], capture_output=True, text=True, check=True).stdout


def test_the_code_from_the_message_starts_the_clock(quiet_city, browser):
    page = phone(browser).new_page()
    docket = file_report(page, quiet_city, contact="siti@contoh.example")
    page.get_by_role("link", name="Tulis kodenya").click()
    page.get_by_label("Kode").fill("12345")
    page.get_by_role("button", name="Konfirmasi").click()
    assert "Kode tidak cocok" in page.content()
    page.get_by_label("Kode").fill(re.search(r"kode=(\d{6})", quiet_city.message(docket)).group(1))
    page.get_by_role("button", name="Konfirmasi").click()
    assert "Diterima" in page.locator(".badge").first.inner_text()


def test_a_report_typed_without_signal_is_sent_once_when_it_returns(quiet_city, browser):
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="id-ID")
    page = context.new_page()
    page.goto(quiet_city.url + "/lapor?jenis=sampah")
    page.get_by_label("Ceritakan apa yang terjadi").fill("Sampah menumpuk di pojok pasar sejak Senin.")
    context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('offline'))")
    assert page.locator(".offline").is_visible()
    page.get_by_role("button", name="Lanjut").click()
    page.wait_for_timeout(300)
    context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_url("**/lokasi")
    assert page.get_by_role("heading", level=1).inner_text() == "Di mana tempatnya?"
