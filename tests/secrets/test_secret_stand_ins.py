"""A value made by hand is no secret, and the generated one that looks most like it still is."""

import pytest

from sotctl.secrets import scan, scan_path

pytestmark = pytest.mark.usefixtures("either_engine")

MIXED = "aB3dE6gH9k"
UUID = "93f0ca75-29f0-4d0f-a6bd-" + "949dc076b735"

PAIRS = {
    "counted in turns": (
        "API_" + "KEY=a1B2c3D4" + "e5F6g7H8" + "i9J0k1L2",
        "API_" + "KEY=a7B2c9D4" + "e1F6g3H8" + "i5J0k8L2",
    ),
    "counted with gaps": (
        "API_" + "KEY=persona_" + "sandbox_abc123def456" + "ghi789jkl012mno345",
        "API_" + "KEY=persona_" + "sandbox_abc183dnf456" + "gri749jkl512mxo345",
    ),
    "counted down": (
        "1000." + "0123456789abcdef" * 2 + "." + "fedcba9876543210" * 2,
        "1000." + "0a7b2c9d" * 4 + "." + "1f8e3d6c" * 4,
    ),
    "a key held down": (
        "sgp_" + "5555555dAAAAA777" + "7777CcccCFaaaaaaaaaaaaaa",
        "sgp_" + "5a3555dA7A2A1747" + "b7c7Ce2cCF1aba3acadaea4a",
    ),
    "a run that no generator makes": (
        "xoxc-" + "8" * 12 + "-" + "7" * 12 + "-" + "0a1b2c3d" * 8,
        "xoxc-" + "8241736590" + "-" + "7305816294" + "-" + "0a1b2c3d" * 8,
    ),
    "three digits of a large alphabet": ("GR1348941" + "12312312312312312312", "GR1348941" + "12a1231c312e31231f12"),
    "bytes in order": (
        "xoxd-" + "AAECAwQFBgcICQoLDA0O" + "DxAREhMUFRYXGBkaGxwdHh8",
        "xoxd-" + "ABECAwRFBgcJCQoLEA0O" + "DxBREhNUFRZXGBlaGxxdHh8",
    ),
    "a web token without a signature": (
        "API_" + "TOKEN=" + "eyJhbGciOi" + "JIUzI1NiJ9" + ".eyJzdWIiOiJvdGhlciJ9.signature",
        "API_" + "TOKEN=" + "eyJhbGciOi" + "JIUzI1NiJ9" + ".eyJzdWIiOiJvdGhlciJ9." + MIXED * 4 + "abc",
    ),
    "an identifier and a word": (
        "FAL_" + "KEY=" + UUID + ":short",
        "FAL_" + "KEY=" + UUID + ":" + "050e76eaee2f17db" * 2,
    ),
    "a signature": ("CloudFront-" + "Signature: " + MIXED * 9, "CloudFront-" + "Secret: " + MIXED * 9),
    "the vendor's own key": (
        "api" + 'Key: "6fe4476e' + "e5a18328" + '82e326b506d14126"',
        "api" + 'Key: "6fe4476e' + "e5a18328" + '82e326b506d14127"',
    ),
    "the manual's password": (
        '<add key="ClearText' + 'Password" ' + 'value="33f!!lloppa" />',
        '<add key="ClearText' + 'Password" ' + 'value="33f!!lloppb" />',
    ),
    "a key for web pages": (
        "MIDTRANS_CLIENT_" + "KEY=SB-Mid-" + "client-Xk93" + "PcDP8pMKfhY2",
        "MIDTRANS_CLIENT_" + "KEY=SB-Mid-" + "server-Xk93" + "PcDP8pMKfhY2",
    ),
    "too short for its vendor": (
        "BITBUCKET_" + "TOKEN = " + '"BB' + "DC-O7d+nO4V" + 'ZlDwGUEBKscb"',
        "BITBUCKET_" + "TOKEN = " + '"BB' + "DC-" + MIXED * 4 + 'aB3d"',
    ),
    "more than its vendor gives": (
        "APIFY_TOKEN=apify_" + "api_" + MIXED * 3 + "aB3dE6_extra",
        "APIFY_TOKEN=apify_" + "api_" + MIXED * 3 + "aB3dE6",
    ),
    "half of what its vendor gives": (
        "SALESFORCE_ACCESS_" + "TOKEN=00DE0" + "X0A0M0PeLE!short",
        "SALESFORCE_ACCESS_" + "TOKEN=00DE0" + "X0A0M0PeLE!" + MIXED * 9,
    ),
    "another form than its vendor's": (
        'Authorization: "ApiKey-v1 gcn' + "tfy-mail-not-a-uuid-" + UUID + '"',
        'Authorization: "ApiKey-v1 gcn' + "tfy-mail-" + UUID + "-" + UUID + '"',
    ),
    "a key typed by hand": (
        "sk-ant-" + "api03-abc123xyz-456def789ghij-klmnopqrstuvwx-345" + "6yza789bcde-1234fghijklmnop",
        "sk-ant-" + "api03-" + MIXED * 6,
    ),
    "a sample of Tailscale's": (
        "tskey-" + "auth-abcDEF1CNTRL-0912345678" + "90ABCDEF",
        "tskey-" + "auth-abcDEF1CNTRL-" + MIXED * 2,
    ),
    "a message in Fernet": ("gAAAA" + "AB" + "dHkoqb9ZaJ" * 9 + "abc==", "gAAAA" + "AB" + "dHkoqb9ZaJ" * 18 + "=="),
    "the word test before a token": (
        'x = "task_te' + "st_ycyo0ykngdfas6rmpzx" + 'ijl66u317he"',
        'x = "te' + "st_ycyo0ykngdfas6rmpzx" + 'ijl66u317he"',
    ),
    "a private key of a word": (
        "-----BEGIN " + "PRIVATE KEY-----\nanything\n-----END " + "PRIVATE KEY-----",
        "-----BEGIN " + "PRIVATE KEY-----\n" + MIXED * 4 + "\n-----END " + "PRIVATE KEY-----",
    ),
    "hosts of examples": (
        "postgresql://ada:hunt" + "er2@example.com,db.example.net/app",
        "postgresql://ada:hunt" + "er2@example.com,db.internal/app",
    ),
    "the word password with a sign": (
        "https://ada:pass:" + "word@db.internal/",
        "https://ada:pass:" + "wird@db.internal/",
    ),
    "a label of a field": ("pass" + "word: Confirm-password*", "pass" + "word: Confirm-h7Kq2" + "mZ9*"),
    "a hint below a field": ("pass" + 'word: "At-least-8-characters"', "pass" + 'word: "At-h7Kq2' + 'm-Z9vX"'),
    "a filter of a template": ("password: {{ .Values.db.pass" + "word | b64enc }}", "| pass" + "word | h7Kq2" + "m |"),
    "a digest among words": ("key: deps-" + "0a1b2c3d4e5f6789" * 4, "key: deps-" + MIXED * 4),
    "a word in a spelling nobody uses": (
        "pass" + "word: " + "aB3-fake-" + "key1",
        "pass" + "word: " + MIXED + "k9fAKe" + "Q7",
    ),
    "a bracket": ("pass" + "word: 'ab<" + "your id>12'", "pass" + "word: '" + MIXED + "<" + "k9Q7vX3'"),
    "a key to search with": (
        "search" + "ApiKey: '" + "0a1b2c3d4e5f6789" * 2 + "'",
        "api" + "Key: '" + "0a1b2c3d4e5f6789" * 2 + "'",
    ),
    "a fingerprint that signs": ("signing" + "key = " + "0A1B2C3D4E" * 4, "signing_" + "key = " + "0A1B2C3D4E" * 4),
    "one handshake": (
        "Sec-WebSocket-" + "Key: mV32EzYEy1b4" + "UTODvk1iAw==",
        "Sec-Api-" + "Key: mV32EzYEy1b4" + "UTODvk1iAw==",
    ),
    "ciphertext of Laravel": ("to" + "ken: eyJpdiI6" + MIXED * 4, "to" + "ken: eyJwdiI6" + MIXED * 4),
    "three letters in a Kubernetes Secret": (
        "kind: Secret\ndata:\n  extra: " + "YmFyCg==\n",
        "kind: Secret\ndata:\n  extra: " + "YmFyMQo=\n",
    ),
}

