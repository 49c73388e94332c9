"""A bank that speaks SNAP BI: asks for a token with its private key, signs each notice with the secret that both know."""

import base64
import hashlib
import hmac
import json
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

    def token(self, url):
        at = self.now()
        signature = base64.b64encode(self.key.sign(f"banksumut|{at}".encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
        return requests.post(url + "/v1.0/access-token/b2b", json={"grantType": "client_credentials"}, headers={"X-CLIENT-KEY": "banksumut", "X-TIMESTAMP": at, "X-SIGNATURE": signature})

    def notify(self, url, bill, amount, reference, external=None, tamper=None, offset=0, status="00"):
        token = self.token(url).json()["accessToken"]
        body = json.dumps({"originalReferenceNo": reference, "originalPartnerReferenceNo": bill, "latestTransactionStatus": status, "amount": {"value": f"{amount}.00", "currency": "IDR"}}, indent=1)
        at = self.now(offset)
        minified = json.dumps(json.loads(body), separators=(",", ":"))
        text = f"POST:/v1.0/qr/qr-mpm-notify:{token}:{hashlib.sha256(minified.encode()).hexdigest()}:{at}"
        signature = base64.b64encode(hmac.new(self.secret.encode(), text.encode(), hashlib.sha512).digest()).decode()
        if tamper:
            body = tamper(body)
        headers = {"Authorization": f"Bearer {token}", "X-TIMESTAMP": at, "X-SIGNATURE": signature, "X-PARTNER-ID": "banksumut", "X-EXTERNAL-ID": external or uuid.uuid4().hex, "CHANNEL-ID": "95221", "Content-Type": "application/json"}
        return requests.post(url + "/v1.0/qr/qr-mpm-notify", data=body, headers=headers)
