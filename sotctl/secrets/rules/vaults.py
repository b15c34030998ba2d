"""Keys of vaults, password managers, VPNs and tunnels."""

from sotctl.secrets.published import is_unpublished
from sotctl.secrets.shapes import ALNUM, BASE64URL, DASHED, DASHED_HEX, EDGE, HEX, LOWER, UPPER, WORD, keyed, shaped, token
from sotctl.secrets.values import is_generated, is_placeholder, is_random


def _is_tailscale(body: bytes) -> bool:
    """Check the whole key, and the part after its id, which is the secret."""
    secret = body.rpartition(b"-")[2]
    return is_generated(body) and not (len(secret) >= 12 and is_placeholder(secret))


RULES = (
    token("vault-service-token", "HashiCorp Vault token", "https://developer.hashicorp.com/vault/docs/concepts/tokens", ("hvs.", "hvb.", "hvr."), BASE64URL, 24, 400),
    token("vault-legacy-token", "HashiCorp Vault token, old format", "https://developer.hashicorp.com/vault/docs/concepts/tokens", "s.", ALNUM, 24, accept=lambda v: is_random(v, least=24)),
    token("hashicorp-cloud-token", "HashiCorp Cloud token", "https://developer.hashicorp.com/vault/docs/concepts/tokens", ("hvp_", "hcp_"), WORD, 40, 120, accept=is_random),
    keyed("vault-key", "Vault, Consul or Nomad token", "https://developer.hashicorp.com/consul/docs/security/acl/tokens", ("vault", "consul", "nomad"), DASHED_HEX, 36),
    token("onepassword-service-token", "1Password service account token", "https://developer.1password.com/docs/service-accounts/", "ops_eyJ", BASE64URL, 100, 2000, tail="={0,2}"),
    shaped(
        "onepassword-secret-key",
        "1Password secret key",
        "https://support.1password.com/secret-key-security/",
        "A3-",
        EDGE + r"A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}(?![A-Za-z0-9])",
        lead=(UPPER, 6),
        misses=("A3-AB3DE6",),
    ),
    token("bitwarden-token", "Bitwarden Secrets Manager token", "https://bitwarden.com/help/access-tokens/", "0.", DASHED_HEX, 36, tail=r"\.[A-Za-z0-9]{30}:[A-Za-z0-9+/]{22}=="),
    token("infisical-token", "Infisical token", "https://infisical.com/docs/documentation/platform/token", "st.", HEX, 24, tail=r"\.[0-9a-f]{32,64}(?:\.[0-9a-f]{32})?"),
    token("tailscale-key", "Tailscale key", "https://tailscale.com/kb/1277/key-prefixes", ("tskey-auth-", "tskey-api-", "tskey-client-", "tskey-scim-", "tskey-webhook-", "tskey-"), DASHED, 16, 64, accept=_is_tailscale),
    token("netbird-token", "NetBird token", "https://docs.netbird.io/api/guides/authentication", "nbp_", ALNUM, 36),
    keyed("zerotier-token", "ZeroTier, NordVPN or Mullvad token", "https://docs.zerotier.com/api/central/", ("zerotier", "nordvpn", "mullvad"), ALNUM, 32, 64),
    shaped(
        "wireguard-key",
        "WireGuard private or preshared key",
        "https://www.wireguard.com/quickstart/",
        ("privatekey", "presharedkey"),
        r"(?i:PrivateKey|PresharedKey)[\"']?\s{0,8}[=:]\s{0,8}[\"']?(?P<secret>[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)(?![A-Za-z0-9+/=])",
        fold=True,
        misses=("PrivateKey = <key>", "PublicKey = " + "aB3dE6gH9k" * 4 + "aBI="),
    ),
    token("ngrok-api-key", "ngrok token", "https://ngrok.com/docs/api/", ("ngrok_api_", "ngrok_"), ALNUM, 30, 64),
    shaped(
        "ngrok-authtoken",
        "ngrok authtoken",
        "https://ngrok.com/docs/agent/config/",
        "authtoken",
        r"(?i:authtoken)[\"']?[\s:=]{1,4}[\"']?(?P<secret>[12][A-Za-z0-9]{26}_[A-Za-z0-9]{21})(?![A-Za-z0-9])",
        accept=is_random,
        fold=True,
        misses=("authtoken: <token>",),
    ),
    token("cloudflared-tunnel-token", "Cloudflare tunnel token", "https://developers.cloudflare.com/cloudflare-one/networks/connectors/cloudflare-tunnel/", "eyJhIjoi", r"A-Za-z0-9+/=_\-", 100, 300),
    token("boundary-token", "HashiCorp Boundary token", "https://developer.hashicorp.com/boundary/docs", ("at_",), ALNUM, 10, tail="_s1[A-Za-z0-9]{60,200}"),
    token("age-secret-key", "age secret key", "https://age-encryption.org/v1", ("AGE-SECRET-KEY-1",), "02-9AC-HJ-NP-Z", 58),
    token("age-plugin-key", "age plugin identity", "https://age-encryption.org/v1", ("AGE-PLUGIN-YUBIKEY-1", "AGE-PLUGIN-SE-1", "AGE-PLUGIN-TPM-1"), "02-9AC-HJ-NP-Z", 20, 200),
    token("age-post-quantum-key", "age post-quantum secret key", "https://age-encryption.org/v1", "AGE-SECRET-KEY-PQ-1", "02-9AC-HJ-NP-Z", 58, 120),
    token("duo-secret", "Duo integration key", "https://duo.com/docs/authapi", "DI", UPPER, 18, accept=is_random),
    keyed("jumpcloud-key", "JumpCloud key", "https://docs.jumpcloud.com/api/1.0/index.html", ("jumpcloud",), ALNUM, 40, accept=is_generated),
    keyed("duo-key", "Duo, Yubico or JumpCloud secret", "https://duo.com/docs/authapi", ("duo_", "yubico", "jumpcloud"), ALNUM, 28, 40),
    shaped(
        "otp-seed",
        "seed of a one-time password",
        "https://github.com/google/google-authenticator/wiki/Key-Uri-Format",
        "otpauth://",
        r"otpauth://[a-z]{4}/[^\s\"'?]{1,200}\?(?:[^\s\"']{0,200}&)?secret=(?P<secret>[A-Z2-7a-z]{16,128})",
        accept=is_unpublished,
        misses=("otpauth://totp/x?secret=",),
    ),
    token("rancher-kubeconfig-token", "Rancher kubeconfig token", "https://ranchermanager.docs.rancher.com", "kubeconfig-u-", LOWER, 8, 14, tail=":[a-z0-9]{54}"),
    token("openshift-token", "OpenShift token", "https://docs.redhat.com/en/documentation/openshift_container_platform/", "sha256~", BASE64URL, 43),
    token("spectralops-token", "SpectralOps token", "https://spectralops.io", "spu-", LOWER, 32),
)
