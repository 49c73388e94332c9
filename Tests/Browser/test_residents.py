"""Accounts of residents: a code, a passkey, an identity that is looked at once, what is theirs, and who looked."""

import json
import re
import sqlite3

import pytest
import requests

from applicant import BIRTH, MOTHER, apply, token
from conftest import City, wait_until
from test_cash import take
from test_journey import phone, sign_in
from test_pages import faults
from test_services import billed, desk

CONTACT = "0812-0000-0001"


def code_of(city, text=""):
    return re.search(r"\b(\d{6})\b", city.message("Kode masuk", text, is_taken=True)).group(1)


def adding_code(city, contact):
    return re.search(r"\b(\d{6})\b", city.message(contact, "menambahkan", is_taken=True)).group(1)


def enter(page, city, contact=CONTACT):
    """Signs in by a code, as a resident without a script does."""
    page.goto(city.url + "/saya")
    page.get_by_label("Nomor HP atau email").fill(contact)
    page.get_by_role("button", name="Kirim kode").click()
    page.get_by_label("Kode", exact=True).fill(code_of(city))
    page.get_by_role("button", name="Masuk", exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text() == "Halaman saya"


def open_all(page):
    for summary in page.locator("main summary").all():
        if summary.locator("..").get_attribute("open") is None:
            summary.click()


def prove(session, city, docket):
    """Proves the contact of an application by the code that went there."""
    code = re.search(r"Kode kontak: (\d{6})", city.message(docket, "Kode kontak")).group(1)
    page = session.get(f"{city.url}/berkas/{docket}")
    page = session.post(f"{city.url}/berkas/{docket}/kontak", data={"token": token(page), "act": "prove", "code": code})
    assert "Buktikan kontak Anda" not in page.text


def test_a_resident_signs_in_by_a_code_and_finds_what_is_theirs(city, browser):
    session, docket = apply(city.url, "akta-kelahiran", BIRTH)
    page = phone(browser).new_page()
    page.goto(city.url + "/saya")
    page.get_by_label("Nomor HP atau email").fill("bukan alamat")
    page.get_by_role("button", name="Kirim kode").click()
    assert page.title().startswith("Galat:") and page.get_by_label("Nomor HP atau email").input_value() == "bukan alamat"
    page.get_by_label("Nomor HP atau email").fill(CONTACT)
    page.get_by_role("button", name="Kirim kode").click()
    page.get_by_label("Kode", exact=True).fill("000000")
    page.get_by_role("button", name="Masuk", exact=True).click()
    assert "Kode tidak cocok" in page.content()
    page.get_by_label("Kode", exact=True).fill(code_of(city))
    page.get_by_role("button", name="Masuk", exact=True).click()
    assert docket not in page.content(), "anybody can write somebody else's number into a form"
    prove(session, city, docket)
    page.reload()
    assert docket in page.content()
    officer = browser.new_context(java_script_enabled=False, locale="id-ID").new_page()
    sign_in(officer, city, city.staff("tagor", "kominfo", "officer"), "tagor")
    officer.goto(f"{city.url}/meja/permohonan/{docket}")
    page.reload()
    page.locator("summary", has_text="Siapa yang membuka data saya (1)").click()
    assert page.locator("li", has_text="Kominfo").count() == 1
    page.get_by_role("link", name="Akta kelahiran").click()
    assert page.get_by_role("button", name="Tarik permohonan").count() == 1, "it opens as its applicant's own"
    # Another device, and a kill in between.
    city.kill()
    city.start()
    page.goto(city.url + "/saya")
    assert docket in page.content(), "who is signed in stays signed in"
    open_all(page)
    stays = page.locator("form[action$='/saya/hapus'] p").first.inner_text().split("Yang tinggal")[1]
    assert "rekening yang dibayar kota" in stays and "alasan keputusan yang menolak Anda" in stays, "no more is promised than is done"
    page.get_by_role("button", name="Keluar").click()
    page.goto(city.url + "/saya")
    assert docket not in page.content()


def test_nothing_that_opens_a_case_goes_to_a_contact_before_it_is_proven(city, browser):
    page = phone(browser).new_page()
    session, docket = apply(city.url, "akta-kelahiran", {**BIRTH, "kontak": "081277777777"})
    first = city.message(docket, "Kode kontak")
    assert "kunci=" not in first
    page.context.add_cookies([{"name": cookie.name, "value": cookie.value, "url": city.url + (cookie.path or "/")} for cookie in session.cookies])
    page.goto(f"{city.url}/berkas/{docket}")
    box = page.locator("section", has_text="Buktikan kontak Anda")
    box.get_by_label("Kode kontak").fill("123")
    box.get_by_role("button", name="Buktikan").click()
    assert "Kode tidak cocok" in page.content()
    page.locator("summary", has_text="Salah tulis").click()
    page.get_by_label("Nomor HP atau email").fill("0812 8888 8888")
    page.get_by_role("button", name="Ganti dan kirim kode baru").click()
    old = re.search(r"Kode kontak: (\d{6})", first).group(1)
    new = re.search(r"Kode kontak: (\d{6})", city.message("+6281288888888", docket)).group(1)
    for code, done in [(old, old == new), (new, True)]:
        if page.get_by_label("Kode kontak").count():
            page.get_by_label("Kode kontak").fill(code)
            page.get_by_role("button", name="Buktikan").click()
        assert ("Buktikan kontak Anda" not in page.content()) == done, "a code proves the contact that it went to"
    # What is told from now on is the applicant's choice.
    page.locator("summary", has_text="Kabar lewat SMS atau email").click()
    page.get_by_label("Jangan kirim apa-apa").check()
    page.get_by_role("button", name="Simpan").click()
    page.locator("summary", has_text="Kabar lewat SMS atau email").click()
    assert page.get_by_label("Jangan kirim apa-apa").is_checked()


def test_the_code_for_a_further_contact_says_where_it_went_and_a_mistyped_contact_is_mended(city, browser):
    page = phone(browser).new_page()
    enter(page, city)
    open_all(page)
    page.get_by_label("Kontak lain").fill("0812-3333-4444")
    page.get_by_role("button", name="Kirim kode").click()
    notice = page.get_by_role("status")
    assert "••44, berlaku 10 menit" in notice.inner_text() and page.evaluate("document.activeElement.getAttribute('role')") == "status"
    code = page.get_by_label("Kode yang kami kirim ke sana")
    wait_until(lambda: 0 <= notice.bounding_box()["y"] < 740)  # The page moves there.
    assert code.is_visible() and abs(code.bounding_box()["y"] - notice.bounding_box()["y"]) < 300, "said where it is to be written"
    page.get_by_role("link", name="English").click()
    assert page.get_by_label("The code that we sent there").is_visible(), "the other language asks for the same"
    page.get_by_role("link", name="Indonesia").click()
    code.fill("000000")
    page.get_by_role("button", name="Tambahkan").click()
    assert "Kode tidak cocok" in page.locator("#galat").inner_text() and "••44, berlaku" in page.locator("main").inner_text()
    page.locator("summary", has_text="Salah tulis").click()
    page.get_by_label("Kontak lain").fill("0812-3333-5555")
    page.get_by_role("button", name="Kirim kode baru").click()
    assert "••55" in page.get_by_role("status").inner_text()
    code.fill(adding_code(city, "+6281233335555"))
    page.get_by_role("button", name="Tambahkan").click()
    assert "••55 ditambahkan" in page.get_by_role("status").inner_text()
    open_all(page)
    page.get_by_label("Kontak lain").fill("0812 3333 5555")
    page.get_by_role("button", name="Kirim kode").click()
    assert "Kontak ini sudah ada pada akun Anda" in page.locator("#galat").inner_text()


def test_what_is_missing_is_said_before_a_code_and_another_language_keeps_what_was_sent(quiet_city, browser):
    city, contact = quiet_city, "pindah-bahasa@contoh.id"
    page = phone(browser).new_page()
    enter(page, city, contact)
    with sqlite3.connect(city.data / "city" / "balai.sqlite", timeout=30) as database:
        database.execute("UPDATE resident_session SET proven_at = 0")
    open_all(page)
    page.get_by_role("button", name="Hapus semua yang boleh dihapus").click()
    assert "Centang “Saya yakin”" in page.locator("#galat").inner_text(), "no code for what cannot be done"
    assert page.get_by_role("link", name="English").count() == 0, "it would throw away what was typed"
    page.get_by_label("Saya yakin").check()
    page.get_by_role("button", name="Hapus semua yang boleh dihapus").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Pastikan ini Anda"
    page.get_by_role("button", name="English").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Make sure that it is you"
    page.get_by_label("Code", exact=True).fill(code_of(city, contact))
    page.get_by_role("button", name="Go on").click()
    assert "has been erased for ever" in page.get_by_role("status").first.inner_text(), "the tick came along, and so did the language"


def test_a_contact_that_is_taken_off_is_told_and_its_owner_keeps_it(city, browser):
    page, owner = phone(browser).new_page(), phone(browser).new_page()
    enter(page, city)
    open_all(page)
    page.get_by_label("Kontak lain").fill("maling@contoh.id")
    page.get_by_role("button", name="Kirim kode").click()
    page.get_by_label("Kode yang kami kirim ke sana").fill(re.search(r"\b(\d{6})\b", city.message("maling@contoh.id", "menambahkan", is_taken=True)).group(1))
    page.get_by_role("button", name="Tambahkan").click()
    open_all(page)
    page.get_by_role("button", name="Lepas").first.click()
    waiting = page.locator("li", has_text="kecuali dihentikan")
    assert waiting.count() == 1 and page.get_by_role("button", name="Lepas").count() == 0, "the last that stays cannot be taken off"
    link = re.search(r"https?://\S+/kontak/\S+", city.message("+6281200000001", "/kontak/")).group(0)
    owner.goto(link)
    assert "Kontak Anda tetap" in owner.locator("main").inner_text()
    page.reload()
    assert waiting.count() == 1, "a program that follows links stops nothing"
    owner.get_by_role("button", name="Hentikan").click()
    assert "Kontak Anda tetap" in owner.locator(".notice.good").inner_text()
    assert owner.get_by_role("link", name="Masuk lagi").get_attribute("href") == "/saya"
    page.reload()
    assert page.get_by_role("button", name="Kirim kode").count() == 1 and waiting.count() == 0, "everybody is signed out"
    assert page.get_by_label("Kontak lain").count() == 0
    enter(owner, city)
    open_all(owner)
    assert owner.get_by_role("button", name="Lepas").count() == 0 and "maling" not in owner.locator("main").inner_text()
    owner.goto(link)
    assert owner.get_by_role("heading", level=1).inner_text() == "Tidak ada yang perlu dihentikan"


def test_identity_is_looked_at_once_and_opens_what_asks_for_it(browser):
    city = City(pack="medan").start()
    try:
        clerk = browser.new_context(java_script_enabled=False, locale="id-ID").new_page()
        sign_in(clerk, city, city.staff("lina", "disdukcapil", "clerk"), "lina")
        page = phone(browser).new_page()
        answers = {"nama": "Wati Contoh", "nik": MOTHER, "kelurahan": "12.71.01.1001", "kontak": CONTACT, "kk": "1271010101200001", "arah": "keluar", "alamat_baru": "Jalan Baru 1, Binjai", "alasan": "kerja"}
        page.goto(city.url + "/layanan/pindah")
        assert "KTP yang diperiksa sekali di loket" in page.content()
        page.get_by_role("button", name="Ajukan sekarang").click()
        for _ in range(4):
            if page.url.endswith("/review"):
                break
            for name, value in answers.items():
                control = page.locator(f"[name={name}]")
                if control.count() and control.first.get_attribute("type") == "radio":
                    page.locator(f"[name={name}][value={value}]").check()
                elif control.count():
                    (control.select_option if control.evaluate("e => e.tagName") == "SELECT" else control.fill)(value)
            for control in page.locator("input[name^='anggota.1.']").all():
                control.fill(MOTHER if "nik" in control.get_attribute("name") else "Wati Contoh")
            page.get_by_role("button", name="Lanjut", exact=True).last.click()
        page.get_by_role("button", name="Kirim permohonan").click()
        assert "Layanan ini meminta identitas yang sudah diperiksa" in page.content()
        page.get_by_role("link", name="Masuk dengan kode").click()
        page.get_by_label("Nomor HP atau email").fill(CONTACT)
        page.get_by_role("button", name="Kirim kode").click()
        page.get_by_label("Kode", exact=True).fill(code_of(city))
        page.get_by_role("button", name="Masuk", exact=True).click()
        assert page.url.endswith("/review"), "back to where one was"
        review = page.url
        page.goto(city.url + "/saya")
        page.get_by_role("button", name="Minta kode loket").click()
        counter_code = page.locator(".otp").inner_text()
        clerk.goto(city.url + "/meja/layanan")
        clerk.get_by_role("link", name="Periksa identitas").click()
        for label, value in [("Kontak akun warga", CONTACT), ("Kode loket", counter_code), ("Nama di KTP", "Wati Contoh"), ("NIK di KTP", "12710157")]:
            clerk.get_by_label(label).fill(value)
        clerk.get_by_role("button", name="Sudah saya cocokkan").click()
        assert "NIK terdiri dari 16 angka" in clerk.content() and clerk.get_by_label("Nama di KTP").input_value() == "Wati Contoh"
        clerk.get_by_label("NIK di KTP").fill(MOTHER)
        clerk.get_by_role("button", name="Sudah saya cocokkan").click()
        assert "Pemeriksaan tercatat" in clerk.content()
        page.goto(city.url + "/saya")
        assert "Identitas sudah diperiksa" in page.content() and MOTHER not in page.content()
        page.goto(review.replace("/review", "/pemohon"))
        page.locator("[name=nik]").fill("1271011708909999")
        page.get_by_role("button", name="Lanjut", exact=True).last.click()
        page.goto(review)
        page.get_by_role("button", name="Kirim permohonan").click()
        assert "NIK ini bukan yang diperiksa di loket" in page.content()
        page.get_by_label("NIK").fill(MOTHER)  # said where it can be mended
        page.get_by_role("button", name="Lanjut", exact=True).last.click()
        page.goto(review)
        page.get_by_role("button", name="Kirim permohonan").click()
        docket = page.locator(".figure").inner_text()
        assert docket.startswith("PDH-")
        assert "kunci=" in city.message(docket), "a contact that is proven is sent the link at once"
        page.goto(city.url + "/saya")
        assert docket in page.content()
        # Asked once: what the card said fills in the next form.
        page.goto(city.url + "/layanan/anggota-perpustakaan")
        page.get_by_role("button", name="Ajukan sekarang").click()
        page.get_by_role("button", name="Pakai data itu").click()
        assert page.locator("[name=nama]").input_value() == "Wati Contoh" and page.locator("[name=nik]").input_value() == MOTHER
    finally:
        city.stop()


def test_own_data_is_corrected_taken_away_and_erased(city, browser):
    page = phone(browser).new_page()
    enter(page, city, "wati@contoh.id")
    open_all(page)
    page.get_by_label("Nama lengkap").fill("Wati")
    page.get_by_label("NIK", exact=False).first.fill("123")
    page.get_by_role("button", name="Simpan").click()
    assert "Nomor ini terdiri dari 16 angka" in page.content() and page.get_by_label("Nama lengkap").input_value() == "Wati"
    page.get_by_label("NIK", exact=False).first.fill(MOTHER)
    page.get_by_role("button", name="Simpan").click()
    open_all(page)
    assert page.get_by_label("NIK", exact=False).first.input_value() == "1271 •••• •••• 9999"
    page.get_by_label("Kontak lain").fill("0812-3333-3333")
    page.get_by_role("button", name="Kirim kode").click()
    page.get_by_label("Kode yang kami kirim ke sana").fill(adding_code(city, "+6281233333333"))
    page.get_by_role("button", name="Tambahkan").click()
    open_all(page)
    assert page.get_by_role("button", name="Lepas").count() == 2
    data = page.request.get(city.url + "/saya/data.json").json()
    assert "Wati" in json.dumps(data) and data["account"]["entries"][0]["kind"] == "resident.registered"
    page.get_by_role("button", name="Hapus semua yang boleh dihapus").click()
    # By the keyboard, from the summary to the box.
    assert page.locator(".invalid .error-text").inner_text().strip() == "Centang “Saya yakin”"
    page.locator("#galat a").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#yakin")
    assert page.get_by_label("Saya yakin").is_visible() and page.evaluate("document.activeElement.id") == "yakin"
    page.keyboard.press("Space")
    assert page.get_by_label("Saya yakin").is_checked()
    assert "laporan yang masih ditangani, yang bisa Anda hapus di halamannya setelah ditutup" in page.content()
    page.get_by_role("button", name="Hapus semua yang boleh dihapus").click()
    # Somebody who came to the account an hour ago does not destroy it.
    assert "ada kontak atau kunci sandi yang baru" in page.locator("#galat").inner_text()
    assert page.get_by_label("Saya yakin").is_checked() and page.get_by_label("Saya yakin").is_visible(), "the tick is kept"
    page.locator("#galat a", has_text="••33, masih baru 6 hari").click()
    assert page.get_by_role("button", name="Lepas").last.is_visible(), "it leads to where it can be taken off"
    page.get_by_role("button", name="Lepas").last.click()
    # Whoever signed in with it anywhere signs in anew.
    enter(page, city, "wati@contoh.id")
    open_all(page)
    page.get_by_label("Saya yakin").check()
    page.get_by_role("button", name="Hapus semua yang boleh dihapus").click()
    page.get_by_label("Nomor HP atau email").wait_for()
    assert "Akun dan yang boleh dihapus sudah dihapus" in page.get_by_role("status").first.inner_text()
    enter(page, city, "wati@contoh.id")
    open_all(page)
    assert page.get_by_label("Nama lengkap").input_value() == ""


def test_whoever_leaves_is_told_which_cases_stay_and_how_to_keep_their_data(city, browser):
    session, docket = apply(city.url, "akta-kelahiran", {**BIRTH, "kontak": "wati@contoh.id"})
    prove(session, city, docket)
    page = phone(browser).new_page()
    enter(page, city, "wati@contoh.id")
    open_all(page)
    page.get_by_label("Saya yakin").check()
    page.get_by_role("button", name="Hapus semua yang boleh dihapus").click()
    notice = page.get_by_role("status").first.inner_text()
    assert f"Belum dihapus: permohonan {docket}" in notice and "“Jangan hapus data saya”" in notice
    letter = " ".join(city.message("akun Anda, kecuali", "wati@contoh.id").split())
    assert f"permohonan {docket} (datanya dihapus setelah selesai; tidak jadi? tekan “Jangan hapus data saya” di halaman berkasnya)" in letter
    assert "Masih ditangani" not in requests.get(f"{city.url}/saya?selesai=terhapus&laporan=telepon-saja-0812").text, "no words of whoever makes the address up"
    own = session.get(f"{city.url}/berkas/{docket}")
    assert "Jangan hapus data saya" in own.text
    kept = session.post(f"{city.url}/berkas/{docket}/batal-hapus", data={"token": token(own)})
    assert "data Anda di berkas ini tetap" in kept.text


def test_an_account_that_waits_to_be_erased_says_so_and_why(city, browser):
    session, docket = apply(city.url, "akta-kelahiran", {**BIRTH, "kontak": "081244444444"})
    prove(session, city, docket)
    officer = browser.new_context(java_script_enabled=False, locale="id-ID").new_page()
    sign_in(officer, city, city.staff("rina", "kominfo", "officer"), "rina")
    officer.goto(f"{city.url}/meja/permohonan/{docket}")
    open_all(officer)
    form = officer.locator("form[action$='/tolak']")
    form.locator("textarea").fill("Sudah tercatat.")
    form.locator("button").last.click()
    page = phone(browser).new_page()
    enter(page, city, "0812-4444-4444")
    open_all(page)
    page.get_by_label("Saya yakin").check()
    page.get_by_role("button", name="Hapus semua yang boleh dihapus").click()
    notice = page.get_by_role("status").first
    assert "Akun Anda belum dihapus: permintaannya menunggu" in notice.inner_text()
    last = re.search(rf"{docket}, Anda bisa mengajukan keberatan sampai ([^:]+): sesudahnya", notice.inner_text()).group(1)
    assert f"/berkas/{docket}" in notice.get_by_role("link", name=docket).get_attribute("href"), "what waits for its applicant is a press away"
    how = session.get(f"{city.url}/berkas/{docket}").text
    assert re.search(rf"mengajukan keberatan tertulis kepada [^<]+ sampai {last}, tanpa biaya", how), "where, how and until when"
    assert_readable(page)
    # The address says nothing to whoever opens it signed out: nothing was erased.
    assert "sudah dihapus" not in requests.get(page.url).text
    # On the page of the case, too; taken back there, the account's stands: a case's key speaks for nothing else.
    own = phone(browser).new_page()
    own.context.add_cookies([{"name": cookie.name, "value": cookie.value, "url": city.url + (cookie.path or "/")} for cookie in session.cookies])
    own.goto(f"{city.url}/berkas/{docket}")
    assert "belum dihapus: permintaannya menunggu" in own.get_by_role("status").first.inner_text()
    assert_readable(own)
    own.get_by_role("button", name="Jangan hapus data saya").click()
    assert "Permintaan menghapus akun, kalau ada, tetap berlaku" in own.get_by_role("status").first.inner_text()
    page.goto(city.url + "/saya")
    page.get_by_role("button", name="Jangan hapus data saya").click()
    assert page.get_by_role("button", name="Jangan hapus data saya").count() == 0
    # Nobody is erased by one press, and why it waits is said where one looks first.
    open_all(own)
    own.get_by_role("button", name="Hapus data saya").click()
    own.locator("#galat a").click()
    assert own.url.endswith("#yakin-hapus-data") and own.get_by_label("Saya yakin").is_visible() and "Centang “Saya yakin”" in own.locator(".invalid").inner_text()
    own.get_by_label("Saya yakin").check()
    own.get_by_role("button", name="Hapus data saya").click()
    assert "Anda bisa mengajukan keberatan sampai" in own.locator("[autofocus]").inner_text()
    officer.goto(f"{city.url}/meja/permohonan/{docket}")
    assert_readable(officer)
    assert "Kontak terbukti." in officer.locator("main > header").inner_text(), "as its trail says"
    assert officer.get_by_role("button", name="Jangan hapus data saya").count() == 0
    own.get_by_role("button", name="Jangan hapus data saya").click()
    assert "Permintaan hapus data dibatalkan: data Anda di berkas ini tetap." in own.get_by_role("status").first.inner_text()
    # A wish for the account again, and taken back on its own page.
    open_all(page)
    page.get_by_label("Saya yakin").check()
    page.get_by_role("button", name="Hapus semua yang boleh dihapus").click()
    page.get_by_role("button", name="Jangan hapus data saya").click()
    assert "Permintaan dibatalkan" in page.get_by_role("status").first.inner_text() and "belum dihapus" not in page.content()


def assert_readable(page):
    """A notice gives its words the width that there is, and its button the size of a thumb."""
    for box in page.locator(".notice").all():
        for inside in box.locator("p, li").all():
            assert inside.bounding_box()["width"] > 150, inside.inner_html()
        for button in box.locator("button").all():
            size = button.bounding_box()
            assert size["width"] >= 100 and 44 <= size["height"] <= 80, size


@pytest.fixture
def named_city():
    """A city that is known by a name: authenticators know no numbers."""
    city = City()
    city.url = f"http://localhost:{city.port}"
    yield city.start()
    city.stop()


def test_a_passkey_is_made_and_signs_in_with_chromiums_own_authenticator(named_city, browser):
    city = named_city
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="id-ID")
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    authenticator = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    enter(page, city)
    page.locator("summary", has_text="Kunci sandi (0)").click()
    page.get_by_label("Nama, supaya Anda mengenalinya").fill("Ponsel uji")
    page.get_by_role("button", name="Buat kunci sandi").click()
    page.locator("summary", has_text="Kunci sandi (1)").click()
    assert page.get_by_text("Ponsel uji").first.is_visible()
    assert len(devtools.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]) == 1
    page.get_by_role("button", name="Keluar").click()
    page.goto(city.url + "/saya")
    assert faults(page) == []
    page.get_by_role("button", name="Masuk dengan kunci sandi").click()
    page.wait_for_selector("summary:has-text('Kunci sandi (1)')")
    # Whoever is not recognised is not let in, and is told so.
    page.get_by_role("button", name="Keluar").click()
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    page.goto(city.url + "/saya")
    page.get_by_role("button", name="Masuk dengan kunci sandi").click()
    page.wait_for_selector("text=Tidak ada kunci sandi yang dipakai")
    # The JSON forms, for scripts: options parsed and answers written by the browser itself.
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": True})
    answer = page.evaluate(
        """async () => {
          const options = await (await fetch('/auth/passkey/login/options', {method: 'POST'})).json();
          const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
          const credential = await navigator.credentials.get({publicKey});
          const send = () => fetch('/auth/passkey/login/verify', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(credential.toJSON())});
          const first = await send(), second = await send();
          return [first.status, (await first.json()).verified, second.status, second.headers.get('content-type')];
        }"""
    )
    assert answer[:3] == [200, True, 422] and answer[3].startswith("application/problem+json")
    made = page.evaluate(
        """async () => {
          const options = await (await fetch('/auth/passkey/register/options')).json();
          const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON({...options, excludeCredentials: []});
          return (await fetch('/auth/passkey/register/verify', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}'})).status + ' ' + publicKey.rp.id + ' ' + options.excludeCredentials.length;
        }"""
    )
    assert made == "422 localhost 1"
    assert requests.get(city.url + "/auth/passkey/register/options").status_code == 401


