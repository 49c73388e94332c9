"""A levy worked out by whoever will pay it: without a script, in both languages, with an address that means the same to all."""

import requests

from test_journey import phone


def test_a_levy_is_worked_out_step_by_step(quiet_city, browser):
    page = phone(browser).new_page()
    page.goto(quiet_city.url + "/")
    page.get_by_role("link", name="Hitung retribusi sendiri").click()
    page.get_by_role("link", name="Retribusi persetujuan bangunan").click()
    page.get_by_label("Luas total lantai").fill("lima")
    page.get_by_label("Jumlah lantai").fill("1")
    page.get_by_role("button", name="Hitung", exact=True).click()
    assert page.title().startswith("Galat:") and page.locator("#galat li").count() == 1
    assert page.get_by_label("Luas total lantai").input_value() == "lima", "what was typed is kept"
    page.get_by_label("Luas total lantai").fill("5.000,5")
    page.get_by_role("button", name="Hitung", exact=True).click()
    assert page.locator(".figure").inner_text() == "Rp30.603.060"
    assert "5.000,5 × (0,005 × 6.000.000) × 0,204 × 1 = 30.603.060" in page.content().replace("<b>", "").replace("</b>", "")
    assert "luas=5000.5" in page.url and page.get_by_label("Luas total lantai").input_value() == "5.000,5"
    english = requests.get(page.url, cookies={"bahasa": "en"}).text
    assert "Rp30,603,060" in english, "the address means the same in the other language"


def test_a_levy_that_is_not_there_is_not_found(quiet_city):
    assert requests.get(quiet_city.url + "/hitung/kapal").status_code == 404
