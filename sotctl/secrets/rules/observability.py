"""Keys of observability, analytics and feature services."""

from sotctl.secrets.rule import SecretRule
from sotctl.secrets.shapes import ALNUM, BASE64URL, HEX, WORD, keyed, token
from sotctl.secrets.values import is_generated, is_random

RULES = (
    keyed("datadog-key", "Datadog API or application key",
        "https://docs.datadoghq.com/account_management/api-app-keys/", ("datadog", "dd_api", "dd_app", "dd-api", "ddog"),
        HEX, 32, 40),
    token("datadog-application-key", "Datadog application key",
        "https://docs.datadoghq.com/account_management/api-app-keys/", ("ddapp_", "ddapi_", "ddpat_"), ALNUM, 32, 64),
    token("newrelic-key", "New Relic key", "https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/", (
        "NRAK-", "NRII-", "NRRA-", "NRAA-", "NRIQ-", "NRSP-", "NRJS-"), r"A-Za-z0-9\-", 19, 42),
    SecretRule(
        id="newrelic-license-key", summary="New Relic licence key", keywords=("NRAL", "NRMR"), reach=40,
        source="https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/",
        pattern=r"(?<![0-9A-Za-z])(?:eu01xx|us01xx)?[0-9a-f]{30,36}NRAL(?![0-9A-Za-z])", matches=("0a1b2c3d" * 4
            + "0a1b" + "NRAL",), misses=("NRAL", "0a1bNRAL"), accept=is_generated,
    ),
    token("grafana-cloud-token", "Grafana Cloud token",
        "https://grafana.com/docs/grafana-cloud/security-and-account-management/authentication-and-permissions/acce"
        "ss-policies/", "glc_", r"A-Za-z0-9+/=", 32, 400),
    token("grafana-service-token", "Grafana service account token",
        "https://grafana.com/docs/grafana/latest/administration/service-accounts/", "glsa_", ALNUM, 32,
        tail="_[0-9A-Fa-f]{8}", tails=("_" + "0a1b2c3d",)),
    token("grafana-api-key", "Grafana API key", "https://grafana.com/docs/grafana/latest/developers/http_api/auth/",
        "eyJrIjoi", r"A-Za-z0-9+/=_\-", 60, 400),
    SecretRule(
        id="sentry-dsn-secret", summary="Sentry DSN with its secret", keywords=("sentry.io/", "ingest."), reach=160,
        source="https://docs.sentry.io/concepts/key-terms/dsn-explainer/",
        pattern=r"https://(?P<secret>[0-9a-f]{32}(?::[0-9a-f]{32})?)@[\w.\-]{1,80}/[0-9]{1,20}", matches=("https://"
            + "0a1b2c3d" * 4 + "@o1.ingest.sentry.io/12",), misses=("https://sentry.io/organizations/",),
    ),
    token("honeycomb-key", "Honeycomb key", "https://docs.honeycomb.io/configure/environments/manage-api-keys/", (
        "hcaik_", "hcbik_", "hcxik_", "hcamk_", "hcalk_"), ALNUM, 58, 64),
    keyed("honeycomb-legacy-key", "Honeycomb, Lightstep or Logz.io key", "https://docs.honeycomb.io", ("honeycomb",
        "lightstep", "logzio", "logz_io", "logdna", "mezmo"), ALNUM, 22, 64),
    token("dynatrace-token", "Dynatrace token",
        "https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients", (
        "dt0c01.", "dt0s01.", "dt0s02.", "dt0e01.", "dt0s08.", "dt0s16.", "dt0a01."), r"A-Z0-9", 8, 24,
        tail=r"\.[A-Z0-9]{64}", tails=("." + "AB3DE6GH" * 8,)),
    token("better-stack-token", "Better Stack token",
        "https://betterstack.com/docs/uptime/api/getting-started-with-uptime-api/", "btst_", ALNUM, 24, 64),
    keyed("splunk-token", "Splunk, Sumo Logic, Loggly or Papertrail token",
        "https://docs.splunk.com/Documentation/Splunk/latest/Data/UsetheHTTPEventCollector", ("splunk", "sumologic",
        "sumo_logic", "loggly", "papertrail", "loki"), r"A-Za-z0-9\-", 20, 64),
    token("axiom-token", "Axiom token", "https://axiom.co/docs/reference/tokens", ("xaat-", "xapt-", "xait-"),
        r"0-9a-f\-", 36),
    token("logfire-token", "Pydantic Logfire token",
        "https://logfire.pydantic.dev/docs/how-to-guides/create-write-tokens/", ("pylf_v1_us_", "pylf_v1_eu_"), ALNUM,
        40, 80),
    token("posthog-key", "PostHog personal or project key", "https://posthog.com/docs/api", ("phx_", "phs_", "phc_"),
        WORD, 40, 48),
    keyed("rollbar-token", "Rollbar, Bugsnag, Airbrake, Raygun or Honeybadger key",
        "https://docs.rollbar.com/docs/access-tokens", ("rollbar", "bugsnag", "airbrake", "raygun", "honeybadger"),
        r"A-Za-z0-9_+/=\-", 24, 64),
    keyed("pagerduty-key", "PagerDuty, Opsgenie or VictorOps key",
        "https://support.pagerduty.com/main/docs/api-access-keys", ("pagerduty", "pager_duty", "opsgenie",
        "victorops", "squadcast"), r"A-Za-z0-9+_\-", 20, 40),
    SecretRule(
        id="pagerduty-token", summary="PagerDuty token", keywords=("token=u+", "token=y_"),
        source="https://developer.pagerduty.com/docs/authentication",
        pattern=r"token=(?P<secret>[uy][+_\-][A-Za-z0-9_\-]{18})(?![A-Za-z0-9])", matches=("token=u+"
            + "aB3dE6gH9kLmN0pQ2r",), misses=("token=u+",),
    ),
    keyed("amplitude-key", "Amplitude, Mixpanel, Segment or Heap key",
        "https://amplitude.com/docs/apis/authentication", ("amplitude", "mixpanel", "segment", "heap_", "rudder"),
        ALNUM, 32, 64),
    token("segment-token", "Segment public API token", "https://docs.segmentapis.com", "sgp_", ALNUM, 64),
    token("statsig-key", "Statsig secret key", "https://docs.statsig.com/sdk-keys/api-keys", ("secret-", "console-"),
        ALNUM, 40, 64, accept=is_random),
    token("configcat-key", "ConfigCat SDK key", "https://configcat.com/docs/", "configcat-sdk-1/", BASE64URL, 22,
        tail="/[A-Za-z0-9_-]{22}", tails=("/" + "aB3dE6gH9kL" * 2,)),
    token("flagsmith-key", "Flagsmith server key", "https://docs.flagsmith.com/clients/rest", "ser.", ALNUM, 22),
    token("checkly-key", "Checkly key", "https://www.checklyhq.com/docs/accounts-and-users/creating-api-key/", ("cu_",
        "su_"), HEX, 32),
    keyed("elastic-apm-token", "Elastic or Kibana key",
        "https://www.elastic.co/guide/en/elasticsearch/reference/current/security-api-create-api-key.html", (
        "elastic", "kibana", "es_api"), r"A-Za-z0-9+/=_\-", 24, 90),
    keyed("algolia-key", "Algolia, Typesense or Meilisearch admin key",
        "https://www.algolia.com/doc/guides/security/api-keys/", ("algolia", "typesense", "meili"), ALNUM, 32, 64),
    keyed("mapbox-geo-key", "maps or weather key", "https://openweathermap.org/appid", ("openweather", "owm_",
        "weatherapi", "here_", "tomtom", "bing_maps", "mapquest", "locationiq", "opencage", "geocod"),
        r"A-Za-z0-9_\-", 16, 64),
    token("mapbox-token", "Mapbox token", "https://docs.mapbox.com/help/dive-deeper/access-tokens/", ("sk.eyJ",
        "tk.eyJ", "pk.eyJ"), BASE64URL, 40, 250, tail=r"\.[A-Za-z0-9_\-]{20,24}", tails=("." + "aB3dE6gH9kL" * 2,)),
    keyed("google-recaptcha", "reCAPTCHA, hCaptcha or Turnstile secret",
        "https://developers.google.com/recaptcha/docs/verify", ("recaptcha", "hcaptcha", "turnstile", "captcha"),
        r"A-Za-z0-9_.\-", 30, 60),
    token("turnstile-secret", "Cloudflare Turnstile secret",
        "https://developers.cloudflare.com/turnstile/get-started/", "0x4AAAAAAA", BASE64URL, 22, 30),
    token("doppler-token", "Doppler token", "https://docs.doppler.com/docs/service-tokens", ("dp.pt.", "dp.ct.",
        "dp.sa.", "dp.scim.", "dp.audit.", "dp.said."), ALNUM, 40, 44),
    token("doppler-service-token", "Doppler service token", "https://docs.doppler.com/docs/service-tokens", "dp.st.",
        r"a-z0-9_\-", 2, 35, tail=r"\.[A-Za-z0-9]{40,44}(?![A-Za-z0-9])", tails=("." + "aB3dE6gH9k" * 4,)),
)  # fmt: skip
