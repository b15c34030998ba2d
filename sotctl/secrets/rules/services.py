"""Keys of smaller services: work, messages, media, maps, data."""

from sotctl.secrets.rule import any_of
from sotctl.secrets.shapes import ALNUM, BASE64URL, DASHED, DASHED_HEX, EDGE, HEX, UUID, keyed, shaped, token
from sotctl.secrets.values import is_generated, is_random, pronounceable

_APP_PASSWORDS = tuple(f"{name}{joint}pass" for name in ("app", "application", "google", "gmail", "smtp", "mail", "mail_host") for joint in ("", "_", "-"))


def _is_in_fours(value: bytes) -> bool:
    """Whether *value*, in groups of four letters, is generated rather than a sentence of four-letter words."""
    letters = value.replace(b" ", b"")
    return is_generated(letters) and pronounceable(letters.lower().decode()) < 0.62


RULES = (
    token("asana-token", "Asana token", "https://developers.asana.com/docs/personal-access-token", ("2/", "1/"), r"0-9", 15, 20, tail=r"(?:/[0-9]{15,20})?:[0-9a-f]{32}"),
    keyed("asana-secret", "Asana secret", "https://developers.asana.com/docs/oauth", ("asana",), HEX, 32),
    token("figma-token", "Figma token", "https://www.figma.com/developers/api#access-tokens", ("figd_", "figo_", "figor_", "figdh_", "figu_", "figur_"), BASE64URL, 36, 60),
    token("canva-secret", "Canva secret", "https://www.canva.dev/docs/connect/authentication/", "cnvca", BASE64URL, 48, 60),
    token("dropbox-token", "Dropbox short-lived token", "https://www.dropbox.com/developers/documentation/http/documentation", ("sl.u.", "sl."), BASE64URL, 130, 1600),
    keyed("dropbox-key", "Dropbox or Box secret", "https://www.dropbox.com/developers", ("dropbox", "box_"), ALNUM, 15, 64),
    token("clickup-token", "ClickUp token", "https://developer.clickup.com/docs/authentication", "pk_", r"0-9", 6, 9, tail="_[A-Z0-9]{32}"),
    keyed("trello-key", "Trello, Todoist, ClickUp, Monday or Coda token", "https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/", ("trello", "todoist", "clickup", "monday", "coda_", "basecamp"), DASHED, 32, 90),
    token("trello-token", "Trello token", "https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/", "ATTA", HEX, 64, 76, tail="[A-F0-9]{0,8}"),
    token("n8n-key", "n8n API key", "https://docs.n8n.io/api/authentication/", "n8n_api_", HEX, 60, 90),
    shaped(
        "zapier-webhook",
        "Zapier, Make or IFTTT webhook",
        "https://help.zapier.com/hc/en-us/articles/8496288690317",
        ("hooks.zapier.com/hooks/catch/", "maker.ifttt.com/", ".make.com/"),
        r"(?:hooks\.zapier\.com/hooks/catch/[0-9]{3,12}|maker\.ifttt\.com/trigger/\w{1,60}/with/key|\.make\.com)/(?P<secret>[A-Za-z0-9_\-]{7,64})",
        accept=lambda v: is_random(v, least=7) or len(v) == 7,
    ),
    token("fcm-server-key", "Firebase Cloud Messaging server key", "https://firebase.google.com/docs/cloud-messaging/auth-server", "AAAA", BASE64URL, 7, tail=":APA91b[A-Za-z0-9_-]{130,140}"),
    token("onesignal-key", "OneSignal key", "https://documentation.onesignal.com/docs/en/keys-and-ids", ("os_v2_app_", "os_v2_org_"), r"a-z2-7", 90, 120),
    token("liveblocks-key", "Liveblocks secret", "https://liveblocks.io/docs/authentication", ("sk_dev_", "sk_prod_"), BASE64URL, 40, 80),
    keyed("pusher-secret", "Pusher, PubNub, Ably, Agora or LiveKit secret", "https://pusher.com/docs/channels/", ("pusher", "pubnub", "ably", "agora", "livekit"), ALNUM, 20, 64),
    token("pubnub-key", "PubNub secret key", "https://www.pubnub.com/docs/general/setup/account-setup", ("sec-c-",), DASHED, 36, 50),
    token("frameio-token", "Frame.io token", "https://developer.frame.io/docs/getting-started/authentication", "fio-u-", r"A-Za-z0-9_=\-", 64),
    token("loops-key", "Loops key", "https://loops.so/docs/api-reference/intro", "loops_", HEX, 32),
    keyed("lokalise-key", "Lokalise, Crowdin, Phrase or DeepL key", "https://developers.lokalise.com/reference/api-authentication", ("lokalise", "crowdin", "phrase", "deepl", "transifex"), r"A-Za-z0-9\-:", 36, 80),
    shaped("deepl-key", "DeepL key", "https://developers.deepl.com/docs/getting-started/auth", ":fx", r"(?<![0-9a-f\-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}:fx(?![A-Za-z0-9])", reach=36, window=8, misses=("a:fx",)),
    token("dub-key", "Dub key", "https://dub.co/docs/api-reference/tokens", "dub_", ALNUM, 24, accept=is_random),
    shaped(
        "app-password",
        "app password in groups of four letters",
        "https://support.google.com/accounts/answer/185833; https://make.wordpress.org/core/2020/11/05/application-passwords-integration-guide/",
        _APP_PASSWORDS,
        rf"(?i:{any_of(_APP_PASSWORDS)})" + r"[\w\-]{0,12}[\"']?[ \t]{0,4}(?:=>|[:=])[ \t]{0,4}[\"']?(?P<secret>[A-Za-z0-9]{4}(?: [A-Za-z0-9]{4}){5}|[a-z]{4}(?: [a-z]{4}){3})(?![ ]?[A-Za-z0-9])",
        accept=_is_in_fours,
        fold=True,
        near=r"pass[\w\-]*[\"']?[ \t]*(?:=>|[:=])[ \t]*[\"']?[a-z0-9]{4} [a-z0-9]{4} [a-z0-9]{4} [a-z0-9]{4}",
        misses=("smtp_pass = 'this will have been'", "app_password: xxxx xxxx xxxx xxxx", "app_password: abcd efgh ijkl mnop"),
    ),
    token("ubidots-token", "Ubidots token", "https://docs.ubidots.com/reference/authentication", "BBFF-", ALNUM, 30, 40),
    token("adafruit-io-key", "Adafruit IO key", "https://io.adafruit.com/api/docs/", "aio_", ALNUM, 28),
    token("samsara-token", "Samsara token", "https://developers.samsara.com/docs/authentication", "samsara_api_", ALNUM, 28, 40),
    token("wakatime-key", "WakaTime key", "https://wakatime.com/developers", "waka_", DASHED_HEX, 36),
    token("beamer-key", "Beamer key", "https://www.getbeamer.com/api", "b_", r"A-Za-z0-9=_\-", 44, accept=is_random),
    token("apify-token", "Apify token", "https://docs.apify.com/platform/integrations/api", "apify_api_", ALNUM, 30, 46, whole=True),
    keyed("browserstack-key", "BrowserStack, Sauce Labs, LambdaTest or Percy key", "https://www.browserstack.com/docs", ("browserstack", "sauce", "lambdatest", "percy", "applitools"), DASHED, 20, 64),
    token("ramp-token", "Ramp token", "https://docs.ramp.com/developer-api/v1/authentication", ("ramp_tok_", "ramp_sec_", "ramp_id_"), ALNUM, 40, 64),
    token("retool-key", "Retool key", "https://docs.retool.com/api", ("retool_01", "retool_wp_"), ALNUM, 26, 44),
    token("mapillary-token", "Mapillary token", "https://www.mapillary.com/developer/api-documentation", "MLY|", r"0-9", 15, 18, tail=r"\|[0-9a-f]{32}"),
    token("kaggle-token", "Kaggle token", "https://www.kaggle.com/docs/api", "KGAT_", HEX, 32),
    shaped(
        "kaggle-key",
        "Kaggle API key",
        "https://www.kaggle.com/docs/api",
        '"username"',
        r"\"username\"\s{0,4}:\s{0,4}\"[^\"\n]{1,60}\"\s{0,4},\s{0,4}\"key\"\s{0,4}:\s{0,4}\"(?P<secret>[0-9a-f]{32})\"",
        accept=is_random,
        misses=('{"username": "ada", "key": "id"}',),
    ),
    keyed("nytimes-key", "New York Times, NewsAPI, OMDb or TMDB key", "https://developer.nytimes.com/get-started", ("nytimes", "newsapi", "omdb", "tmdb", "rapidapi", "x-rapidapi", "yelp", "etsy"), r"A-Za-z0-9=_\-", 24, 130),
    keyed("adobe-secret", "Adobe client secret", "https://developer.adobe.com/developer-console/docs/guides/authentication/", ("adobe",), BASE64URL, 32, 48),
    shaped(
        "maxmind-key",
        "MaxMind licence key",
        "https://support.maxmind.com/hc/en-us/articles/4407111582235-Generate-a-License-Key",
        "_mmk",
        r"(?<![A-Za-z0-9_])[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk(?![A-Za-z0-9])",
        accept=None,
        reach=40,
        window=8,
        misses=("x_mmk",),
    ),
    keyed(
        "threat-intelligence-key",
        "VirusTotal, Shodan, Censys or URLScan key",
        "https://docs.virustotal.com/reference/authentication",
        ("virustotal", "shodan", "censys", "urlscan", "abuseipdb", "greynoise", "securitytrails"),
        DASHED,
        32,
        80,
    ),
    keyed("blockchain-data-key", "Etherscan, CoinMarketCap or CoinGecko key", "https://docs.etherscan.io", ("etherscan", "coinmarketcap", "coingecko", "cmc_"), DASHED, 32, 40),
    keyed("marketing-key", "ActiveCampaign, ConvertKit or Iterable key", "https://developers.activecampaign.com/reference/authentication", ("activecampaign", "convertkit", "iterable", "klaviyo", "braze"), DASHED, 22, 72),
    keyed(
        "storage-key", "Backblaze, Wasabi, Bunny or Cloudinary secret", "https://www.backblaze.com/docs/cloud-storage-application-keys", ("backblaze", "b2_", "wasabi", "bunny", "cloudinary", "imgix", "uploadcare"), r"A-Za-z0-9/+\-", 20, 72
    ),
    shaped("backblaze-application-key", "Backblaze application key", "https://www.backblaze.com/docs/cloud-storage-application-keys", "K00", EDGE + r"K00[0-9][A-Za-z0-9/+]{27}(?![A-Za-z0-9/+])", accept=is_random, misses=("K001",)),
    shaped(
        "cloudinary-url",
        "Cloudinary URL",
        "https://cloudinary.com/documentation/how_to_integrate_cloudinary",
        "cloudinary://",
        r"cloudinary://[0-9]{12,18}:(?P<secret>[A-Za-z0-9_\-]{24,30})@",
        accept=None,
        misses=("cloudinary://api_key:api_secret@name",),
    ),
    keyed("fal-key", "fal.ai key", "https://docs.fal.ai/model-apis/authentication", ("fal_", "fal-", "fal.ai", "falai"), HEX, 8, tail=UUID + ":[0-9a-f]{32}", accept=is_generated),
    keyed("hunter-key", "Hunter API key", "https://hunter.io/api-documentation", ("hunter",), HEX, 40, accept=is_generated),
    keyed("gumroad-token", "Gumroad token", "https://gumroad.com/api", ("gumroad",), DASHED, 43, 64, accept=is_generated),
    keyed("databento-key", "Databento key", "https://databento.com/docs/portal/api-keys", ("databento",), ALNUM, 29, head="db-", accept=is_generated),
    shaped(
        "tableau-token-secret",
        "secret of a Tableau personal access token",
        "https://help.tableau.com/current/server/en-us/security_personal_access_tokens.htm",
        "==:",
        r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{22}==:[A-Za-z0-9]{32}(?![A-Za-z0-9])",
        accept=lambda value: is_generated(value[:22]) and len(set(value[24:])) >= 8,
        reach=24,
        window=40,
        misses=("aB3dE6gH9kL" * 2 + "==:" + "aB3dE6gH" * 3, "aB3dE6gH9kL" * 2 + "==:" + "x" * 32),
    ),
    shaped(
        "notify-api-key",
        "GC Notify API key",
        "https://documentation.notification.canada.ca/en/start.html#headers",
        "gcntfy-",
        r"(?i:gcntfy)-[\w\-]{0,80}?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}-(?P<secret>[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})",
        accept=None,
        fold=True,
        claim="(?i:apikey-v1 )?(?i:gcntfy)-",
        misses=("gcntfy-mail-26785a09-ab16-4eb0-8407-a37497a57506",),
    ),
)
