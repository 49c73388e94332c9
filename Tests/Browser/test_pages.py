"""Every page: accessible, light, unbroken at 320 pixels, in both languages, light and dark."""

import gzip

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe

from applicant import BIRTH, apply
from conftest import report, totp

PAGES = ["/", "/lapor", "/lapor?q=lubang", "/lacak", "/lacak?nomor=LPR-26-XXXX-XXX", "/laporan", "/wilayah/99.01.01", "/kinerja", "/buku-besar", "/masuk", "/privasi", "/aksesibilitas", "/luring", "/lapor/luring", "/tidak-ada", "/berkas/{docket}", "/hitung", "/hitung/pbg", "/hitung/pbg?luas=36&lantai=1&fungsi=hunian&kompleksitas=sederhana&permanensi=permanen&kegiatan=baru&pemilik=lain", "/hitung/pbg?luas=lima", "/cari?q=bayi", "/cari?q=lubang", "/cari?q=kapal", "/antrean", "/antrean/kominfo", "/layanan", "/layanan?q=bayi", "/layanan?q=kapal", "/layanan/akta-kelahiran", "/layanan/pbg", "/layanan/pbg/formulir", "/layanan/pbg/daftar", "/berkas/{permohonan}", "/verifikasi", "/verifikasi/tidak-ada", "/saya", "/saya/kode", "/sarana", "/sarana/gelanggang", "/layanan/sewa-gelanggang", "/harga", "/harga/beras", "/ikuti/tidak-ada", "/berhenti/x/y", "/masalah/not-found"]

DESK = ["/meja?saringan=semua", "/meja?saringan=tiga-kali", "/meja/berkas/{docket}", "/meja/akun", "/meja/pejabat", "/meja/blokir", "/meja/pesan", "/meja/audit", "/loket", "/loket/antrean", "/meja/layanan", "/meja/layanan?selesai=1", "/meja/layanan?lewat=1", "/meja/permohonan/{permohonan}", "/meja/harga", "/loket/identitas", "/meja/jadwal?tempat=konsultasi"]

# What the treasurer sees.
MONEY = ["/meja/kas", "/meja/kas?kode=1", "/meja/kas/cocokkan"]


@pytest.fixture(scope="module")
def docket(quiet_city):
    done = requests.post(quiet_city.url + "/open311/v2/requests.json", data=report("Lubang besar di depan halte, dua orang jatuh."))
    return done.json()[0]["service_request_id"]


@pytest.fixture(scope="module")
def permohonan(quiet_city):
    """An application, and the session that holds its key."""
    session, docket = apply(quiet_city.url, "akta-kelahiran", BIRTH)
    return docket, session


@pytest.fixture(scope="module")
def officer(quiet_city, browser):
    """A browser that is signed in to the desk."""
    return at_the_desk(quiet_city, browser, "rani", "screener,head,clerk,administrator")


@pytest.fixture(scope="module")
def treasurer(quiet_city, browser):
    """Another: whoever is head does not hold the money."""
    return at_the_desk(quiet_city, browser, "tuti", "treasurer")


def at_the_desk(city, browser, login, roles):
    claim = city.staff(login, "kominfo", roles)
    context = browser.new_context(locale="id-ID")
    page = context.new_page()
    page.goto(city.url + claim)
    secret = page.locator("form .code").first.inner_text()
    page.locator("#code").fill(totp(secret))
    page.locator("#password").fill("kuda nil makan rumput")
    page.get_by_role("button", name="Simpan").click()
    return context


def faults(page):
    for details in page.locator("details").all():
        details.evaluate("element => element.open = true")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).response["violations"]
    return [f"{fault['id']}: {fault['help']} {[node['html'][:150] for node in fault['nodes'][:2]]}" for fault in found] + page.evaluate(OWN_FAULTS)


