"""A fault that ends the city costs a second: its parent starts it again, says what it was, and refuses the same for a minute."""

import os
import pathlib
import signal
import socket
import struct
import subprocess

import pytest
import requests

from conftest import BINARY, City, wait_until


@pytest.fixture
def city():
    city = City().start()
    yield city
    city.stop()


def log(city):
    return (city.data / "log").read_text()


def upload(city, text=b"Cerita"):
    """Begins to send a report and stops in the middle: a request that is under way."""
    connection = socket.create_connection(("127.0.0.1", city.port), timeout=30)
    body = b'--x\r\nContent-Disposition: form-data; name="story"\r\n\r\n' + text
    connection.sendall(b"POST /lapor/luring HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n" + body)
    return connection


def under_way(city):
    """How much has arrived of each request that is being answered, as the city notes it for its parent."""
    memory = next(link for link in pathlib.Path(f"/proc/{city.process.pid}/fd").iterdir() if "balai-requests" in str(link.readlink()))
    noted = memory.read_bytes()
    return [struct.unpack_from("<q", noted, start + 16)[0] for start in range(64, len(noted), 256) if noted[start]]


def bytes_under_way(city):
    return max(under_way(city), default=0)


def ended_by(city, number, connection):
    before = city.child
    wait_until(lambda: bytes_under_way(city))
    os.kill(before, number)
    wait_until(lambda: city.child not in (None, before))
    connection.close()
    city.wait()


@pytest.mark.parametrize("number", [signal.SIGILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL])
def test_the_city_is_there_again_and_says_which_route_it_was(city, number):
    ended_by(city, number, upload(city))
    assert city.process.poll() is None, "the parent is the same"
    assert f"by signal {int(number)} " in log(city) and "POST /lapor/luring" in log(city)
    assert 'balai_restarts_total{route="/lapor/luring",method="POST"} 1' in requests.get(city.url + "/metrics").text
    assert requests.get(city.url + "/healthz").text == "ok\n"


def test_the_same_request_is_refused_for_a_minute_and_others_are_not(city):
    ended_by(city, signal.SIGILL, upload(city))
    connection = upload(city)
    connection.sendall(b"x" * 100000)
    answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 503") and b"retry-after: 60" in answer.lower()
    other = upload(city, b"Lubang besar")
    other.sendall(b"\r\n--x--\r\n" + b"x" * 100000)
    assert not other.recv(65536).startswith(b"HTTP/1.1 503")
    assert requests.get(city.url + "/lapor/luring").ok


def test_what_ended_the_city_before_its_body_was_read_refuses_no_other_form_of_the_same_address(city):
    before, connection = city.child, socket.create_connection(("127.0.0.1", city.port), timeout=30)
    connection.sendall(b"POST /lapor/luring HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n")
    wait_until(lambda: under_way(city))
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: city.child not in (None, before))
    connection.close()
    city.wait()
    assert "POST /lapor/luring" in log(city)
    other = upload(city, b"Lubang besar")
    other.sendall(b"\r\n--x--\r\n" + b"x" * 100000)
    assert not other.recv(65536).startswith(b"HTTP/1.1 503")


def test_nothing_private_of_a_request_is_noted(city):
    connection = socket.create_connection(("127.0.0.1", city.port), timeout=30)
    connection.sendall(b"POST /masuk?ke=/berkas/LPR-26-XXXX-XXX&kunci=rahasia-siti HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 99\r\n\r\nlogin=Zub")
    ended_by(city, signal.SIGSEGV, connection)
    for secret in ["XXXX", "rahasia", "siti", "Zub"]:
        assert secret not in log(city)


def test_the_child_ends_with_its_parent_and_the_address_is_free(city):
    child = city.child
    city.kill()
    wait_until(lambda: not pathlib.Path(f"/proc/{child}").exists() or "Z" in pathlib.Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1].split()[0])
    city.start()
    assert requests.get(city.url + "/").ok


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_stops_the_child_in_order(city, number):
    child = city.child
    city.process.send_signal(number)
    assert city.process.wait(timeout=30) == 0
    assert not pathlib.Path(f"/proc/{child}").exists()


def test_a_city_that_cannot_start_says_why_once(city):
    done = subprocess.run([BINARY, "serve", "--city", "tidak-ada", "--data", str(city.data / "x"), "--port", "1"], capture_output=True, text=True, timeout=60, env=city.environment)
    assert done.returncode == 1 and done.stderr.count("fault(s)") == 1, done.stderr


def test_an_address_that_is_taken_is_said_and_not_tried_for_ever(city):
    other = City()
    done = subprocess.run([BINARY, "serve", *other.options(), "--port", str(city.port)], capture_output=True, text=True, timeout=60, env=other.environment)
    assert done.returncode != 0 and "is open" not in done.stdout