FOUND = {
    "a note in a name": "todo_secret_" + "do_not_commit = Gh8AsJVE" + "JdSKuyz0" + "Z6Y3UNVM8qrvkF",
    "a template where the vendor's key is a UUID": 'SNYK_TOKEN := "12345678-ABCD-ABCD-' + 'ABCD-1234567890AB"',
    "words where only a password may stand": '<add key="ClearText' + 'Password" value="TestSourcePassword" />',
    "a header given to curl": 'curl -X POST --header "Api-' + 'Token: Sk94HG7f6KB"',
    "a login whose registry is an example": "kind: Secret\ndata:\n  .dockercfg: |\n    "
    + "eyJhdXRocyI6eyJodHRwczovL2V4YW1wbGUvdjEvIjp7"
    + "ImF1dGgiOiJvcGVuc2VzYW1lIn19fQo=\n",
    "counted behind a prefix that has spoken": "AIKIDO_" + "TOKEN=AIK_" + "CI_a1B2c3D4e5F6" + "g7H8i9J0k1L2",
    "an unknown vendor's": "API_" + "KEY=" + UUID + ":" + "050e76eaee2f17db" * 2,
}


@pytest.mark.parametrize("name", PAIRS)
def test_a_value_made_by_hand_is_quiet(name: str) -> None:
    assert scan(PAIRS[name][0].encode()) == []


@pytest.mark.parametrize("name", PAIRS)
def test_the_generated_value_beside_it_is_found(name: str) -> None:
    assert len(scan(PAIRS[name][1].encode())) == 1


@pytest.mark.parametrize("name", FOUND)
def test_what_could_be_taken_for_a_stand_in_is_found(name: str) -> None:
    assert len(scan(FOUND[name].encode())) == 1


def test_a_token_in_a_file_name_may_have_more_behind_it() -> None:
    assert [secret.rule for secret in scan_path("old/apify_" + "api_" + MIXED * 3 + "aB3dE6_backup.txt")] == [
        "apify-token"
    ]
