"""More than the city can take at one moment."""

import asyncio
import concurrent.futures
import http.client
import json
import resource
import time
import urllib.parse
import uuid

from conftest import report

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def crowd(port, people):
    """See `crowd_at`; in a thread of its own, since a browser's loop may be running in this one."""
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(crowd_at(port, people))).result()


async def crowd_at(port, people):
    """Every one of so many people sends a report at the same moment. Gives how many were taken, how many were told to come back,
    how long until the last was answered, and how long a single report takes right after."""

    async def one(number, gate):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        body = urllib.parse.urlencode(report(f"Laporan serentak {number} {uuid.uuid4()}.")).encode()
        head = f"POST /open311/v2/requests.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        await gate.wait()
        writer.write(head + body)
        answer = await reader.read()
        writer.close()
        status = int(answer.split(b" ", 2)[1])
        docket = json.loads(answer.split(b"\r\n\r\n", 1)[1])[0]["service_request_id"] if status < 300 else None
        return status, b"retry-after" in answer.split(b"\r\n\r\n", 1)[0].lower(), docket

    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    gate = asyncio.Event()
    tasks = [asyncio.create_task(one(number, gate)) for number in range(people)]
    await asyncio.sleep(2)
    start = time.monotonic()
    gate.set()
    answers = await asyncio.gather(*tasks)
    wall = time.monotonic() - start
    taken = [docket for status, _, docket in answers if status < 300]
    refused = [(status, again) for status, again, _ in answers if status >= 300]
    assert all(status == 503 and again for status, again in refused), f"refused otherwise: {set(refused)}"
    connection = http.client.HTTPConnection("127.0.0.1", port)
    start = time.monotonic()
    connection.request("POST", "/open311/v2/requests.json", urllib.parse.urlencode(report("Sesudah keramaian.")), FORM)
    assert connection.getresponse().read()
    after = time.monotonic() - start
    for docket in taken:
        connection.request("GET", f"/open311/v2/requests/{docket}.json")
        answer = connection.getresponse()
        assert answer.status == 200 and docket in answer.read().decode(), f"{docket} was taken and is not there"
    return {"taken": len(taken), "refused": len(refused), "seconds": wall, "after": after * 1000}
