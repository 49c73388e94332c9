"""What other programs read and write, and what they get for bad input."""

import datetime
import socket
import xml.etree.ElementTree as ElementTree

import feedparser
import pytest
import requests
from georeport import GeoReport

from conftest import API_KEY, report


def file(city, **more):
    return requests.post(city.url + "/open311/v2/requests.json", data=report(**{"text": "Lubang besar di depan halte lama.", **more}))


def test_open311_files_and_reads_the_same_request_in_both_formats(city):
    done = file(city)
    assert done.status_code == 200
    docket = done.json()[0]["service_request_id"]
    found = requests.get(f"{city.url}/open311/v2/requests/{docket}.json").json()
    assert len(found) == 1 and found[0]["status"] == "open" and found[0]["service_code"] == "lubang"
    assert found[0]["expected_datetime"].endswith("+07:00")
    tree = ElementTree.fromstring(requests.get(f"{city.url}/open311/v2/requests/{docket}.xml").content)
    assert tree.tag == "service_requests" and tree.find("request/service_request_id").text == docket
    assert docket in [item["service_request_id"] for item in requests.get(city.url + "/open311/v2/requests.json", params={"status": "open"}).json()]
    assert requests.get(f"{city.url}/open311/v2/tokens/{docket}.json").json()[0]["service_request_id"] == docket


@pytest.mark.parametrize("form", ["json", "xml"])
def test_somebody_elses_client_reads_the_city(city, form):
    """The `georeport` client from PyPI, as it comes."""
    client = GeoReport(city.url + "/open311/v2", jurisdiction="contoh", output_format=form)
    codes = [service["service_code"] for service in client.get_service_list()]
    assert "lubang" in codes
    definition = client.get_service_definition("lubang")
    assert definition["service_code"] == "lubang" and definition["attributes"]
    done = requests.post(city.url + "/open311/v2/requests.json", data=report("Lubang yang dibaca klien orang lain."))
    docket = done.json()[0]["service_request_id"]
    assert client.get_service_request(docket)["description"] == "Lubang yang dibaca klien orang lain."
    found = client.get_service_requests(service_code="lubang", status="open")
    assert docket in str(found)


def test_open311_never_shows_who_reported(quiet_city):
    docket = file(quiet_city, text="Lubang besar dekat pasar, banyak genangan.", first_name="Siti", last_name="Rahasia", email="siti@contoh.example", phone="").json()[0]["service_request_id"]
    for path in [f"/open311/v2/requests/{docket}.json", f"/open311/v2/requests/{docket}.xml", f"/berkas/{docket}", "/data/laporan.csv", "/laporan/feed.atom", "/laporan/peta.json"]:
        assert "siti" not in requests.get(quiet_city.url + path).text.lower(), path


def test_open311_sent_twice_is_one_request(quiet_city):
    text = "Lubang yang sama, dikirim dua kali oleh klien."
    assert file(quiet_city, text=text).json() == file(quiet_city, text=text).json()


@pytest.mark.parametrize("change, status", [({"api_key": ""}, 400), ({"api_key": "salah"}, 403), ({"service_code": "tidak-ada"}, 404), ({"service_code": ""}, 400), ({"lat": "0", "long": "0"}, 400), ({"lat": "NaN", "long": "x"}, 400), ({"jurisdiction_id": "lain"}, 404), ({"attribute[ukuran]": ""}, 400)])
def test_open311_refuses_in_its_own_form(quiet_city, change, status):
    data = {**report("Laporan yang tidak lengkap atau salah."), **change}
    answer = requests.post(quiet_city.url + "/open311/v2/requests.json", data=data)
    assert answer.status_code == status
    assert answer.json()[0]["code"] == status and answer.json()[0]["description"]
    tree = ElementTree.fromstring(requests.post(quiet_city.url + "/open311/v2/requests.xml", data=data).content)
    assert tree.find("error/code").text == str(status)


def test_open311_services_have_definitions(quiet_city):
    services = requests.get(quiet_city.url + "/open311/v2/services.json").json()
    pothole = next(service for service in services if service["service_code"] == "lubang")
    assert pothole["metadata"] is True
    definition = requests.get(quiet_city.url + "/open311/v2/services/lubang.json").json()
    assert definition["attributes"][0]["datatype"] == "singlevaluelist"
    assert requests.get(quiet_city.url + "/open311/v2/services/tidak-ada.xml").status_code == 404
    assert requests.get(quiet_city.url + "/open311/discovery.json").json()["endpoints"][0]["formats"] == ["text/xml", "application/json"]


