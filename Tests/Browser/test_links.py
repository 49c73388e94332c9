"""What is done by a link in a message, and at a counter: 360 pixels wide, without JavaScript."""

import re
import shutil
import subprocess

import pytest
import requests

from conftest import docket_in, link_in
from test_journey import act, file_report, phone, sign_in
from test_pages import faults


@pytest.fixture(scope="module")
def screener(quiet_city, browser):
    """The desk of a screener, who also takes the counter."""
    page = browser.new_context(java_script_enabled=False, locale="id-ID").new_page()
    sign_in(page, quiet_city, quiet_city.staff("sari", "kominfo", "screener"), "sari")
    return page


def test_a_resident_finds_own_reports_by_a_code(quiet_city, browser):
    # The telephone that sent the report holds its key: only with it does the code prove the contact.
    page = phone(browser).new_page()
    docket = file_report(page, quiet_city, contact="wati@contoh.example")
    page.goto(link_in(quiet_city.message(docket, "konfirmasi")))
    page.get_by_role("button", name="Konfirmasi").click()
    page.context.clear_cookies()
    page.goto(quiet_city.url + "/saya")
    page.get_by_label("Nomor HP atau email").fill("bukan alamat")
    page.get_by_role("button", name="Kirim kode").click()
    assert page.title().startswith("Galat:")
    page.get_by_label("Nomor HP atau email").fill("Wati@Contoh.example")
    page.get_by_role("button", name="Kirim kode").click()
    page.get_by_label("Kode", exact=True).fill(re.search(r"Kode masuk (\d{6})", quiet_city.message("wati@contoh.example", "Kode masuk")).group(1))
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.get_by_role("link", name="Jalan berlubang").click()
    assert docket in page.content()
    assert page.get_by_label("Balas").count() == 1, "the reporter's own page"


def test_news_of_an_area_come_only_to_who_agreed_and_end_by_a_link(quiet_city, browser):
    page = phone(browser).new_page()
    page.goto(quiet_city.url + "/wilayah/99.01.01")
    page.get_by_label("Nomor HP atau email").fill("budi@contoh.example")
    page.get_by_role("button", name="Kabari saya").click()
    assert "Satu langkah lagi" in page.content()
    link = link_in(quiet_city.message("/ikuti/", "Utara"))
    page.goto(link)
    page.get_by_role("button", name="Ya, kabari saya").click()
    assert page.url.endswith("/wilayah/99.01.01")
    page.goto(link)
    assert "tidak berlaku" in page.content(), "a link works once"


def test_a_follower_ends_it_by_the_link_in_every_message(quiet_city, browser, screener):
    docket = file_report(phone(browser).new_page(), quiet_city)
    page = phone(browser).new_page()
    page.goto(f"{quiet_city.url}/berkas/{docket}")
    page.get_by_label("Nomor HP atau email").fill("joko@contoh.example")
    page.get_by_role("button", name="Kabari saya").click()
    page.goto(link_in(quiet_city.message(docket, "/ikuti/")))
    page.get_by_role("button", name="Ya, kabari saya").click()
    screener.goto(f"{quiet_city.url}/meja/berkas/{docket}")
    act(screener, "Periksa dan teruskan", "Teruskan")
    page.goto(re.search(r"https?://\S+/berhenti/\S+", quiet_city.message(docket, "/berhenti/")).group(0))
    page.get_by_role("button", name="Berhenti mengikuti").click()
    assert "sudah dihapus" in page.content()


def test_a_clerk_writes_down_who_came_and_hands_over_the_receipt(quiet_city, browser, screener):
    screener.goto(quiet_city.url + "/loket")
    screener.get_by_role("button", name="Simpan dan cetak").click()
    assert screener.title().startswith("Galat:"), screener.title()
    screener.get_by_label("Telepon").check()
    screener.get_by_label("Jenis", exact=True).select_option(value="sampah")
    screener.get_by_label("Cerita pelapor").fill("Sampah tidak diangkut seminggu di gang.")
    screener.get_by_label("Kelurahan").select_option(label="Utara: Melati")
    screener.get_by_label("Nama jalan dan patokan").fill("Gang Mawar")
    screener.get_by_role("button", name="Simpan dan cetak").click()
    assert "Laporan tercatat" in screener.content(), screener.locator("main").inner_text()
    docket = docket_in(screener.locator(".figure").inner_text())
    address = screener.locator("p.code").inner_text()
    resident = phone(browser).new_page()
    resident.goto(address)
    assert docket in resident.content() and resident.get_by_label("Balas").count() == 1, "the printed address opens the reporter's page"
    screener.goto(f"{quiet_city.url}/berkas/{docket}")
    assert screener.get_by_label("Balas").count() == 0, "the counter's browser keeps no key"


