"""The vendors, with the shapes of their tokens and the snippets of their own pages."""

from __future__ import annotations

import random
import uuid

from benchmarks.secrets.shapes import ALNUM, HEX, LOWER, SHAPES, UPPER, URL, Make, text

GAP = "§"
"""Marks the place of the credential in a snippet."""


def _of(alphabet: str, length: int, before: str = "", after: str = "") -> Make:
    return lambda source: before + text(source, alphabet, length) + after


def _uuid(source: random.Random) -> str:
    return str(uuid.UUID(int=source.getrandbits(128), version=4))


class Vendor:
    """A generator of a vendor's tokens, the name of the variable for one, and the vendor's own snippets."""

    __slots__ = ("make", "own", "variable")

    def __init__(self, make: Make, variable: str, *own: str) -> None:
        self.make, self.variable, self.own = make, variable, own


def _bearer(url: str) -> str:
    return f'curl {url} \\\n  -H "Authorization: Bearer §" \\\n  -H "Content-Type: application/json"\n'


def _header(url: str, header: str) -> str:
    return f'curl --request GET \\\n  --url {url} \\\n  --header "{header}: §"\n'


VENDORS: dict[str, Vendor] = {
    "openai": Vendor(
        SHAPES["openai-project"],
        "OPENAI_API_KEY",
        _bearer("https://api.openai.com/v1/models"),
        'from openai import OpenAI\n\nclient = OpenAI(api_key="§")\n',
        "import OpenAI from 'openai';\n\nconst client = new OpenAI({\n  apiKey: '§',\n});\n",
    ),
    "anthropic": Vendor(
        SHAPES["anthropic-api"],
        "ANTHROPIC_API_KEY",
        _header("https://api.anthropic.com/v1/messages", "x-api-key"),
        'client := anthropic.NewClient(option.WithAPIKey("§"))\n',
    ),
    "azure-openai": Vendor(
        _of(HEX, 32),
        "AZURE_OPENAI_API_KEY",
        _header("https://acme.openai.azure.com/openai/deployments?api-version=2024-02-01", "api-key"),
        'client = AzureOpenAI(\n    azure_endpoint="https://acme.openai.azure.com",\n    api_key="§",\n    api_version="2024-02-01",\n)\n',
        'var client = new AzureOpenAIClient(\n    new Uri("https://acme.openai.azure.com"),\n    new AzureKeyCredential("§"));\n',
    ),
    "cohere": Vendor(
        _of(ALNUM, 40),
        "CO_API_KEY",
        _bearer("https://api.cohere.com/v2/chat"),
        'import cohere\n\nco = cohere.ClientV2("§")\n',
        'const cohere = new CohereClientV2({ token: "§" });\n',
    ),
    "mistral": Vendor(
        _of(ALNUM, 32),
        "MISTRAL_API_KEY",
        _bearer("https://api.mistral.ai/v1/models"),
        'client = Mistral(api_key="§")\n',
    ),
    "assemblyai": Vendor(
        _of(HEX, 32),
        "ASSEMBLYAI_API_KEY",
        _header("https://api.assemblyai.com/v2/transcript", "Authorization"),
        'import assemblyai as aai\n\naai.settings.api_key = "§"\n',
    ),
    "deepgram": Vendor(
        _of(HEX, 40),
        "DEEPGRAM_API_KEY",
        'curl -X POST \\\n  --url https://api.deepgram.com/v1/listen \\\n  --header "Authorization: Token §"\n',
        'const deepgram = createClient("§");\n',
    ),
    "elevenlabs": Vendor(
        _of(HEX, 32),
        "ELEVENLABS_API_KEY",
        _header("https://api.elevenlabs.io/v1/voices", "xi-api-key"),
        'client = ElevenLabs(api_key="§")\n',
    ),
    "huggingface": Vendor(SHAPES["huggingface"], "HF_TOKEN", "hf auth login --token §\n", 'login(token="§")\n'),
    "twilio": Vendor(
        _of(HEX, 32),
        "TWILIO_AUTH_TOKEN",
        "curl -X POST https://api.twilio.com/2010-04-01/Accounts/$SID/Messages.json \\\n  -u $TWILIO_ACCOUNT_SID:§\n",
        'account_sid = os.environ["TWILIO_ACCOUNT_SID"]\nauth_token = "§"\nclient = Client(account_sid, auth_token)\n',
        'Twilio.init(System.getenv("TWILIO_ACCOUNT_SID"), "§");\n',
    ),
    "sendgrid": Vendor(SHAPES["sendgrid"], "SENDGRID_API_KEY", "sgMail.setApiKey('§');\n", 'sg = SendGrid::API.new(api_key: "§")\n'),
    "mailgun": Vendor(
        _of(HEX, 32, "", "-1b2c3d4e-5f6a7b8c"),
        "MAILGUN_API_KEY",
        "curl -s --user 'api:§' \\\n  https://api.mailgun.net/v3/mg.acme.dev/messages\n",
        "const mg = mailgun.client({ username: 'api', key: '§' });\n",
    ),
    "mailjet": Vendor(
        _of(HEX, 32),
        "MJ_APIKEY_PRIVATE",
        'curl -s -X POST --user "$MJ_APIKEY_PUBLIC:§" https://api.mailjet.com/v3.1/send\n',
    ),
    "postmark": Vendor(
        _uuid,
        "POSTMARK_SERVER_TOKEN",
        _header("https://api.postmarkapp.com/email", "X-Postmark-Server-Token"),
        'var client = new postmark.ServerClient("§");\n',
    ),
    "stripe": Vendor(
        SHAPES["stripe"],
        "STRIPE_SECRET_KEY",
        "curl https://api.stripe.com/v1/charges -u §:\n",
        "Stripe.api_key = '§'\n",
        "$stripe = new \\Stripe\\StripeClient('§');\n",
    ),
    "paypal": Vendor(
        _of(URL, 80),
        "PAYPAL_CLIENT_SECRET",
        'curl -v https://api-m.paypal.com/v1/oauth2/token \\\n  -u "$CLIENT_ID:§" \\\n  -d "grant_type=client_credentials"\n',
    ),
    "braintree": Vendor(
        _of(HEX, 32),
        "BT_PRIVATE_KEY",
        "const gateway = new braintree.BraintreeGateway({\n  environment: braintree.Environment.Production,\n  merchantId: 'acme',\n  privateKey: '§'\n});\n",
    ),
    "adyen": Vendor(
        _of(ALNUM + "+/", 90, "AQE"),
        "ADYEN_API_KEY",
        _header("https://checkout-test.adyen.com/v71/payments", "x-API-key"),
        'Client client = new Client("§", Environment.TEST);\n',
    ),
    "plaid": Vendor(
        _of(HEX, 30),
        "PLAID_SECRET",
        '{\n  "client_id": "${PLAID_CLIENT_ID}",\n  "secret": "§",\n  "client_name": "Shop"\n}\n',
    ),
    "coinbase": Vendor(_of(ALNUM, 32), "COINBASE_API_SECRET", 'client = Client(os.environ["COINBASE_KEY"], "§")\n'),
    "binance": Vendor(
        _of(ALNUM, 64),
        "BINANCE_API_SECRET",
        _header("https://api.binance.com/api/v3/account", "X-MBX-APIKEY"),
        "client = Spot(api_key=os.environ['KEY'], api_secret='§')\n",
    ),
    "etherscan": Vendor(
        _of(UPPER, 34),
        "ETHERSCAN_API_KEY",
        "https://api.etherscan.io/v2/api?chainid=1&module=account&action=balance&apikey=§\n",
    ),
    "infura": Vendor(
        _of(HEX, 32),
        "INFURA_API_KEY",
        'const provider = new ethers.JsonRpcProvider("https://mainnet.infura.io/v3/§");\n',
    ),
    "alchemy": Vendor(
        _of(URL, 32),
        "ALCHEMY_API_KEY",
        "https://eth-mainnet.g.alchemy.com/v2/§\n",
        "const settings = {\n  apiKey: '§',\n  network: Network.ETH_MAINNET,\n};\n",
    ),
    "aws": Vendor(
        _of(ALNUM + "/+", 40),
        "AWS_SECRET_ACCESS_KEY",
        "aws configure set aws_secret_access_key §\n",
        'provider "aws" {\n  region     = "eu-central-1"\n  secret_key = "§"\n}\n',
        "s3 = boto3.client(\n    's3',\n    aws_secret_access_key='§',\n)\n",
        'AWSCredentials c = new BasicAWSCredentials(System.getenv("ID"), "§");\n',
    ),
    "azure": Vendor(
        _of(ALNUM + "~._-", 34, "8Q~"),
        "AZURE_CLIENT_SECRET",
        "az login --service-principal -u http://shop-deployer -p §  --tenant acme.onmicrosoft.com\n",
        'provider "azurerm" {\n  features {}\n  client_secret = "§"\n}\n',
        'credential = ClientSecretCredential(tenant_id, client_id, "§")\n',
    ),
    "azure-storage": Vendor(
        _of(ALNUM + "+/", 86, "", "=="),
        "AZURE_STORAGE_KEY",
        "az storage container list --account-name acme --account-key §\n",
    ),
    "google-maps": Vendor(
        SHAPES["google"],
        "GOOGLE_MAPS_API_KEY",
        '<script src="https://maps.googleapis.com/maps/api/js?key=§&callback=init"></script>\n',
    ),
    "google-oauth": Vendor(
        SHAPES["google-oauth"],
        "GOOGLE_CLIENT_SECRET",
        '{"web": {"client_id": "shop.apps.googleusercontent.com", "client_secret": "§"}}\n',
    ),
    "digitalocean": Vendor(
        SHAPES["digitalocean"],
        "DIGITALOCEAN_TOKEN",
        "doctl auth init -t §\n",
        'provider "digitalocean" {\n  token = "§"\n}\n',
    ),
    "hetzner": Vendor(
        _of(ALNUM, 64),
        "HCLOUD_TOKEN",
        _bearer("https://api.hetzner.cloud/v1/servers"),
        'provider "hcloud" {\n  token = "§"\n}\n',
        'client = Client(token="§")\n',
    ),
    "linode": Vendor(
        _of(HEX, 64),
        "LINODE_TOKEN",
        _bearer("https://api.linode.com/v4/linode/instances"),
        'provider "linode" {\n  token = "§"\n}\n',
    ),
    "vultr": Vendor(
        _of(UPPER, 36),
        "VULTR_API_KEY",
        _bearer("https://api.vultr.com/v2/account"),
        'provider "vultr" {\n  api_key = "§"\n  rate_limit = 100\n}\n',
    ),
    "scaleway": Vendor(
        _uuid,
        "SCW_SECRET_KEY",
        _header("https://api.scaleway.com/instance/v1/zones/fr-par-1/servers", "X-Auth-Token"),
        'provider "scaleway" {\n  secret_key = "§"\n}\n',
    ),
    "ovh": Vendor(
        _of(ALNUM, 32),
        "OVH_APPLICATION_SECRET",
        "[ovh-eu]\napplication_secret=§\n",
        "client = ovh.Client(\n    endpoint='ovh-eu',\n    application_secret='§',\n)\n",
    ),
    "cloudflare": Vendor(
        _of(URL, 40),
        "CLOUDFLARE_API_TOKEN",
        _bearer("https://api.cloudflare.com/client/v4/user/tokens/verify"),
        'provider "cloudflare" {\n  api_token = "§"\n}\n',
    ),
    "cloudflare-global": Vendor(
        _of(HEX, 37),
        "CF_API_KEY",
        'curl https://api.cloudflare.com/client/v4/zones \\\n  -H "X-Auth-Email: ada@acme.dev" \\\n  -H "X-Auth-Key: §"\n',
    ),
    "fastly": Vendor(
        _of(URL, 32),
        "FASTLY_API_KEY",
        _header("https://api.fastly.com/service", "Fastly-Key"),
        "fastly profile create --token=§\n",
    ),
    "heroku": Vendor(
        _uuid,
        "HEROKU_API_KEY",
        _bearer("https://api.heroku.com/apps"),
        'provider "heroku" {\n  email   = "ops@acme.dev"\n  api_key = "§"\n}\n',
    ),
    "netlify": Vendor(
        _of(URL, 43),
        "NETLIFY_AUTH_TOKEN",
        _bearer("https://api.netlify.com/api/v1/sites"),
        "netlify deploy --prod --auth §\n",
    ),
    "vercel": Vendor(
        _of(ALNUM, 24),
        "VERCEL_TOKEN",
        _bearer("https://api.vercel.com/v9/projects"),
        "vercel deploy --prod --token=§\n",
    ),
    "render": Vendor(_of(ALNUM, 32, "rnd_"), "RENDER_API_KEY", _bearer("https://api.render.com/v1/services")),
    "railway": Vendor(_uuid, "RAILWAY_TOKEN", "RAILWAY_TOKEN=§ railway up\n"),
    "fly": Vendor(SHAPES["fly"], "FLY_API_TOKEN", 'fly deploy --access-token "FlyV1 §"\n'),
    "github": Vendor(
        SHAPES["github-classic"],
        "GITHUB_TOKEN",
        _bearer("https://api.github.com/user"),
        "const octokit = new Octokit({ auth: `§` });\n",
    ),
    "gitlab": Vendor(
        SHAPES["gitlab"],
        "GITLAB_TOKEN",
        _header("https://gitlab.com/api/v4/projects", "PRIVATE-TOKEN"),
        "git clone https://oauth2:§@gitlab.com/acme/shop.git\n",
    ),
    "bitbucket": Vendor(_of(ALNUM, 32, "ATBB"), "BITBUCKET_APP_PASSWORD", "curl -u ada:§ https://api.bitbucket.org/2.0/user\n"),
    "circleci": Vendor(
        _of(HEX, 40),
        "CIRCLE_TOKEN",
        _header("https://circleci.com/api/v2/me", "Circle-Token"),
        "circleci setup --token §\n",
    ),
    "travis": Vendor(
        _of(URL, 22),
        "TRAVIS_TOKEN",
        'curl -H "Travis-API-Version: 3" -H "Authorization: token §" https://api.travis-ci.com/repos\n',
    ),
    "codecov": Vendor(
        _uuid,
        "CODECOV_TOKEN",
        "./codecov -t §\n",
        "- uses: codecov/codecov-action@v4\n  with:\n    token: §\n    files: ./coverage.xml\n",
    ),
    "sonar": Vendor(_of(HEX, 40, "sqp_"), "SONAR_TOKEN", "sonar-scanner \\\n  -Dsonar.projectKey=shop \\\n  -Dsonar.token=§\n"),
    "snyk": Vendor(_uuid, "SNYK_TOKEN", "snyk auth §\n", 'curl -H "Authorization: token §" https://api.snyk.io/rest/self\n'),
    "artifactory": Vendor(
        _of(ALNUM, 69, "AKCp"),
        "ARTIFACTORY_API_KEY",
        'curl -H "X-JFrog-Art-Api: §" https://acme.jfrog.io/artifactory/api/repositories\n',
        "jf c add acme --url=https://acme.jfrog.io --access-token=§\n",
    ),
    "datadog": Vendor(
        _of(HEX, 32),
        "DD_API_KEY",
        _header("https://api.datadoghq.com/api/v1/validate", "DD-API-KEY"),
        'DD_API_KEY=§ DD_SITE="datadoghq.com" bash -c "$(curl -L https://install.datadoghq.com/scripts/install_script.sh)"\n',
        "helm install datadog datadog/datadog --set datadog.apiKey=§\n",
        'provider "datadog" {\n  app_key = "§"\n}\n',
    ),
    "newrelic": Vendor(SHAPES["newrelic"], "NEW_RELIC_API_KEY", _header("https://api.newrelic.com/graphql", "Api-Key")),
    "honeycomb": Vendor(
        _of(ALNUM, 22),
        "HONEYCOMB_API_KEY",
        _header("https://api.honeycomb.io/1/events/shop", "X-Honeycomb-Team"),
        'OTEL_EXPORTER_OTLP_HEADERS="x-honeycomb-team=§"\n',
    ),
    "splunk": Vendor(
        _uuid,
        "SPLUNK_HEC_TOKEN",
        'curl https://splunk.acme.dev:8088/services/collector -H "Authorization: Splunk §" -d \'{"event": "x"}\'\n',
    ),
    "sumologic": Vendor(_of(ALNUM, 64), "SUMOLOGIC_ACCESS_KEY", 'provider "sumologic" {\n  environment = "eu"\n  access_key  = "§"\n}\n'),
    "logz": Vendor(_of(ALNUM, 32), "LOGZIO_TOKEN", "https://listener.logz.io:8071/?token=§&type=http\n"),
    "loggly": Vendor(
        _uuid,
        "LOGGLY_TOKEN",
        'curl -H "content-type:text/plain" -d "hello" https://logs-01.loggly.com/inputs/§/tag/http/\n',
    ),
    "rollbar": Vendor(
        _of(HEX, 32),
        "ROLLBAR_ACCESS_TOKEN",
        "rollbar.init({\n  accessToken: '§',\n  captureUncaught: true,\n});\n",
        "rollbar.init('§', 'production')\n",
    ),
    "bugsnag": Vendor(
        _of(HEX, 32),
        "BUGSNAG_API_KEY",
        "Bugsnag.start({ apiKey: '§' })\n",
        "Bugsnag.configure do |config|\n  config.api_key = '§'\nend\n",
    ),
    "sentry": Vendor(SHAPES["sentry"], "SENTRY_AUTH_TOKEN", "sentry-cli --auth-token § releases list\n"),
    "pagerduty": Vendor(
        _of(URL, 20),
        "PAGERDUTY_TOKEN",
        'curl -H "Authorization: Token token=§" https://api.pagerduty.com/users\n',
        'provider "pagerduty" {\n  token = "§"\n}\n',
    ),
    "opsgenie": Vendor(_uuid, "OPSGENIE_API_KEY", 'curl https://api.opsgenie.com/v2/alerts -H "Authorization: GenieKey §"\n'),
    "statuspage": Vendor(_of(HEX, 32), "STATUSPAGE_API_KEY", 'curl https://api.statuspage.io/v1/pages -H "Authorization: OAuth §"\n'),
    "launchdarkly": Vendor(
        _uuid,
        "LAUNCHDARKLY_SDK_KEY",
        'ldclient.set_config(Config("sdk-§"))\n',
        _header("https://app.launchdarkly.com/api/v2/flags", "Authorization"),
    ),
    "segment": Vendor(
        _of(ALNUM, 32),
        "SEGMENT_WRITE_KEY",
        "const analytics = new Analytics({ writeKey: '§' })\n",
        "analytics.write_key = '§'\n",
    ),
    "mixpanel": Vendor(_of(HEX, 32), "MIXPANEL_API_SECRET", "curl https://data.mixpanel.com/api/2.0/export -u §:\n"),
    "amplitude": Vendor(
        _of(HEX, 32),
        "AMPLITUDE_SECRET_KEY",
        "curl -u $API_KEY:§ 'https://amplitude.com/api/2/export?start=20240101T00'\n",
    ),
    "algolia": Vendor(
        _of(HEX, 32),
        "ALGOLIA_ADMIN_KEY",
        _header("https://acme-dsn.algolia.net/1/indexes", "X-Algolia-API-Key"),
        "const client = algoliasearch('acme', '§');\n",
        "client = SearchClient.create('acme', '§')\n",
    ),
    "elastic": Vendor(
        _of(ALNUM, 58, "", "=="),
        "ELASTIC_API_KEY",
        'curl "https://es.acme.dev/_cat/indices" -H "Authorization: ApiKey §"\n',
        'es = Elasticsearch("https://es.acme.dev", api_key="§")\n',
    ),
    "meilisearch": Vendor(
        _of(URL, 43),
        "MEILI_MASTER_KEY",
        "meilisearch --master-key=§\n",
        "const client = new MeiliSearch({ host: 'http://localhost:7700', apiKey: '§' })\n",
    ),
    "mapbox": Vendor(
        _of(URL, 86, "sk.ey" + "J1Ijoi", "." + "q7Rk2LmX9vTz4WnB8cYs3A"),
        "MAPBOX_ACCESS_TOKEN",
        "mapboxgl.accessToken = '§';\n",
    ),
    "openweather": Vendor(_of(HEX, 32), "OPENWEATHER_API_KEY", "https://api.openweathermap.org/data/2.5/weather?q=Berlin&appid=§\n"),
    "alphavantage": Vendor(
        _of(UPPER, 16),
        "ALPHAVANTAGE_API_KEY",
        "https://www.alphavantage.co/query?function=TIME_SERIES_DAILY&symbol=IBM&apikey=§\n",
    ),
    "okta": Vendor(
        _of(URL, 40, "00"),
        "OKTA_API_TOKEN",
        'curl -H "Authorization: SSWS §" https://acme.okta.com/api/v1/users\n',
        'provider "okta" {\n  org_name  = "acme"\n  api_token = "§"\n}\n',
    ),
    "auth0": Vendor(
        _of(URL, 64),
        "AUTH0_CLIENT_SECRET",
        'curl --request POST --url https://acme.eu.auth0.com/oauth/token \\\n  --data \'{"client_id":"shop","client_secret":"§","grant_type":"client_credentials"}\'\n',
    ),
    "slack": Vendor(SHAPES["slack-bot"], "SLACK_BOT_TOKEN", "const app = new App({\n  token: '§',\n});\n"),
    "slack-signing": Vendor(
        _of(HEX, 32),
        "SLACK_SIGNING_SECRET",
        "const app = new App({\n  token: process.env.SLACK_BOT_TOKEN,\n  signingSecret: '§'\n});\n",
    ),
    "discord": Vendor(
        _of(URL, 38, "MTE4NjA1MTA4NjkxMjM0NTY3OA.GkT2xZ."),
        "DISCORD_TOKEN",
        "client.login('§');\n",
        "client.run('§')\n",
    ),
    "telegram": Vendor(
        SHAPES["telegram"],
        "TELEGRAM_BOT_TOKEN",
        "https://api.telegram.org/bot§/getMe\n",
        'app = ApplicationBuilder().token("§").build()\n',
    ),
    "pusher": Vendor(
        _of(HEX, 20),
        "PUSHER_APP_SECRET",
        'const pusher = new Pusher({\n  appId: "1201",\n  secret: "§",\n  cluster: "eu",\n});\n',
    ),
    "ably": Vendor(
        _of(ALNUM + "_-", 43, "xVLyHw.q1k9Ew:"),
        "ABLY_API_KEY",
        "const ably = new Ably.Realtime('§');\n",
        "const ably = new Ably.Rest({ key: '§' });\n",
    ),
    "pubnub": Vendor(_of(ALNUM, 48, "sec-c-"), "PUBNUB_SECRET_KEY", "pnconfig.secret_key = '§'\n"),
    "stream": Vendor(_of(LOWER, 64), "STREAM_API_" + "SEC" + "RET", "const client = StreamChat.getInstance('acme', '§');\n"),
    "vonage": Vendor(
        _of(ALNUM, 16),
        "VONAGE_API_SECRET",
        "client = vonage.Client(key=os.environ['K'], secret='§')\n",
        'curl https://rest.nexmo.com/sms/json -d "api_secret=§" -d "to=447700900000"\n',
    ),
    "zoom": Vendor(_of(ALNUM, 32), "ZOOM_CLIENT_SECRET", "zoomus client --client-secret §\n"),
    "twitter": Vendor(
        _of(ALNUM, 50),
        "TWITTER_API_SECRET",
        'auth = tweepy.OAuthHandler(os.environ["CK"], "§")\n',
        "client = Twitter::REST::Client.new do |config|\n  config.consumer_secret = '§'\nend\n",
    ),
    "twitter-bearer": Vendor(
        _of(ALNUM + "%", 82, "AAAAAAAAAAAAAAAAAAAAA"),
        "TWITTER_BEARER_TOKEN",
        _bearer("https://api.twitter.com/2/tweets/20"),
        'client = tweepy.Client("§")\n',
    ),
    "facebook": Vendor(
        _of(HEX, 32),
        "FACEBOOK_APP_SECRET",
        "https://graph.facebook.com/oauth/access_token?client_id=1201&client_secret=§&grant_type=client_credentials\n",
        "$fb = new Facebook([\n  'app_secret' => '§',\n]);\n",
    ),
    "facebook-page": Vendor(_of(ALNUM, 160, "EAA"), "FB_PAGE_TOKEN", "https://graph.facebook.com/v19.0/me?access_token=§\n"),
    "linkedin": Vendor(
        _of(ALNUM, 16),
        "LINKEDIN_CLIENT_SECRET",
        'curl -X POST https://www.linkedin.com/oauth/v2/accessToken --data-urlencode "client_secret=§"\n',
    ),
    "spotify": Vendor(
        _of(HEX, 32),
        "SPOTIPY_CLIENT_SECRET",
        'sp = spotipy.Spotify(auth_manager=SpotifyClientCredentials(client_id=cid, client_secret="§"))\n',
        'var spotifyApi = new SpotifyWebApi({\n  clientSecret: "§"\n});\n',
    ),
    "dropbox": Vendor(
        _of(URL, 130, "sl.B"),
        "DROPBOX_ACCESS_TOKEN",
        'dbx = dropbox.Dropbox("§")\n',
        _bearer("https://api.dropboxapi.com/2/files/list_folder"),
    ),
    "box": Vendor(
        _of(ALNUM, 32),
        "BOX_DEVELOPER_TOKEN",
        "var client = BoxSDK.getBasicClient('§');\n",
        _bearer("https://api.box.com/2.0/users/me"),
    ),
    "asana": Vendor(
        _of(HEX, 32, "1/1201:"),
        "ASANA_TOKEN",
        'client = asana.Client.access_token("§")\n',
        _bearer("https://app.asana.com/api/1.0/users/me"),
    ),
    "trello": Vendor(_of(HEX, 64), "TRELLO_TOKEN", "https://api.trello.com/1/members/me/boards?key=k&token=§\n"),
    "notion": Vendor(
        _of(ALNUM, 43, "secret_"),
        "NOTION_TOKEN",
        'const notion = new Client({ auth: "§" })\n',
        _bearer("https://api.notion.com/v1/users"),
    ),
    "jira": Vendor(
        _of(ALNUM, 24),
        "JIRA_API_TOKEN",
        "curl --user ada@acme.dev:§ https://acme.atlassian.net/rest/api/3/myself\n",
        'jira = JIRA("https://acme.atlassian.net", basic_auth=("ada@acme.dev", "§"))\n',
    ),
    "linear": Vendor(SHAPES["linear"], "LINEAR_API_KEY", _header("https://api.linear.app/graphql", "Authorization")),
    "zendesk": Vendor(
        _of(ALNUM, 40),
        "ZENDESK_API_TOKEN",
        "curl https://acme.zendesk.com/api/v2/users.json -u ada@acme.dev/token:§\n",
        "ZendeskAPI::Client.new do |config|\n  config.token = '§'\nend\n",
    ),
    "intercom": Vendor(
        _of(ALNUM + "=", 60, "dG9rOm"),
        "INTERCOM_TOKEN",
        _bearer("https://api.intercom.io/me"),
        "const client = new Client({ tokenAuth: { token: '§' } });\n",
    ),
    "freshdesk": Vendor(_of(ALNUM, 20), "FRESHDESK_API_KEY", "curl -u §:X https://acme.freshdesk.com/api/v2/tickets\n"),
    "hubspot": Vendor(_uuid, "HUBSPOT_ACCESS_TOKEN", 'const hubspotClient = new hubspot.Client({ accessToken: "pat-eu1-§" })\n'),
    "salesforce": Vendor(
        _of(ALNUM, 24),
        "SF_SECURITY_TOKEN",
        "sf = Salesforce(username='ada@acme.dev', password=pw, security_token='§')\n",
    ),
    "shopify": Vendor(
        SHAPES["shopify"],
        "SHOPIFY_ACCESS_TOKEN",
        _header("https://acme.myshopify.com/admin/api/2024-01/shop.json", "X-Shopify-Access-Token"),
    ),
    "airtable": Vendor(SHAPES["airtable"], "AIRTABLE_API_KEY", "var base = new Airtable({apiKey: '§'}).base('app1');\n"),
    "contentful": Vendor(
        _of(URL, 43),
        "CONTENTFUL_ACCESS_TOKEN",
        "const client = contentful.createClient({\n  space: 'acme',\n  accessToken: '§'\n})\n",
        "https://cdn.contentful.com/spaces/acme/entries?access_token=§\n",
    ),
    "cloudinary": Vendor(
        _of(URL, 27),
        "CLOUDINARY_API_SECRET",
        "CLOUDINARY_URL=cloudinary://373364719177799:§@acme\n",
        "cloudinary.config({\n  cloud_name: 'acme',\n  api_secret: '§'\n});\n",
    ),
    "unsplash": Vendor(_of(URL, 43), "UNSPLASH_ACCESS_KEY", 'curl -H "Authorization: Client-ID §" https://api.unsplash.com/photos\n'),
    "mongodb": Vendor(
        _of(ALNUM, 16),
        "MONGODB_PASSWORD",
        'const uri = "mongodb+srv://shop:§@cluster0.ab1cd.mongodb.net/?retryWrites=true";\n',
        'mongosh "mongodb+srv://cluster0.ab1cd.mongodb.net/shop" --username shop --password §\n',
    ),
    "mongodb-atlas": Vendor(
        _uuid,
        "MONGODB_ATLAS_PRIVATE_KEY",
        'curl --user "$PUBLIC:§" --digest https://cloud.mongodb.com/api/atlas/v2/groups\n',
    ),
    "supabase": Vendor(SHAPES["jwt"], "SUPABASE_SERVICE_ROLE_KEY", "const supabase = createClient('https://acme.supabase.co', '§')\n"),
    "planetscale": Vendor(SHAPES["planetscale"], "PLANETSCALE_SERVICE_TOKEN", "pscale org list --service-token §\n"),
    "upstash": Vendor(
        _of(ALNUM, 54, "AX", "=="),
        "UPSTASH_REDIS_REST_TOKEN",
        "const redis = new Redis({\n  url: 'https://eu1.upstash.io',\n  token: '§',\n})\n",
    ),
    "redis": Vendor(
        _of(ALNUM, 32),
        "REDIS_PASSWORD",
        "redis-cli -h redis.acme.dev -p 6379 -a §\n",
        "r = redis.Redis(host='redis.acme.dev', port=6379, password='§')\n",
    ),
    "snowflake": Vendor(
        _of(ALNUM + "!", 18),
        "SNOWFLAKE_PASSWORD",
        "conn = snowflake.connector.connect(\n    user='ADA',\n    password='§',\n    account='acme-eu1',\n)\n",
    ),
    "databricks": Vendor(SHAPES["databricks"], "DATABRICKS_TOKEN", 'provider "databricks" {\n  token = "§"\n}\n'),
    "confluent": Vendor(
        _of(ALNUM + "+/", 64),
        "CONFLUENT_API_SECRET",
        "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username='K7' password='§';\n",
        "confluent api-key store K7QW2MZR9TLX4VBN §\n",
    ),
    "vault": Vendor(
        SHAPES["vault"],
        "VAULT_TOKEN",
        "vault login §\n",
        _header("https://vault.acme.dev/v1/secret/data/shop", "X-Vault-Token"),
    ),
    "doppler": Vendor(_of(ALNUM, 40, "dp.st.prd."), "DOPPLER_TOKEN", "doppler run --token=§ -- ./shop\n"),
    "pulumi": Vendor(
        _of(HEX, 40, "pul-"),
        "PULUMI_ACCESS_TOKEN",
        'curl -H "Authorization: token §" https://api.pulumi.com/api/user\n',
    ),
    "docker": Vendor(SHAPES["docker"], "DOCKERHUB_TOKEN", "docker login -u acme -p §\n"),
    "npm": Vendor(SHAPES["npm"], "NPM_TOKEN", "npm config set //registry.npmjs.org/:_authToken=§\n"),
    "nuget": Vendor(
        SHAPES["nuget"],
        "NUGET_API_KEY",
        "dotnet nuget push Shop.1.0.nupkg --api-key § --source https://api.nuget.org/v3/index.json\n",
    ),
    "rubygems": Vendor(SHAPES["rubygems"], "GEM_HOST_API_KEY", "curl -H 'Authorization:§' https://rubygems.org/api/v1/gems.json\n"),
    "crates": Vendor(_of(ALNUM, 32, "cio"), "CARGO_REGISTRY_TOKEN", "cargo login §\n", "cargo publish --token §\n"),
    "tailscale": Vendor(_of(ALNUM, 32, "tskey-" + "auth-kAb12CNTRL-"), "TS_AUTHKEY", "tailscale up --authkey §\n"),
    "ngrok": Vendor(_of(ALNUM, 43, "2Qk9_"), "NGROK_AUTHTOKEN", "ngrok config add-authtoken §\n"),
    "weights-and-biases": Vendor(_of(HEX, 40), "WANDB_API_KEY", "wandb login §\n", 'wandb.login(key="§")\n'),
    "comet": Vendor(_of(ALNUM, 25), "COMET_API_KEY", 'experiment = Experiment(api_key="§", project_name="shop")\n'),
    "neptune": Vendor(
        _of(ALNUM, 120, "eyJhcGlfYWRkcmVzcyI6"),
        "NEPTUNE_API_TOKEN",
        'run = neptune.init_run(project="acme/shop", api_token="§")\n',
    ),
    "pinecone": Vendor(_uuid, "PINECONE_API_KEY", 'pc = Pinecone(api_key="§")\n', _header("https://api.pinecone.io/indexes", "Api-Key")),
    "qdrant": Vendor(
        _of(URL, 54),
        "QDRANT_API_KEY",
        'client = QdrantClient(\n    url="https://eu1.qdrant.io",\n    api_key="§",\n)\n',
    ),
    "clerk": Vendor(_of(ALNUM, 42, "sk_" + "live_"), "CLERK_SECRET_KEY", "clerkClient({ secretKey: '§' })\n"),
    "sparkpost": Vendor(
        _of(HEX, 40),
        "SPARKPOST_API_KEY",
        "var client = new SparkPost('§');\n",
        _header("https://api.sparkpost.com/api/v1/account", "Authorization"),
    ),
    "mailchimp": Vendor(SHAPES["mailchimp"], "MAILCHIMP_API_KEY", "curl -u any:§ https://us12.api.mailchimp.com/3.0/\n"),
    "bitly": Vendor(_of(HEX, 40), "BITLY_TOKEN", _bearer("https://api-ssl.bitly.com/v4/user")),
    "yandex": Vendor(
        _of(URL, 52, "y0_AgAAAA"),
        "YANDEX_TOKEN",
        'curl -H "Authorization: OAuth §" https://cloud-api.yandex.net/v1/disk\n',
    ),
    "clickhouse": Vendor(
        _of(ALNUM + "_~.", 13),
        "CLICKHOUSE_PASSWORD",
        "clickhouse-client --host eu1.clickhouse.cloud --secure --password §\n",
        "curl --user 'default:§' --data-binary 'SELECT 1' https://eu1.clickhouse.cloud:8443\n",
    ),
}
"""A row for each vendor; the values in the snippets are generated."""
