"""Keys of sign-in and identity verification services."""

from sotctl.secrets.shapes import ALNUM, BASE64URL, HEX, LOWER, keyed, token
from sotctl.secrets.values import is_random

RULES = (
    token("okta-token", "Okta API token", "https://developer.okta.com/docs/guides/create-an-api-token/main/", "SSWS 00", BASE64URL, 40),
    keyed("okta-secret", "Okta, Auth0, OneLogin, Stytch or WorkOS secret", "https://developer.okta.com/docs/guides/", ("okta", "auth0", "onelogin", "stytch", "workos", "keycloak", "cognito"), BASE64URL, 28, 80),
    token("workos-key", "WorkOS key", "https://workos.com/docs/reference/api-keys", ("sk_live_a2V5", "sk_test_a2V5"), ALNUM, 40, 120, accept=is_random),
    token("stytch-secret", "Stytch secret", "https://stytch.com/docs/api/authentication", ("secret-live-", "secret-test-"), r"A-Za-z0-9_\-=", 36, 40),
    token("authress-key", "Authress service key", "https://authress.io/knowledge-base/docs/authentication/", ("sc_", "ext_", "authress_"), LOWER, 5, 30, tail=r"\.[a-z0-9]{4,6}\.acc[_-][a-z0-9-]{10,32}\.[A-Za-z0-9+/_=-]{30,120}"),
    token("persona-key", "Persona key", "https://docs.withpersona.com/api-keys", ("persona_sandbox_", "persona_production_"), BASE64URL, 36, 60),
    token("ory-token", "Ory API key or session token", "https://www.ory.sh/docs/concepts/personal-access-token", ("ory_pat_", "ory_st_", "ory_wak_"), ALNUM, 32, 64),
    token("ory-oauth-token", "Ory OAuth token", "https://www.ory.sh/docs/oauth2-oidc", ("ory_at_", "ory_rt_", "ory_ac_"), r"A-Za-z0-9_.\-", 40, 120),
    token("onfido-token", "Onfido token", "https://documentation.onfido.com/api/latest/#api-tokens", ("api_live.", "api_sandbox.", "api_live_us.", "api_live_ca."), BASE64URL, 11, tail=r"\.[A-Za-z0-9_-]{32}"),
    token("adobe-client-secret", "Adobe client secret", "https://developer.adobe.com/developer-console/docs/guides/authentication/", ("p8e-", "p8"), BASE64URL, 32, accept=is_random),
    token("unkey-key", "Unkey root key", "https://www.unkey.com/docs/introduction", "unkey_", ALNUM, 20, 48),
    token("intra42-secret", "42 intranet client secret", "https://api.intra.42.fr/apidoc", ("s-s4t2ud-", "s-s4t2af-"), HEX, 64),
)