def test_updates_tell_what_happened(quiet_city):
    docket = file(quiet_city, text="Lubang di tikungan, gelap kalau malam.").json()[0]["service_request_id"]
    updates = requests.get(quiet_city.url + "/open311/v2/servicerequestupdates.json").json()
    assert "OPEN" in [update["status"] for update in updates if update["service_request_id"] == docket]
    answer = requests.post(quiet_city.url + "/open311/v2/servicerequestupdates.json", data={"api_key": API_KEY, "service_request_id": docket, "update_id": "u1", "status": "OPEN", "description": "Masih ada."})
    assert answer.json()[0]["update_id"] == "u1"


def test_feeds_are_atom_and_are_not_sent_twice(quiet_city):
    file(quiet_city, text="Lubang untuk kabar Atom, di depan pasar.")
    answer = requests.get(quiet_city.url + "/laporan/feed.atom")
    feed = feedparser.parse(answer.content)
    assert not feed.bozo and feed.entries
    assert requests.get(quiet_city.url + "/laporan/feed.atom", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_security_headers_are_on_every_answer(quiet_city):
    for path in ["/", "/tidak-ada", "/open311/v2/services.json", "/healthz"]:
        headers = requests.get(quiet_city.url + path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"] and "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Server" not in headers


def test_a_form_without_its_token_is_refused(quiet_city):
    start = requests.get(quiet_city.url + "/lapor?jenis=lubang", allow_redirects=True)
    answer = requests.post(start.url, data={"story": "x" * 20, "token": "palsu"}, cookies=start.cookies)
    assert answer.status_code == 403 and "Muat ulang" in answer.text


@pytest.mark.parametrize("raw", [
    b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 40000 + b"\r\n\r\n",
    b"POST /masuk HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 20\r\n\r\n--x\r\nbroken\r\n\r\nabcd--",
    b"POST /masuk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    b"POST /masuk HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 4\r\n\r\na=%F",
    b"POST /masuk HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n",
    b"POST /masuk HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: 1\r\n\r\na",
    b"\x00\xff\xfe\r\n\r\n",
])
def test_broken_requests_are_refused_and_the_city_stays_open(quiet_city, raw):
    with socket.create_connection(("127.0.0.1", quiet_city.port), timeout=10) as connection:
        connection.sendall(raw)
        answer = connection.recv(4096)
    assert not answer or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4")), answer[:100]
    assert requests.get(quiet_city.url + "/").ok


@pytest.mark.parametrize("path", ["/berkas/LPR-26-XXXX-XXX", "/berkas/%00", "/wilayah/x'--", "/aset/../../etc/passwd", "/ledger/tile/../keys", "/berkas/LPR-26-XXXX-XXX/foto/zz", "/lapor/x/y", "/kinerja?tahun=99999", "/laporan?hal=-5&cari=%27%22%3C", "/laporan?cari=%25%25"])
def test_strange_addresses_get_a_page_in_words(quiet_city, path):
    answer = requests.get(quiet_city.url + path)
    assert answer.status_code in (200, 400, 404), path
    assert answer.content


def test_problems_for_programs_are_problem_details(quiet_city):
    answer = requests.get(quiet_city.url + "/ledger/receipts/LPR-26-XXXX-XXX", headers={"Accept": "application/json"})
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 404 and answer.json()["instance"].startswith("urn:uuid:")


def test_logs_hold_no_numbers_names_or_tokens(quiet_city):
    docket = file(quiet_city, text="Laporan untuk memeriksa log, dengan nama.", first_name="Zubaidah", phone="081299998888").json()[0]["service_request_id"]
    requests.get(f"{quiet_city.url}/berkas/{docket}?kunci=rahasia-sekali")
    log = (quiet_city.data / "log").read_text()
    for secret in [docket, "Zubaidah", "99998888", "rahasia-sekali"]:
        assert secret not in log


def test_a_search_of_several_words_is_read_as_the_browser_writes_it(quiet_city):
    file(quiet_city, text="Lubang sedalam lutut, persis di tengah jalan.")
    found = requests.get(quiet_city.url + "/laporan?cari=sedalam+lutut").text
    assert 'value="sedalam lutut"' in found and "persis di tengah" not in requests.get(quiet_city.url + "/laporan?cari=lutut+yang+tidak+ada").text
    yesterday = (datetime.date.today() - datetime.timedelta(days=1)).isoformat()
    assert requests.get(f"{quiet_city.url}/open311/v2/requests.json?start_date={yesterday}T00:00:00+07:00").json()
