"""Keys that vendors publish themselves, in manuals and in the tests of their clients: they are no secrets.

They are kept as checksums, so that this file holds no key. A generated key matches one of them once in 300 million.
"""

from __future__ import annotations

import binascii

from sotctl.secrets.values import is_generated

_FIREBASE = (
    0xAF19BBA0,
    0x6B97AC36,
    0xF8222CD2,
    0xCC46102F,
    0x3FBB2129,
    0xAE302B28,
    0xF258F98C,
    0xE4501587,
    0xDB4ADFB6,
    0xAFEB30F0,
    0x50C4C7F1,
    0xA526FF98,
    0x3BA28281,
    0x9856D23E,
    0xBEDE73DD,
)
"""CRC-32 of the part after `AIza` of the test keys in https://github.com/firebase/firebase-android-sdk."""

_SAMPLES = (
    0x3C178F9B,  # the search key in the pages of https://yarnpkg.com
    0x2B6EFF54,  # this and the next: the passwords in https://learn.microsoft.com/nuget/reference/nuget-config-file
    0x6B6CBFFE,
    0xB4CBD586,  # https://learn.microsoft.com/azure/storage/common/storage-use-azurite
    0x87707360,  # Cosmos DB's emulator
    0x7A77589D,  # RFC 7617
    0x269D4CEA,  # RFC 6749
    0x9E49269D,
    0x2BDD531A,
    0xCB9ACBA3,  # the part after the prefix of the key in https://docs.stripe.com
    0x2CDED043,  # the seed in https://github.com/google/google-authenticator/wiki/Key-Uri-Format
)
"""CRC-32 of whole values."""

_PUBLISHED = frozenset((*_FIREBASE, *_SAMPLES))

_FOR_PAGES = (
    *(b"SB-Mid-client-", b"pk_live_", b"pk_test_", b"pk_prod_", b"sb_publishable_", b"phc_", b"pk.eyJ", b"FLWPUBK"),
    *(b"sq0idp-", b"sandbox-sq0idb-", b"pub-c-", b"sub-c-", b"client-"),
    *(b"MIIBIjANBgkqhkiG9w0BAQEFA", b"MIICIjANBgkqhkiG9w0BAQEFA", b"MIGfMA0GCSqGSIb3DQEBAQUAA"),
    *(b"MFkwEwYHKoZIzj0CAQ", b"MHYwEAYHKoZIzj0CAQ", b"MCowBQYDK2Vw"),
)
"""Prefixes of keys made for web pages, apps or trials, which give no access by themselves, and of public keys in base64
(RFC 5280).

Sources: https://docs.midtrans.com/docs/api-authorization-headers; https://docs.stripe.com/keys (also Clerk, Paystack);
https://supabase.com/docs/guides/api/api-keys; https://posthog.com/docs/api; https://docs.mapbox.com/help/dive-deeper/access-tokens/;
https://developer.flutterwave.com/docs/authentication; https://developer.squareup.com/docs/build-basics/access-tokens;
https://www.pubnub.com/docs/general/setup/account-setup; https://docs.statsig.com/sdk-keys/api-keys
"""


def is_published(value: bytes) -> bool:
    """Whether *value* is published by its vendor, or public by design."""
    return value.startswith(_FOR_PAGES) or binascii.crc32(value) in _PUBLISHED


def is_unpublished(body: bytes) -> bool:
    """Whether the *body* after a vendor's prefix looks generated and is not published by the vendor."""
    return is_generated(body) and not is_published(body)
