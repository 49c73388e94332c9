"""A bank that speaks SNAP BI: asks for a token with its private key, signs each notice with the secret that both know."""

import base64
import hashlib
import hmac
import json
import re
import time
import uuid

import requests
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa


class Bank:
    """The bank."""

    def __init__(self, folder):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.secret = "rahasia-uji-coba-2027"
        public = folder / "bank.pem"
        public.write_bytes(self.key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
        self.setting = f"banksumut:{self.secret}:{public}"

    def now(self, offset=0):
        return time.strftime("%Y-%m-%dT%H:%M:%S+07:00", time.gmtime(time.time() + 7 * 3600 + offset))

    def credentials(self):
        """What a request for a token is signed with."""
        at = self.now()
        signature = base64.b64encode(self.key.sign(f"banksumut|{at}".encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
        return {"X-CLIENT-KEY": "banksumut", "X-TIMESTAMP": at, "X-SIGNATURE": signature}

    def token(self, url):
        return requests.post(url + "/v1.0/access-token/b2b", json={"grantType": "client_credentials"}, headers=self.credentials())

    def signed(self, path, body, token, offset=0, external=None):
        """The headers of a notice: its signature is over the body without white space."""
        at = self.now(offset)
        minified = re.sub(rb'("(?:[^"\\]|\\.)*")|\s+', lambda found: found.group(1) or b"", body)
        text = f"POST:{path}:{token}:{hashlib.sha256(minified).hexdigest()}:{at}"
        signature = base64.b64encode(hmac.new(self.secret.encode(), text.encode(), hashlib.sha512).digest()).decode()
        return {"Authorization": f"Bearer {token}", "X-TIMESTAMP": at, "X-SIGNATURE": signature, "X-PARTNER-ID": "banksumut", "X-EXTERNAL-ID": external or uuid.uuid4().hex, "CHANNEL-ID": "95221", "Content-Type": "application/json"}

    def notify(self, url, bill, amount, reference, external=None, tamper=None, offset=0, status="00"):
        path = "/v1.0/qr/qr-mpm-notify"
        body = json.dumps({"originalReferenceNo": reference, "originalPartnerReferenceNo": bill, "latestTransactionStatus": status, "amount": {"value": f"{amount}.00", "currency": "IDR"}}, indent=1)
        headers = self.signed(path, body.encode(), self.token(url).json()["accessToken"], offset, external)
        return requests.post(url + path, data=tamper(body) if tamper else body, headers=headers)
