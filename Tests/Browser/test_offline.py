"""A phone without signal: the city cannot be reached, and what was written is sent once it can, as one case."""

import re

import pytest
import requests

from conftest import City, docket_in
from test_journey import phone, png


@pytest.fixture
def city():
    city = City().start()
    yield city
    city.stop()


def smart_phone(browser, city):
    """A phone that was on the city's page once, so that it keeps the page for reports."""
    page = browser.new_context(viewport={"width": 360, "height": 740}, locale="id-ID").new_page()
    page.goto(city.url + "/")
    page.evaluate("navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller || new Promise(done => navigator.serviceWorker.addEventListener('controllerchange', done)))")
    return page


def write(page, story, photo=None):
    page.get_by_label("Jenis masalah").select_option(label="Jalan berlubang")
    page.get_by_label("Besar", exact=True).check()
    page.get_by_label("Ceritakan apa yang terjadi").fill(story)
    page.get_by_label("Kelurahan").select_option(label="Utara: Melati")
    page.get_by_label("Nama jalan dan patokan").fill("Jalan Merdeka, depan SD 3")
    if photo:
        page.get_by_label("Tambah foto").set_input_files(photo)
    page.get_by_role("button", name="Kirim laporan").click()


def public(city):
    return requests.get(city.url + "/open311/v2/requests.json").json()


def test_two_reports_begun_without_signal_become_two_cases(city, browser, tmp_path):
    page = smart_phone(browser, city)
    city.kill()
    for story in ["Lubang pertama, ditulis tanpa sinyal sama sekali.", "Lubang kedua, juga ditulis tanpa sinyal."]:
        page.goto(city.url + "/lapor")
        assert page.get_by_role("heading", level=1).inner_text() == "Laporan di satu halaman"
        write(page, story, png(tmp_path / "a.png"))
        page.get_by_text("menunggu sinyal").first.wait_for()
    assert page.get_by_text("menunggu sinyal").count() == 2
    city.start()
    page.reload()
    page.get_by_role("link", name="buka tanda terima").nth(1).wait_for()
    assert sorted(item["description"][:12] for item in public(city)) == ["Lubang kedua", "Lubang perta"]
    page.get_by_role("link", name="buka tanda terima").first.click()
    docket = docket_in(page.locator(".figure").first.inner_text())
    page.get_by_role("link", name="buka tanda terima").wait_for()
    assert page.get_by_role("link", name="buka tanda terima").count() == 1, "what was not looked at yet is told again"
    page.goto(f"{city.url}/berkas/{docket}")
    assert page.get_by_label("Balas").count() == 1, "the phone holds the key of its own report"
    assert page.locator("img[src*='/foto/']").count() == 1, "the photo came along"


def test_what_was_kept_unfinished_goes_on_as_a_draft(city, browser):
    page = smart_phone(browser, city)
    city.kill()
    page.goto(city.url + "/lapor")
    page.get_by_label("Jenis masalah").select_option(label="Jalan berlubang")
    page.get_by_label("Ceritakan apa yang terjadi").fill("Lubang di tikungan, belum sempat diisi semua.")
    page.get_by_role("button", name="Kirim laporan").click()
    page.get_by_text("menunggu sinyal").wait_for()
    city.start()
    page.reload()
    page.get_by_role("link", name="lanjutkan").click()
    assert "Galat:" in page.title() and "belum sempat diisi semua" in page.locator("#story").input_value()
    assert not public(city)


def test_a_step_that_meets_a_dead_city_is_kept_too(city, browser):
    page = smart_phone(browser, city)
    page.goto(city.url + "/lapor?jenis=sampah")
    page.get_by_label("Ceritakan apa yang terjadi").fill("Sampah menumpuk di pojok pasar sejak Senin.")
    city.kill()
    page.get_by_role("button", name="Lanjut").click()
    page.get_by_text("menunggu sinyal").wait_for()
    city.start()
    page.reload()
    page.get_by_role("link", name="lanjutkan").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Di mana tempatnya?"


def test_one_page_works_without_a_script_and_sent_twice_is_one_case(city, browser):
    page = phone(browser).new_page()
    page.goto(city.url + "/lapor/luring")
    page.get_by_role("button", name="Kirim laporan").click()
    assert page.title().startswith("Galat:") and page.locator("#galat li").count() == 2
    page.get_by_label("Jenis masalah").select_option(label="Jalan berlubang")
    page.get_by_role("group", name=re.compile("Jalan berlubang")).get_by_label("Besar", exact=True).check()
    page.get_by_label("Ceritakan apa yang terjadi").fill("Lubang besar, tanpa skrip.")
    page.get_by_label("Kelurahan").select_option(label="Utara: Melati")
    page.get_by_label("Nama jalan dan patokan").fill("Jalan Merdeka")
    fields = {field.get_attribute("name"): field.input_value() for field in page.locator("input[type=hidden]").all()}
    page.get_by_role("button", name="Kirim laporan").click()
    docket = docket_in(page.locator(".figure").inner_text())
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    again = requests.post(city.url + "/lapor/luring", data={**fields, "category": "lubang", "answer-lubang-ukuran": "besar", "story": "Lubang besar, tanpa skrip.", "subdistrict": "99.01.01.1002", "address": "Jalan Merdeka"}, cookies=cookies)
    assert docket in again.url and len(public(city)) == 1
