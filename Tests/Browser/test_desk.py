"""The corners of the desk, without a script: acting officials, blocked contacts, messages, keys for programs."""

import re

import requests

from applicant import HOUSE, apply
from conftest import report
from test_journey import act, file_report, phone, sign_in


def test_an_acting_official_is_appointed_and_shown(city, browser):
    page = phone(browser).new_page()
    city.staff("kepala", "kominfo", "head")
    city.staff("rani", "kominfo", "officer")
    city.staff("budi", "kominfo", "officer")
    sign_in(page, city, city.staff("sekda", "kominfo", "supervisor"), "sekda")
    page.goto(city.url + "/meja/pejabat")
    appoint, until = page.get_by_role("button", name="Tunjuk", exact=True), page.get_by_label("Sampai tanggal").input_value()
    page.get_by_label("Sampai tanggal").fill("2020-01-01")
    appoint.click()
    assert page.title().startswith("Galat:") and page.locator("#galat li").all_inner_texts() == ["Pilih instansinya", "Pilih petugasnya", "Pilih Plt. atau Plh.", "Tulis nomor surat perintahnya, paling panjang 100 huruf", "Tanggal berurutan, paling lama setahun"]
    assert "tidak berwenang mengambil keputusan strategis" in page.locator("form.primary").inner_text()
    menu = page.get_by_label("Siapa")
    assert menu.locator("optgroup").first.get_attribute("label") and menu.locator("option", has_text="Kepala").count() == 0, "who is head is not offered"
    page.get_by_label("Instansi").select_option(value="kominfo")
    menu.select_option(label=menu.locator("option", has_text="Rani").inner_text())
    assert menu.locator("option", has_text="Sekda").count() == 0, "nobody appoints themselves"
    page.get_by_label("Pelaksana tugas (Plt.)").check()
    page.get_by_label("Nomor surat perintah").fill("800/12/BKD")
    page.get_by_label("Sampai tanggal").fill(until)
    appoint.click()
    assert "masih kepala" in page.locator("#galat li").inner_text(), "no Plt where the office has its holder"
    page.get_by_label("Pelaksana harian (Plh.)").check()
    appoint.click()
    done = page.locator(".notice.good")
    assert "Rani menggantikan kepala Kominfo (Plh.), " in done.inner_text() and done.evaluate("it => it === document.activeElement")
    assert "Plh. Rani, " in page.locator("td").filter(has_text="Rani").last.inner_text() and "Surat perintah 800/12/BKD" in page.locator("main").inner_text()
    page.get_by_label("Instansi").select_option(value="kominfo")
    menu.select_option(label=menu.locator("option", has_text="Budi").inner_text())
    page.get_by_label("Pelaksana harian (Plh.)").check()
    page.get_by_label("Nomor surat perintah").fill("800/13/BKD")
    appoint.click()
    assert "Rani sudah ditunjuk dari" in page.locator("#from-salah").inner_text()
    page.goto(city.url + "/meja/pejabat")
    page.get_by_role("button", name="Akhiri Rani").click()
    assert "Penunjukan pelaksana tugas di Kominfo diakhiri." in done.inner_text() and page.get_by_role("button", name="Akhiri Rani").count() == 0
    past = page.get_by_role("region", name="Penunjukan yang sudah berakhir (1)").locator("tbody tr").inner_text()
    assert "Plh. Rani" in past and "Diakhiri" in past and "800/12/BKD" in past, "what was signed under it can be explained"
    # An appointment outlives no account unseen.
    page.get_by_label("Instansi").select_option(value="kominfo")
    budi = menu.locator("option", has_text="Budi")
    number = re.search(r"\d+", budi.inner_text()).group(0)
    menu.select_option(label=budi.inner_text())
    page.get_by_label("Pelaksana harian (Plh.)").check()
    page.get_by_label("Nomor surat perintah").fill("800/14/BKD")
    appoint.click()
    assert "They stand in at kominfo (Plh.)" in city.command("staff", "disable", "--number", number)
    page.goto(city.url + "/meja/pejabat")
    assert "Akunnya sudah diakhiri: tidak ada yang menggantikan" in page.locator("td", has_text="Budi").inner_text()