# What axe does not know: a notice lays its parts side by side, so that it holds an icon and one thing more; and the summary of faults
# leads to each of them.
OWN_FAULTS = """() => {
    const things = box => [...box.childNodes].filter(node => node.nodeType === 3 ? node.data.trim() : !node.matches(".i"));
    const crowded = [...document.querySelectorAll(".notice")].filter(box => things(box).length > 1).map(box => "crowded: " + box.outerHTML);
    const dead = [...document.querySelectorAll("#galat a")].filter(link => !document.getElementById(link.hash.slice(1))).map(link => "dead: " + link.outerHTML);
    return [...crowded, ...dead];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_has_a_fault_that_axe_finds(quiet_city, browser, docket, permohonan, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce", locale="id-ID")
    page = context.new_page()
    messages = []
    page.on("console", lambda message: messages.append(message.text) if message.type == "error" and "status of 4" not in message.text else None)
    found = {}
    for path in PAGES:
        page.goto(quiet_city.url + path.format(docket=docket, permohonan=permohonan[0]), wait_until="networkidle")
        if these := faults(page):
            found[path] = these
    page.goto(quiet_city.url + "/lapor?jenis=lubang")
    if these := faults(page):
        found["lapor"] = these
    page.get_by_label("Besar", exact=True).check()
    page.get_by_label("Ceritakan apa yang terjadi").fill("Lubang besar di depan halte, sejak Senin.")
    page.get_by_role("button", name="Lanjut").click()
    page.wait_for_url("**/lokasi")
    for step in ["masalah", "lokasi", "kontak", "periksa"]:
        page.goto(page.url.rsplit("/", 1)[0] + "/" + step, wait_until="networkidle")
        if these := faults(page):
            found[step] = these
    page.goto(quiet_city.url + "/layanan/akta-kelahiran")
    page.get_by_role("button", name="Ajukan sekarang").click()
    page.get_by_role("button", name="Lanjut", exact=True).click()
    for step in ["anak?periksa=1", "orang_tua", "bukti?periksa=1", "pelapor", "review", "saved"]:
        page.goto(page.url.rsplit("/", 1)[0] + "/" + step, wait_until="networkidle")
        if these := faults(page):
            found[step] = these
    docket, session = permohonan
    for cookie in session.cookies:
        context.add_cookies([{"name": cookie.name, "value": cookie.value, "url": quiet_city.url + cookie.path}])
    for path in [f"/berkas/{docket}", f"/berkas/{docket}/tanda-terima"]:
        page.goto(quiet_city.url + path, wait_until="networkidle")
        assert "Isinya hanya untuk pemohon" not in page.content(), "this is the applicant's own view"
        if these := faults(page):
            found["own " + path] = these
    assert not found
    assert not messages, "nothing that the security policy stops"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_desk_has_no_fault_that_axe_finds(quiet_city, officer, treasurer, docket, permohonan, width, scheme):
    pages = [context.new_page() for context in (treasurer, officer)]
    for page in pages:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
    found = {}
    for page, path in [(pages[0], path) for path in MONEY] + [(pages[1], path) for path in DESK]:
        page.goto(quiet_city.url + path.format(docket=docket, permohonan=permohonan[0]), wait_until="networkidle")
        if these := faults(page):
            found[path] = these
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert "&lt;" not in page.content(), f"{path}: markup is shown as text"
    assert page.goto(quiet_city.url + "/meja?saringan=semua") and page.locator("tbody tr").count() > 0
    assert not found


def test_no_page_scrolls_sideways_at_320_pixels(quiet_city, browser, docket, permohonan):
    for language in ["id-ID", "en-GB"]:
        page = browser.new_context(viewport={"width": 320, "height": 640}, locale=language).new_page()
        for path in PAGES:
            page.goto(quiet_city.url + path.format(docket=docket, permohonan=permohonan[0]), wait_until="networkidle")
            page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            assert page.locator(".logo").first.bounding_box()["width"] == 40, f"{path}: the logo keeps its size"


@pytest.mark.parametrize("width", [320, 360])
def test_the_roof_of_the_desk_has_room_for_everything(quiet_city, officer, width):
    page = officer.new_page()
    page.set_viewport_size({"width": width, "height": 640})
    for language in ["en", "id"]:
        page.goto(f"{quiet_city.url}/bahasa/{language}?ke=/meja")
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator(".logo").bounding_box()["width"] == 40
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_every_page_speaks_both_languages(quiet_city, docket, permohonan):
    for path in PAGES:
        pages = {language: requests.get(quiet_city.url + path.format(docket=docket, permohonan=permohonan[0]), cookies={"bahasa": language}).text for language in ("id", "en")}
        for language, text in pages.items():
            assert f'<html lang="{language}"' in text, path
        assert pages["id"] != pages["en"], path
        assert "&lt;" not in pages["id"].replace("&lt;5", ""), f"{path}: markup is shown as text"


def test_pages_are_within_their_weight(quiet_city, docket, permohonan):
    css = requests.get(quiet_city.url + "/").text.split('rel="stylesheet" href="')[1].split('"')[0]
    style = len(gzip.compress(requests.get(quiet_city.url + css).content))
    assert style <= 9_000
    for path in PAGES:
        page = len(gzip.compress(requests.get(quiet_city.url + path.format(docket=docket, permohonan=permohonan[0])).content))
        assert page + style <= 14_000, f"{path}: {page} + {style}"


def test_the_keyboard_alone_reaches_content_first(quiet_city, browser):
    page = browser.new_context(locale="id-ID").new_page()
    page.goto(quiet_city.url + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Langsung ke isi"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"


def test_a_mistake_is_told_first_and_leads_to_its_field(quiet_city, browser):
    page = browser.new_context(locale="id-ID").new_page()
    page.goto(quiet_city.url + "/lapor?jenis=lubang")
    page.get_by_role("button", name="Lanjut").click()
    assert page.evaluate("document.activeElement.id") == "galat"
    page.locator("#galat a", has_text="Ceritakan").click()
    assert page.url.endswith("#story")


def test_a_refused_form_offers_no_link_that_throws_away_what_was_typed(quiet_city, browser):
    page = browser.new_context(locale="id-ID").new_page()
    page.goto(quiet_city.url + "/wilayah/99.01.01")
    assert page.get_by_role("link", name="English").count() == 1
    page.locator("form[action$='/ikuti'] button").click()
    assert page.url.endswith("/wilayah/99.01.01/ikuti") and page.locator("#galat").is_visible()
    assert page.get_by_role("link", name="English").count() == 0
    page.goto(page.url)
    assert page.url.endswith("/wilayah/99.01.01"), "its address, reloaded, is the page on which it stands"


def test_a_program_that_asks_for_the_address_of_an_act_is_told_how_to_send(quiet_city):
    answer = requests.get(quiet_city.url + "/api/v1/services/pbg/drafts")
    assert (answer.status_code, answer.headers["Allow"], answer.json()["status"]) == (405, "POST", 405)
