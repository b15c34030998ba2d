"""Tokens and webhooks of chat, voice and mail services."""

import binascii

from sotctl.secrets.rule import SecretRule
from sotctl.secrets.shapes import ALNUM, BASE64URL, EDGE, HEX, LOWER, WORD, keyed, token
from sotctl.secrets.values import is_generated, is_random, pronounceable

_SLACK = "https://api.slack.com/authentication/token-types"


def _is_discord(value: bytes) -> bool:
    """Tell whether the first part of *value* is the number of an account."""
    number, _, rest = value.partition(b".")
    try:
        return binascii.a2b_base64(number + b"=" * (-len(number) % 4)).isdigit() and is_generated(rest)
    except binascii.Error:
        return False


RULES = (
    SecretRule(
        id="slack-bot-token",
        summary="Slack bot token",
        keywords=("xoxb-",),
        source=_SLACK + "#bot",
        pattern=EDGE + r"xoxb-[0-9A-Fa-f]{8,14}-(?:[0-9A-Fa-f]{8,14}-)?[A-Za-z0-9]{18,34}(?![A-Za-z0-9])",
        lead=("0-9A-Fa-f", 6),
        matches=("xoxb-" + "1" * 12 + "-" + "2" * 12 + "-" + "aB3" * 8,),
        misses=("xoxb-", "xoxb-123-456-abc"),
        accept=lambda value: is_generated(value.rsplit(b"-", 1)[-1]),
    ),
    token("slack-user-token", "Slack user token", _SLACK, ("xoxp-", "xoxa-2-", "xoxa-", "xoxr-", "xoxo-"), r"A-Za-z0-9\-", 40, 120),
    token(
        "slack-workspace-token",
        "Slack workspace token",
        _SLACK,
        ("xoxa-2-", "xoxr-2-"),
        r"0-9",
        6,
        14,
        tail="-[0-9]{6,14}(?:-[A-Za-z0-9]{8,64}){0,3}",
        tails=("-" + "1830275946",),
        accept=lambda body: is_generated(body.rpartition(b"-")[2]),
    ),
    SecretRule(
        id="slack-legacy-workspace-token",
        summary="Slack workspace token, old form",
        keywords=("xoxa-", "xoxr-"),
        source=_SLACK,
        pattern=EDGE + r"xox[ar]-(?:[0-9]-)?(?P<secret>[A-Za-z0-9]{8,48})(?![A-Za-z0-9\-])",
        matches=("xoxa-" + "aB3dE6gH9k", "xoxr-" + "6-" + "aB3dE6gH9k"),
        misses=("xoxa-workspace", "xoxr-12345678", "xoxa-2-12345678-12345678"),
        accept=lambda value: is_generated(value) and not value.isdigit() and not (value.isalpha() and pronounceable(value.lower().decode()) >= 0.6),
    ),
    token("slack-legacy-token", "Slack session token", _SLACK, ("xoxs-", "xoxd-", "xoxc-"), r"A-Za-z0-9%\-", 40, 260),
    token("slack-app-token", "Slack app-level token", _SLACK, "xapp-1-", r"A-Z0-9", 8, 14, tail="-[0-9]{8,14}-[a-f0-9]{40,70}", tails=("-" + "1234567891" + "-" + "0a1b2c3d" * 8,)),
    token("slack-config-token", "Slack configuration token", _SLACK, ("xoxe.xoxp-1-", "xoxe.xoxb-1-", "xoxe-1-"), r"A-Za-z0-9", 100, 200),
    SecretRule(
        id="slack-webhook",
        summary="Slack webhook",
        keywords=("hooks.slack.com/",),
        source="https://api.slack.com/messaging/webhooks",
        pattern=r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<secret>[A-Za-z0-9]{8,14}/[A-Za-z0-9]{8,14}/[A-Za-z0-9/]{18,64}|[A-Za-z0-9+/]{43,60})",
        matches=("https://hooks.slack.com/services/" + "T0A1B2C3D/" + "B4E5F6G7H/" + "aB3dE6gH" * 3,),
        misses=("hooks.slack.com/services/", "hooks.slack.com/services/T000/B000/xxxx"),
        accept=is_generated,
    ),
    SecretRule(
        id="discord-token",
        summary="Discord bot token",
        keywords=tuple(f"{first}{second}" for first in "MNO" for second in "DTjzAQgw"),
        lead=(BASE64URL, 22),
        source="https://discord.com/developers/docs/reference#authentication",
        pattern=r"(?<![A-Za-z0-9_\-.])[MNO][DTjzAQgw](?P<id>[A-Za-z0-9]{22,26})\.[A-Za-z0-9_\-]{6}\.[A-Za-z0-9_\-]{27,40}(?![A-Za-z0-9_\-])",
        matches=("MTA5ODc2NTQzMjEwOTg3" + "NjU0Mw.xY7zW2." + "aB3dE6gH9" * 3,),
        misses=("MTA5ODc2NTQzMjEwOTg3NjU0Mw", "bot: none", "MTa5ODc2NTQzMjEwOTg3" + "NjU0Mw.xY7zW2." + "aB3dE6gH9" * 3),
        accept=_is_discord,
    ),
    SecretRule(
        id="discord-webhook",
        summary="Discord webhook",
        keywords=("/api/webhooks/", "/webhooks/"),
        source="https://discord.com/developers/docs/resources/webhook",
        reach=24,
        window=140,
        pattern=r"discord(?:app)?\.com/api/(?:v[0-9]{1,2}/)?webhooks/[0-9]{15,21}/(?P<secret>[A-Za-z0-9_\-]{60,90})",
        matches=("https://discord.com/api/webhooks/" + "123456789012345678/" + "aB3dE6gH9k" * 6 + "aB3dE6gH",),
        misses=("discord.com/api/webhooks/1/x",),
        accept=is_generated,
    ),
    SecretRule(
        id="teams-webhook",
        summary="Microsoft Teams webhook",
        keywords=(".webhook.office.com/",),
        source="https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/",
        pattern=r"\.webhook\.office\.com/webhookb2/(?P<secret>[0-9a-z\-]{36}@[0-9a-z\-]{36}/IncomingWebhook/[0-9a-z]{32}/[0-9a-z\-]{36}[A-Za-z0-9/_\-]{0,80})",
        matches=(
            "https://a.webhook.office.com/webhookb2/"
            + "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d@0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
            + "/IncomingWebhook/"
            + "0a1b2c3d" * 4
            + "/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
        ),
        misses=("https://a.webhook.office.com/webhookb2/",),
    ),
    SecretRule(
        id="google-chat-webhook",
        summary="Google Chat webhook",
        keywords=("chat.googleapis.com/v1/spaces/",),
        source="https://developers.google.com/workspace/chat/quickstart/webhooks",
        pattern=r"chat\.googleapis\.com/v1/spaces/[A-Za-z0-9_\-]{8,20}/messages\?key=[A-Za-z0-9_\-]{10,60}&token=(?P<secret>[A-Za-z0-9_\-%=]{30,80})",
        matches=("https://chat.googleapis.com/v1/spaces/AAAAbCdEfGh/messages?key=k1k2k3k4k5k6&token=" + "aB3dE6gH9k" * 4,),
        misses=("chat.googleapis.com/v1/spaces/x",),
        accept=is_generated,
    ),
    SecretRule(
        id="telegram-bot-token",
        summary="Telegram bot token",
        keywords=(":AA",),
        reach=16,
        window=40,
        source="https://core.telegram.org/bots/api#authorizing-your-bot",
        pattern=r"(?<![0-9A-Za-z\-])(?:bot)?(?P<secret>[0-9]{7,10}:AA[A-Za-z0-9_\-]{32,33})(?![A-Za-z0-9_\-])",
        matches=("1234567890" + ":AA" + "aB3dE6gH9k" * 3 + "xYz",),
        misses=(":AA", "12:AAbb"),
        accept=lambda value: is_generated(value.partition(b":")[2]),
    ),
    token("notion-token", "Notion token", "https://developers.notion.com/reference/authentication", ("ntn_",), ALNUM, 40, 60),
    token("notion-legacy-token", "Notion token, old form", "https://developers.notion.com/reference/authentication", "secret_", ALNUM, 43),
    token("twilio-key", "Twilio API key", "https://www.twilio.com/docs/iam/api-keys", "SK", HEX, 32),
    token("twilio-account-sid", "Twilio account SID", "https://www.twilio.com/docs/glossary/what-is-a-sid", "AC", HEX, 32, accept=is_random),
    keyed("twilio-auth-token", "Twilio auth token", "https://www.twilio.com/docs/iam/api", ("twilio",), HEX, 32),
    token(
        "sendgrid-key",
        "SendGrid API key",
        "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys",
        "SG.",
        BASE64URL,
        16,
        32,
        tail=r"\.[A-Za-z0-9_\-]{32,64}(?![A-Za-z0-9_\-])",
        tails=("." + "aB3dE6gH9k" * 4 + "aB3",),
    ),
    token("mailgun-key", "Mailgun key", "https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt", ("key-", "pubkey-"), HEX, 32),
    SecretRule(
        id="mailgun-new-key",
        summary="Mailgun key",
        keywords=("mailgun", "mg_", "api:"),
        fold=True,
        source="https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt",
        pattern=r"(?i:mailgun|mg_|api:)[\w .\-]{0,24}[\"']?\s{0,20}[:=]?\s{0,4}[\"']?(?P<secret>[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8})(?![0-9a-f])",
        matches=("MAILGUN_API_" + "KEY=" + "0a1b2c3d" * 4 + "-0a1b2c3d-4e5f6a7b",),
        misses=("mailgun key", "mailgun-js 1.2"),
    ),
    SecretRule(
        id="mailchimp-api-key",
        summary="Mailchimp API key",
        keywords=("-us",),
        near="[0-9a-f]{32}-us[0-9]",
        reach=33,
        window=8,
        source="https://mailchimp.com/developer/marketing/guides/quick-start/",
        pattern=r"(?<![0-9A-Za-z\-])(?P<secret>[0-9a-f]{32}-us[0-9]{1,2})(?![0-9A-Za-z\-])",
        matches=("0a1b2c3d" * 4 + "-us" + "12",),
        misses=("en-us", "-us1"),
        accept=is_generated,
    ),
    token("mandrill-key", "Mailchimp Transactional (Mandrill) key", "https://mailchimp.com/developer/transactional/guides/quick-start/", "md-", BASE64URL, 22, accept=is_random),
    token("brevo-key", "Brevo key", "https://developers.brevo.com/docs/getting-started", ("xkeysib-", "xsmtpsib-"), HEX, 64, tail="-[A-Za-z0-9]{16}", tails=("-" + "aB3dE6gH" * 2,), whole=True),
    token("resend-key", "Resend key", "https://resend.com/docs/api-reference/introduction", "re_", WORD, 30, 40, accept=is_random),
    token("mailersend-key", "MailerSend key", "https://developers.mailersend.com/general.html#authentication", "mlsn.", HEX, 64),
    token("klaviyo-key", "Klaviyo private key", "https://developers.klaviyo.com/en/docs/authenticate_", "pk_", HEX, 34),
    keyed("klaviyo-named-key", "Klaviyo private key", "https://developers.klaviyo.com/en/docs/authenticate_", ("klaviyo",), ALNUM, 34, head="pk_", accept=is_generated),
    token("plunk-key", "Plunk key", "https://docs.useplunk.com", ("sk_", "pk_"), HEX, 48),
    keyed("postmark-token", "Postmark, SparkPost or Mailjet key", "https://postmarkapp.com/developer/api/overview", ("postmark", "sparkpost", "mailjet"), r"0-9a-f\-", 32, 40),
    token("intercom-token", "Intercom token", "https://developers.intercom.com/docs/build-an-integration/learn-more/authentication", "dG9rO", ALNUM, 50, 60, tail="={0,2}"),
    keyed("intercom-key", "Intercom, Zendesk or Freshdesk key", "https://developer.zendesk.com/api-reference/introduction/security-and-auth/", ("intercom", "zendesk", "freshdesk"), ALNUM, 20, 60),
    keyed("messagebird-key", "MessageBird, Vonage, Plivo or Nexmo key", "https://developers.messagebird.com/api/", ("messagebird", "vonage", "nexmo", "plivo", "sinch"), ALNUM, 16, 40),
    keyed(
        "mattermost-token",
        "Mattermost, Rocket.Chat or Gitter token",
        "https://developers.mattermost.com/integrate/reference/personal-access-token/",
        ("mattermost", "rocketchat", "gitter", "zulip"),
        ALNUM,
        26,
        43,
    ),
    token("zoho-token", "Zoho OAuth token", "https://www.zoho.com/accounts/protocol/oauth.html", ("1000.",), HEX, 32, tail=r"\.[0-9a-f]{32}", tails=("." + "0a1b2c3d" * 4,)),
    token("knock-key", "Knock key", "https://docs.knock.app/reference", ("sk_knock_", "knock_"), BASE64URL, 32, 64),
    token("courier-key", "Courier key", "https://www.courier.com/docs/reference/intro", ("pk_prod_", "dk_prod_"), r"0-9A-Z", 28),
    token("webex-token", "Webex token", "https://developer.webex.com/docs/bots", "NT", BASE64URL, 62, tail="_[A-Z0-9]{4}_[0-9a-f-]{36}", tails=("_PF84_" + "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",)),
    keyed("zoom-secret", "Zoom secret", "https://developers.zoom.us/docs/integrations/", ("zoom",), ALNUM, 32, 36),
    token("cal-com-key", "Cal.com key", "https://cal.com/docs/api-reference/v1/authentication", "cal_live_", LOWER, 32),
)