def test_a_key_for_a_program_reads_the_filter_until_it_is_revoked(city, browser):
    requests.post(city.url + "/open311/v2/requests.json", data=report("Lubang di depan halte, dibaca oleh program."))
    page = phone(browser).new_page()
    sign_in(page, city, city.staff("rani", "kominfo", "screener"), "rani")
    page.goto(city.url + "/meja/akun")
    page.get_by_label("Berlaku berapa hari").fill("900")
    page.get_by_role("button", name="Buat kunci").click()
    assert page.locator("#galat li").count() == 2, "both faults are told"
    page.get_by_label("Untuk apa").fill("Lembar kerja")
    page.get_by_label("Berlaku berapa hari").fill("30")
    page.get_by_role("button", name="Buat kunci").click()
    key = page.locator(".primary .code").inner_text()
    address = city.url + "/meja/laporan.csv?saringan=semua"
    answer = requests.get(address, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200 and answer.text.splitlines()[0].startswith("docket,") and len(answer.text.splitlines()) == 2
    city.kill()
    city.start()
    assert requests.get(address, headers={"Authorization": f"Bearer {key}"}).ok, "kept over a kill"
    assert requests.post(city.url + "/meja/massal", headers={"Authorization": f"Bearer {key}"}).status_code == 401, "it can change nothing"
    page.goto(city.url + "/meja/akun")
    assert key not in page.content(), "shown once"
    page.get_by_role("button", name="Cabut").click()
    refused = requests.get(address, headers={"Authorization": f"Bearer {key}"})
    assert refused.status_code == 401 and refused.headers["WWW-Authenticate"] == "Bearer" and refused.json()["status"] == 401
    assert requests.get(address, allow_redirects=False).status_code == 303, "without a key, people sign in"


def test_every_message_of_the_city_is_shown_as_it_is_sent(city, browser):
    page = phone(browser).new_page()
    sign_in(page, city, city.staff("rani", "kominfo", "screener"), "rani")
    page.get_by_role("link", name="Pesan kota").click()
    assert page.locator("section").count() == 31
    done = page.locator("section", has=page.get_by_role("heading", name="done"))
    assert 'tekan "Belum selesai" dalam 10 hari kalender' in done.inner_text() and "1 SMS" in done.inner_text()


def test_a_blocked_contact_is_let_in_again(city, browser):
    page = phone(browser).new_page()
    done = requests.post(city.url + "/open311/v2/requests.json", data=report("Kata-kata kasar.", email="kasar@contoh.id"))
    docket = done.json()[0]["service_request_id"]
    sign_in(page, city, city.staff("rani", "kominfo", "screener"), "rani")
    page.goto(f"{city.url}/meja/berkas/{docket}")
    page.get_by_text("Blokir kontak", exact=False).first.click()
    form = page.locator("form[action$='/blokir']")
    form.get_by_label("Alasan").fill("Menghina petugas berulang kali.")
    form.get_by_role("button").click()
    page.goto(city.url + "/meja/blokir")
    assert page.get_by_role("link", name=docket).count() == 1
    page.get_by_role("button", name="Cabut").click()
    assert page.get_by_text("Tidak ada.", exact=True).count() == 1


def said(page):
    """What an act says of itself, where whoever reads with their ears begins."""
    done = page.locator(".notice.good[role=status]").first
    assert done.evaluate("it => it === document.activeElement"), page.url
    return done.inner_text().strip()


def test_every_act_says_what_it_did_and_the_page_begins_there(city, browser):
    docket = requests.post(city.url + "/open311/v2/requests.json", data=report("Lubang besar di depan halte.", email="warga@contoh.id")).json()[0]["service_request_id"]
    screener, officer = phone(browser).new_page(), phone(browser).new_page()
    sign_in(screener, city, city.staff("rani", "kominfo", "screener"), "rani")
    sign_in(officer, city, city.staff("ucok", "pu", "officer"), "ucok")
    screener.goto(f"{city.url}/meja/berkas/{docket}")
    screener.get_by_role("button", name="Teruskan", exact=True).first.click()
    assert said(screener) == "Laporan diperiksa dan diteruskan."
    screener.get_by_text("Buka data pelapor").click()
    screener.get_by_role("button", name="Buka dan catat").click()
    assert said(screener) == "Akses ini sudah tercatat."
    officer.goto(f"{city.url}/meja/berkas/{docket}")
    officer.get_by_label("Tulisan").fill("Kami lihat besok pagi.")
    officer.get_by_role("button", name="Kirim", exact=True).first.click()
    assert said(officer) == "Tulisan Anda tercatat."
    act(officer, "Tutup, belum selesai", "Tutup")
    assert officer.locator(".notice.good").count() == 0, "nothing was done"
    details = officer.locator("details", has=officer.locator("form[action$='/tutup']"))
    details.get_by_label("Sebab").select_option(index=1)
    act(officer, "Tutup, belum selesai", "Tutup", Penjelasan_untuk_pelapor="Jalan ini milik provinsi.")
    assert said(officer) == "Laporan ditutup."
    # Out of sight: said where they go on.
    other = requests.post(city.url + "/open311/v2/requests.json", data=report("Lubang lain di dekat pasar.")).json()[0]["service_request_id"]
    screener.goto(f"{city.url}/meja/berkas/{other}")
    screener.get_by_role("button", name="Teruskan", exact=True).first.click()
    officer.goto(f"{city.url}/meja/berkas/{other}")
    act(officer, "Bukan tugas kami: kembalikan", "Kembalikan", Alasan="Bukan jalan kota.")
    assert said(officer) in (f"Tercatat. Berkas {other} sekarang bukan tugas Anda lagi.", "Laporan dikembalikan.")
    # An application: as its trail calls it.
    session, case = apply(city.url, "pbg", HOUSE)
    officer.goto(f"{city.url}/meja/permohonan/{case}")
    officer.get_by_label("Tulis kepada pemohon").fill("Sedang kami periksa.")
    officer.locator("form[action$='/pesan'] button").click()
    assert said(officer) == "Tercatat: Dinas PU menulis"
    officer.locator("form[action$='/langkah/lengkap'] button").last.click()
    assert re.match(r"Tercatat: .+ \(Dinas PU\) → .+", said(officer)), said(officer)
    # Its applicant proves the contact.
    own = phone(browser).new_page()
    own.context.add_cookies([{"name": cookie.name, "value": cookie.value, "url": city.url + (cookie.path or "/")} for cookie in session.cookies])
    own.goto(f"{city.url}/berkas/{case}")
    own.get_by_label("Kode kontak").fill(re.search(r"Kode kontak: (\d{6})", city.message(case, "Kode kontak")).group(1))
    own.get_by_role("button", name="Buktikan").click()
    assert said(own) == "Kodenya cocok: kontaknya terbukti."


def test_a_report_that_is_confirmed_says_so(quiet_city, browser):
    page = phone(browser).new_page()
    docket = file_report(page, quiet_city, contact="warga@contoh.id")
    code = re.search(r"kode=(\d{6})", quiet_city.message(docket)).group(1)
    page.goto(f"{quiet_city.url}/berkas/{docket}")
    page.get_by_label("Kode", exact=True).fill(code)
    page.get_by_role("button", name="Konfirmasi", exact=True).click()
    assert said(page) == "Kodenya cocok: laporan dan kontak Anda terkonfirmasi."
