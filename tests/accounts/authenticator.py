"""A passkey made of software, for tests without a browser: it answers what the panel asks (WebAuthn, ES256)."""

import hashlib
import json
import secrets

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

PRESENT, ATTESTED = 0x01, 0x40


class SoftwareKey:
    """One key pair. `counts=False` is a key that keeps no counter, as those in phones do."""

    def __init__(self, origin, *, counts=True):
        self.origin, self.counts, self.count = origin, counts, 0
        self.host = origin.split("://")[1].split(":")[0]
        self.id = secrets.token_bytes(32)
        self.private = ec.generate_private_key(ec.SECP256R1())

    def data(self, flags):
        self.count += self.counts
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def client_data(self, kind, challenge):
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def answer(self, **response):
        key = bytes_to_base64url(self.id)
        texts = {name: bytes_to_base64url(value) for name, value in response.items()}
        return json.dumps({"id": key, "rawId": key, "type": "public-key", "response": texts})

    def create(self, options):
        """The answer of `navigator.credentials.create`."""
        numbers = self.private.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        statement = {"fmt": "none", "attStmt": {}, "authData": self.data(PRESENT | ATTESTED) + attested}
        return self.answer(
            clientDataJSON=self.client_data("webauthn.create", json.loads(options)["challenge"]),
            attestationObject=cbor2.dumps(statement),
        )

    def get(self, options):
        """The answer of `navigator.credentials.get`."""
        data = self.data(PRESENT)
        asked = self.client_data("webauthn.get", json.loads(options)["challenge"])
        signature = self.private.sign(data + hashlib.sha256(asked).digest(), ec.ECDSA(SHA256()))
        return self.answer(clientDataJSON=asked, authenticatorData=data, signature=signature)
