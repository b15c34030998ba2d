"""Keys of payment, commerce, finance and crypto services."""

from sotctl.secrets.published import is_unpublished
from sotctl.secrets.shapes import ALNUM, ANYHEX, BASE58, BASE64, BASE64URL, DASHED_HEX, HEX, LETTER, LOWER, WORD, keyed, shaped, token
from sotctl.secrets.values import is_random

RULES = (
    token("stripe-secret-key", "Stripe secret key", "https://docs.stripe.com/keys", ("sk_live_", "sk_test_", "sk_prod_", "sk_org_live_", "sk_org_test_"), ALNUM, 16, 250, accept=is_unpublished),
    token("stripe-restricted-key", "Stripe restricted key", "https://docs.stripe.com/keys", ("rk_live_", "rk_test_", "rk_prod_"), ALNUM, 16, 250),
    token("square-access-token", "Square access token", "https://developer.squareup.com/docs/build-basics/access-tokens", "EAAA", BASE64URL, 56, 64),
    token("square-oauth-secret", "Square OAuth secret", "https://developer.squareup.com/docs/oauth-api/overview", ("sq0csp-", "sq0atp-"), BASE64URL, 22, 50),
    token("paypal-braintree-token", "Braintree or PayPal access token", "https://developer.paypal.com/braintree/docs", ("access_token$production$", "access_token$sandbox$"), LOWER, 16, tail=r"\$[0-9a-f]{32}"),
    keyed("paypal-secret", "PayPal or Braintree secret", "https://developer.paypal.com/api/rest/", ("paypal", "braintree"), BASE64URL, 32, 80),
    token("shopify-token", "Shopify token", "https://shopify.dev/docs/apps/build/authentication-authorization", ("shpat_", "shpca_", "shppa_", "shpss_", "shptka_", "shpua_"), ANYHEX, 32),
    token("shopify-partner-token", "Shopify partner token", "https://shopify.dev/docs/api/partner", "prtapi_", ANYHEX, 32),
    token("flutterwave-key", "Flutterwave key", "https://developer.flutterwave.com/docs/authentication", ("FLWSECK-", "FLWSECK_TEST-"), ANYHEX, 12, 40, tail="(?:-X)?", accept=lambda v: is_random(v, least=12)),
    token("razorpay-key-id", "Razorpay key id", "https://razorpay.com/docs/api/authentication/", ("rzp_live_", "rzp_test_"), ALNUM, 14),
    token("paddle-key", "Paddle key", "https://developer.paddle.com/api-reference/about/api-keys", ("pdl_live_apikey_", "pdl_sdbx_apikey_"), WORD, 50, 60),
    shaped(
        "ebay-client-secret",
        "eBay client secret",
        "https://developer.ebay.com/api-docs/static/gs_create-the-ebay-api-keysets.html",
        ("PRD-", "SBX-"),
        r"(?<![A-Za-z0-9\-])(?:PRD|SBX)-[0-9a-f]{8,12}(?:-[0-9a-f]{3,4}){3}-[0-9a-f]{4,8}(?![A-Za-z0-9\-])",
        lead=(HEX, 8),
        misses=("PRD-0a1b2c3d", "Ada-app-PRD-" + "0a1b2c3d4e-5f6a7b8c"),
    ),
    token("paddle-webhook-secret", "Paddle webhook secret", "https://developer.paddle.com/webhooks/signature-verification", "pdl_ntfset_", WORD, 40, 70),
    token("adyen-key", "Adyen API key", "https://docs.adyen.com/development-resources/api-credentials/", "AQE", BASE64, 60, 120, accept=is_random, tail=r"={0,2}-[A-Za-z0-9+/=]{40,90}-[!-~]{16}"),  # else lines of any PEM file match
    token("plaid-token", "Plaid access token", "https://plaid.com/docs/api/items/", ("access-sandbox-", "access-development-", "access-production-"), DASHED_HEX, 36),
    keyed("plaid-secret", "Plaid secret", "https://plaid.com/docs/quickstart/glossary/", ("plaid",), HEX, 30),
    token("checkout-com-key", "Checkout.com key", "https://www.checkout.com/docs/developer-resources/api/api-authentication", ("sk_sbox_",), LOWER, 26, 30, tail="[*#$=@:!]?"),
    keyed(
        "coinbase-key", "Coinbase, Binance, Kraken, KuCoin, Bitfinex or Bybit key", "https://docs.cdp.coinbase.com", ("coinbase", "binance", "kraken", "kucoin", "bitfinex", "bybit", "bittrex", "bitmex", "okx_"), r"A-Za-z0-9+/=_\-", 32, 90
    ),
    token("gocardless-token", "GoCardless token", "https://developer.gocardless.com/api-reference/", ("live_", "sandbox_"), r"A-Za-z0-9_\-=", 40, accept=is_random),
    token("mollie-key", "Mollie API key", "https://docs.mollie.com/reference/authentication", ("live_", "test_"), ALNUM, 30, accept=is_random, edge=WORD),
    token("duffel-token", "Duffel token", "https://duffel.com/docs/api/overview/authentication", ("duffel_test_", "duffel_live_"), r"A-Za-z0-9_\-=", 43),
    token("easypost-key", "EasyPost key", "https://docs.easypost.com/docs/authentication", ("EZAK", "EZTK"), ALNUM, 54),
    token("shippo-token", "Shippo token", "https://docs.goshippo.com/docs/guides_general/authentication/", ("shippo_live_", "shippo_test_"), HEX, 40),
    token("lob-key", "Lob key", "https://docs.lob.com", ("live_", "test_"), HEX, 35, edge=WORD),
    token("polar-token", "Polar token", "https://polar.sh/docs/integrate/oat", ("polar_oat_", "polar_pat_", "polar_at_u_", "polar_at_o_", "polar_rt_"), ALNUM, 43),
    token("increase-key", "Increase API key", "https://increase.com/documentation/api", ("increase_",), WORD, 32, 64),
    token("chargebee-key", "Chargebee key", "https://apidocs.chargebee.com/docs/api", ("live_", "test_"), ALNUM, 32, 50, accept=is_random, edge=WORD),
    token("revenuecat-key", "RevenueCat secret key", "https://www.revenuecat.com/docs/projects/authentication", ("sk_", "appl_", "goog_"), LETTER, 28, 32, accept=is_random),
    token("alchemy-key", "Alchemy key", "https://www.alchemy.com/docs", ("alcht_",), ALNUM, 30),
    shaped(
        "web3-endpoint-key",
        "key in the URL of a blockchain endpoint",
        "https://docs.metamask.io/services/get-started/infura/",
        ("infura.io/v3/", "alchemy.com/v2/", "alchemyapi.io/v2/", "quiknode.pro/"),
        r"(?:infura\.io/v3|alchemy\.com/v2|alchemyapi\.io/v2|quiknode\.pro)/(?P<secret>[A-Za-z0-9_\-]{32,40})",
        accept=is_random,
        misses=("https://mainnet.infura.io/v3/", "infura.io/v3/<key>"),
    ),
    shaped(
        "ethereum-private-key",
        "Ethereum private key",
        "https://ethereum.org/en/developers/docs/accounts/",
        ("private_key", "privatekey", "private key", "wallet_key", "deployer_key", "mnemonic_key"),
        r"(?i:private[_ ]?key|wallet_key|deployer_key)[\w]{0,12}[\"']?\s{0,20}[:=]\s{0,4}[\"'\[]{0,2}(?P<secret>(?:0x)?[0-9a-fA-F]{64})(?![0-9a-fA-F])",
        fold=True,
        misses=("private_key: none", "private_key = ${KEY}"),
    ),
    token("bitcoin-extended-key", "extended private key of a wallet (BIP 32)", "https://github.com/bitcoin/bips/blob/master/bip-0032.mediawiki", ("xprv9", "tprv8", "zprvA", "yprvA"), BASE58, 106),
    token("nostr-key", "Nostr private key", "https://github.com/nostr-protocol/nips/blob/master/19.md", "nsec1", LOWER, 58),
    keyed("marketdata-key", "Alpha Vantage, Polygon, Finnhub or IEX key", "https://www.alphavantage.co/documentation/", ("alphavantage", "alpha_vantage", "polygon", "finnhub", "iexcloud", "tiingo", "quandl"), WORD, 16, 40),
    keyed("exchange-rate-key", "Fixer, Currencylayer or Open Exchange Rates key", "https://docs.openexchangerates.org", ("fixer", "currencylayer", "openexchangerates", "marketstack", "aviationstack", "ipstack", "weatherstack"), HEX, 32),
    token("brex-token", "Brex token", "https://developer.brex.com/docs/authentication/", "bxt_", ALNUM, 32, 64),
    token("revolut-token", "Revolut access token", "https://developer.revolut.com/docs/guides/build-banking-apps", ("oa_prod_", "oa_sand_"), BASE64URL, 40, 64),
    token("asaas-key", "Asaas API key", "https://docs.asaas.com/docs/authentication-2", ("$aact_prod_", "$aact_hmlg_"), r"A-Za-z0-9:+/=", 24, 240),
)
