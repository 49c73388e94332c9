"""The whole task with the keyboard alone, and the whole task in English."""

import re

from conftest import docket_in
from test_journey import phone


def tab_to(page, selector):
    """Goes on with the Tab key to an element, and sees that each stop shows where it is."""
    for _ in range(120):
        page.keyboard.press("Tab")
        found, is_shown = page.evaluate("""selector => {
            const element = document.activeElement, style = getComputedStyle(element);
            return [element.matches(selector), element === document.body || style.outlineStyle !== "none" || style.boxShadow !== "none"];
        }""", selector)
        assert is_shown, page.evaluate("document.activeElement.outerHTML")
        if found:
            return
    raise AssertionError(f"the Tab key never reaches {selector}")


def test_a_report_with_the_keyboard_alone(quiet_city, browser):
    page = browser.new_context(locale="id-ID").new_page()
    page.goto(quiet_city.url + "/")
    keys = page.keyboard
    tab_to(page, "nav a[href='/lapor']")
    keys.press("Enter")
    page.wait_for_url("**/lapor")
    tab_to(page, "a[href='/lapor?jenis=lubang']")
    keys.press("Enter")
    page.wait_for_url("**/lapor?jenis=lubang")
    tab_to(page, "input[type=radio][name='answer-ukuran']")
    keys.press("Space")
    tab_to(page, "#story")
    keys.type("Lubang di depan sekolah, dilaporkan tanpa tetikus.")
    tab_to(page, "form button:not([name]), form button[name='lanjut']")
    keys.press("Enter")
    page.wait_for_url("**/lokasi")
    tab_to(page, "#tempat")
    keys.type("melati")
    keys.press("Enter")
    page.wait_for_url("**/lokasi#address")
    assert page.evaluate("document.activeElement.id") == "address", "the search leads on to what is still to be written"
    keys.type("Jalan Merdeka, depan SD 3")
    tab_to(page, "form button:not([name]):not([type=button]), form button[name='lanjut']")
    keys.press("Enter")
    page.wait_for_url("**/kontak")
    tab_to(page, "form button:not([name]), form button[name='lanjut']")
    keys.press("Enter")
    page.wait_for_url("**/periksa")
    tab_to(page, "form button:not([name]), form button[name='lanjut']")
    keys.press("Enter")
    page.wait_for_url("**/tanda-terima")
    assert docket_in(page.locator(".figure").inner_text())


def test_a_report_in_english(quiet_city, browser):
    page = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="en-GB").new_page()
    page.goto(quiet_city.url + "/")
    page.get_by_role("link", name="Report", exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text() == "What is the problem?"
    page.locator("a[href='/lapor?jenis=lubang']").click()
    page.get_by_role("button", name="Continue").click()
    assert page.title().startswith("Error:")
    page.get_by_label("Large", exact=True).check()
    page.get_by_label("Tell what happened").fill("A hole in front of the school.")
    page.get_by_role("button", name="Continue").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Where is it?"
    page.get_by_label("Find the place").fill("Melati")
    page.get_by_role("button", name="Search").click()
    page.get_by_label("Street and landmark").fill("Jalan Merdeka")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Check, then send"
    page.get_by_role("button", name="Send").click()
    docket = docket_in(page.locator(".figure").inner_text())
    page.goto(f"{quiet_city.url}/berkas/{docket}")
    words = page.locator("main").inner_text()
    assert "working days left" in words and not re.search(r"\b(hari kerja|yang|untuk|dengan|belum)\b", words.split("How this date")[0]), words


def test_a_hall_is_booked_with_the_keyboard_alone(quiet_city, browser):
    page = browser.new_context(locale="id-ID").new_page()
    page.goto(quiet_city.url + "/layanan/sewa-gelanggang")
    keys, go_on = page.keyboard, "main form .row > button:not([name])"
    tab_to(page, "form[action$='/ajukan'] button")
    keys.press("Enter")
    page.wait_for_url("**/waktu_sewa")
    tab_to(page, "[name='waktu.apa']")
    keys.type("Lapangan B")
    tab_to(page, "button[name=lihat]")
    keys.press("Enter")
    page.wait_for_url("**/waktu_sewa#waktu")
    assert page.locator("[name='waktu.apa']").input_value() == "lapangan_b"
    tab_to(page, "input[type=radio][name=waktu]")
    keys.press("Space")
    tab_to(page, go_on)
    keys.press("Enter")
    page.wait_for_url("**/penyewa")
    tab_to(page, "#nama")
    keys.type("Warga Papan Ketik")
    tab_to(page, "#kontak")
    keys.type("0812-0000-0077")
    tab_to(page, go_on)
    keys.press("Enter")
    page.wait_for_url("**/review")
    tab_to(page, "form[action$='/review'] button")
    keys.press("Enter")
    page.wait_for_url("**/tanda-terima")
    tab_to(page, "main a.button")
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/berkas/SGO-[A-Z0-9-]+$"))
    code = re.search(r"Kode kontak: (\d{6})", quiet_city.message("+6281200000077", "Kode kontak")).group(1)
    tab_to(page, "#code")
    keys.type(code)
    keys.press("Enter")
    page.wait_for_function("!document.body.innerText.includes('Buktikan kontak Anda')")
