"""What a reporter is told about their own data: who looked at it, and why it stays."""

import re
import uuid

import requests

from applicant import token
from conftest import City, docket_in
from staff import Staff


def filed(city, **more):
    """A report of somebody without a contact; their session holds its key."""
    session = requests.Session()
    page = session.get(city.url + "/lapor/luring")
    fields = {"token": token(page), "kunci": str(uuid.uuid4()), "category": "lubang", "answer-lubang-ukuran": "besar", "story": "Lubang besar di depan sekolah.", "subdistrict": "99.01.01.1002", "address": "Jalan Merdeka 3", **more}
    return session, docket_in(session.post(city.url + "/lapor/luring", data=fields, files=[("tidak-ada", ("", b""))]).text)


def test_a_report_before_police_or_court_is_kept_and_its_reporter_reads_why(city):
    reporter, docket = filed(city)
    rani = Staff(city, "rani", "kominfo", "screener")
    case, desk = f"/berkas/{docket}", f"/meja/berkas/{docket}"
    menu = re.search(r'<select id="reason".*?</select>', rani.get(desk).text, re.S).group(0)
    assert '<option value="" selected>Pilih satu' in menu and menu.count(" selected") == 1
    unsaid = rani.post(desk + "/tutup", rani.get(desk), reason="", **{"text-tutup": "Polisi memeriksanya."})
    assert unsaid.status_code == 422 and "Pilih sebabnya" in unsaid.text and 'aria-describedby="reason-salah"' in unsaid.text, "no reason is chosen for anybody"
    closed = rani.post(desk + "/tutup", rani.get(desk), reason="in-court", **{"text-tutup": "Polisi memeriksanya."})
    assert closed.ok and "Perkara selesai: tutup dengan sebab lain" in closed.text and 'value="in-court"' not in closed.text
    page = reporter.get(city.url + case)
    assert "sedang diperiksa polisi atau pengadilan" in page.text and "UU 43/2009 ps. 51 ayat (1) huruf d" in page.text
    assert "Hapus data pribadi saya" not in page.text
    refused = reporter.post(city.url + case + "/penghapusan", data={"token": token(page), "yakin": "ya"})
    assert refused.status_code == 409 and "belum boleh dihapus" in refused.text
    told = city.command("erase", docket, "--basis", "UU 27/2022 ps. 8", check=False)
    assert told.returncode == 1 and "closed the report for another reason" in told.stderr
    rani.post(desk + "/tutup", rani.get(desk), reason="case-over", **{"text-tutup": "Perkaranya sudah putus."})
    page = reporter.get(city.url + case)
    assert "Perkara di polisi atau pengadilan sudah selesai" in page.text
    assert "Hapus data pribadi saya" in page.text and "belum boleh dihapus" not in page.text
    unsure = reporter.post(city.url + case + "/penghapusan", data={"token": token(page)})
    assert unsure.status_code == 422 and "Centang “Saya yakin”" in unsure.text and "<details open" in unsure.text
    assert "Data pelapor sudah dihapus" in reporter.post(city.url + case + "/penghapusan", data={"token": token(page), "yakin": "ya"}).text


def test_whoever_opens_a_confidential_report_is_named_to_its_reporter(city):
    reporter, docket = filed(city, story="Petugas parkir bernama Anu meminta seratus ribu.", confidential="ya")
    case, desk = f"{city.url}/berkas/{docket}", f"/meja/berkas/{docket}"
    assert "Belum ada yang tercatat membukanya" in reporter.get(case).text
    rani = Staff(city, "rani", "kominfo", "screener")
    for _ in range(2):
        assert "bernama Anu" in rani.get(desk).text
    page = reporter.get(case).text
    assert page.count("Membuka laporan rahasia ini") == 1 and ", Kominfo<" in page, "once a day for each officer"
    rani.post(desk + "/data-pelapor", rani.get(desk), purpose="contact")
    assert "Menghubungi pelapor" in reporter.get(case).text
    other = Staff(city, "sari", "kominfo", "screener")
    other.get(desk)
    assert reporter.get(case).text.count("Membuka laporan rahasia ini") == 2
    privacy = requests.get(city.url + "/privasi").text
    assert "laporan rahasia (sekali sehari tiap petugas)" in privacy
    assert "UU 14/2008 ps. 11 ayat (1) huruf b" in privacy and "ps. 15 ayat (1) huruf b, UU 43/2009 ps. 51 ayat (1) huruf d" in privacy


def test_the_privacy_page_says_when_data_goes_by_time_or_that_nobody_has_said(city):
    page = requests.get(city.url + "/privasi").text
    assert "1825 hari setelah laporan ditangani, dan 365 hari" in page and "belum menetapkan" not in page
    medan = City(pack="medan").start()
    try:
        page = requests.get(medan.url + "/privasi").text
        assert page.count("tidak ada yang dihapus karena waktu") == 2 and "dengan sendirinya" not in page
    finally:
        medan.stop()


def test_a_report_that_ended_says_what_became_of_its_deadline_and_counts_no_more(city):
    rani = Staff(city, "rani", "kominfo", "screener")
    reporter, closed = filed(city)
    assert "Dipenuhi pada" not in reporter.get(f"{city.url}/berkas/{closed}").text
    rani.post(f"/meja/berkas/{closed}/tutup", rani.get(f"/meja/berkas/{closed}"), reason="not-found", **{"text-tutup": "Tidak ada lubang."})
    page, desk = reporter.get(f"{city.url}/berkas/{closed}").text, rani.get(f"/meja/berkas/{closed}").text
    for shown in (page, desk):
        assert re.search(r"Diputuskan pada [^,]+, dalam tenggat \d", shown) and "Dipenuhi" not in shown and "Sisa" not in shown, "nothing was fixed"
    assert "Diputuskan sebelum tenggat" in page and "Selesai sebelum tenggat" not in page
    assert page.count("Tepat waktu, ") == 2 and "Berjalan<" not in page, "each promise whose clock began"
    withdrawer, withdrawn = filed(city, story="Lubang lain di belakang pasar.")
    page = withdrawer.get(f"{city.url}/berkas/{withdrawn}")
    unsure = withdrawer.post(f"{city.url}/berkas/{withdrawn}/penarikan", data={"token": token(page)})
    assert unsure.status_code == 422 and 'href="#yakin-penarikan"' in unsure.text, "not by one press"
    assert withdrawer.post(f"{city.url}/berkas/{withdrawn}/penarikan", data={"token": token(page), "yakin": "ya"}).ok
    desk = rani.get(f"/meja/berkas/{withdrawn}").text
    assert re.search(r"Berkas berakhir pada [^,]+, sebelum tenggat \d", desk) and "Dipenuhi" not in desk
    rows = rani.get("/meja?saringan=semua&ended=1").text
    assert "Tepat waktu, " in rows and "Berakhir " in rows and "Tidak ada tenggat" not in rows


def test_what_is_not_recorded_of_a_public_report_is_said(city):
    reporter, docket = filed(city)
    rani = Staff(city, "rani", "kominfo", "screener")
    assert "Lubang besar" in rani.get(f"/meja/berkas/{docket}").text
    page = reporter.get(f"{city.url}/berkas/{docket}").text
    assert "Belum ada yang tercatat membukanya" in page and "balasan Anda dibaca petugas tanpa dicatat" in page