def test_an_office_outside_the_city_answers_by_its_link(quiet_city, browser, screener):
    docket = file_report(phone(browser).new_page(), quiet_city)
    screener.goto(f"{quiet_city.url}/meja/berkas/{docket}")
    act(screener, "Teruskan ke luar kota", "Kirim", **{"Instansi_luar": "Balai Jalan Nasional", "Email": "bbpjn@contoh.example", "Surat_pengantar": "Ruas ini jalan nasional."})
    page = browser.new_context(viewport={"width": 360, "height": 740}, locale="id-ID").new_page()
    page.goto(link_in(quiet_city.message(docket, "/jawab/")))
    assert not faults(page)
    page.get_by_label("Jawaban").fill("Kami tambal pekan depan.")
    page.get_by_role("button", name="Kirim jawaban").click()
    assert "Kami tambal pekan depan." in page.content() and "Balai Jalan Nasional" in page.content()


def test_a_place_is_searched_for_without_a_script(quiet_city, browser):
    page = phone(browser).new_page()
    page.goto(quiet_city.url + "/lapor?jenis=sampah")
    page.get_by_label("Ceritakan apa yang terjadi").fill("Sampah menumpuk di pojok pasar.")
    page.get_by_role("button", name="Lanjut").click()
    page.get_by_label("Cari tempat").fill("entah di mana")
    page.get_by_role("button", name="Cari", exact=True).click()
    assert page.locator("#galat li").count() == 1 and page.get_by_label("Cari tempat").input_value() == "entah di mana"
    page.get_by_label("Cari tempat").fill("pasar melati")
    page.get_by_role("button", name="Cari", exact=True).click()
    assert page.get_by_label("Kelurahan", exact=True).input_value() == "99.01.01.1002"
    page.get_by_label("Cari tempat").fill("-1.975, 110.025")
    page.get_by_role("button", name="Cari", exact=True).click()
    assert page.locator("#latitude").input_value() == "-1.975"


def test_a_question_that_follows_from_an_answer(quiet_city, browser):
    page = browser.new_context(locale="id-ID").new_page()
    page.goto(quiet_city.url + "/lapor?jenis=lubang")
    assert page.get_by_text("Sudah ada yang jatuh").is_hidden()
    page.get_by_label("Besar", exact=True).check()
    page.get_by_label("Ya", exact=True).check()
    page.get_by_label("Kecil", exact=True).check()
    assert page.get_by_text("Sudah ada yang jatuh").is_hidden()


def test_the_desk_exports_what_its_filter_shows(quiet_city, browser, screener):
    docket = file_report(phone(browser).new_page(), quiet_city)
    session = {cookie["name"]: cookie["value"] for cookie in screener.context.cookies()}
    answer = requests.get(quiet_city.url + "/meja/laporan.csv?saringan=semua&jenis=lubang", cookies=session)
    assert answer.headers["Content-Type"].startswith("text/csv") and docket in answer.text
    assert docket not in requests.get(quiet_city.url + "/meja/laporan.csv?saringan=semua&jenis=sampah", cookies=session).text
    assert "Masuk" in requests.get(quiet_city.url + "/meja/laporan.csv").text, "the desk's own door"


def test_the_code_on_the_receipt_is_read_by_another_program(quiet_city, browser, tmp_path):
    if not shutil.which("zbarimg"):
        pytest.skip("needs Debian's zbar-tools")
    page = phone(browser).new_page()
    docket = file_report(page, quiet_city)
    page.goto(f"{quiet_city.url}/berkas/{docket}/tanda-terima")
    page.get_by_role("img", name=re.compile("QR")).screenshot(path=tmp_path / "code.png")
    read = subprocess.run(["zbarimg", "-q", "--raw", tmp_path / "code.png"], capture_output=True, text=True, check=True).stdout.strip()
    assert read.startswith(f"{quiet_city.url}/berkas/{docket}")