def test_what_was_given_back_is_listed_as_what_was_paid(city, browser):
    session, docket, number, _ = billed(city, browser)
    rosa = desk(browser, city, "rosa", "pu", "treasurer")
    take(rosa, city, number, "500.000", "Tidak, catat semua Rp500.000")
    view = session.get(f"{city.url}/berkas/{docket}")
    kept = session.post(f"{city.url}/berkas/{docket}/rekening", data={"token": token(view), "kode": number, "bank": "Bank Contoh", "rekening": "1234567890", "atasnama": "Warga Contoh"}, cookies={"bahasa": "en"})
    assert "The bank account is saved." in kept.text
    head = desk(browser, city, "kepala", "pu", "head")
    head.goto(city.url + "/meja/kas")
    head.locator("summary", has_text="Perintahkan pengembalian").click()
    form = head.locator("form", has=head.get_by_role("button", name="Perintahkan", exact=True))
    form.get_by_label("Alasan").fill("Dibayar lebih (PP 12/2019 ps. 140)")
    form.get_by_role("button", name="Perintahkan").click()
    rosa.goto(city.url + "/meja/kas")
    rosa.get_by_label("Nomor SP2D atau transfer").fill("SP2D-77")
    rosa.get_by_role("button", name="Sudah dibayar Kas Daerah").click()
    prove(session, city, docket)
    page = phone(browser).new_page()
    enter(page, city, "pemilik@contoh.id")
    money = page.locator("section", has=page.get_by_role("heading", name="Pembayaran"))
    assert "Rp500.000" in money.inner_text() and "Rp305.600" in money.inner_text() and "Dikembalikan kepada Anda" in money.inner_text()
    refunds = page.request.get(city.url + "/saya/data.json").json()["refunds"]
    assert [(refund["amount"], refund["docket"], refund["state"]) for refund in refunds] == [(305600, docket, "carried")]
