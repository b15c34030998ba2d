"""Tokens and webhooks of chat, voice and mail services."""

import binascii

from sotctl.secrets.rule import SecretRule
from sotctl.secrets.shapes import ALNUM, BASE64, BASE64URL, DASHED, DASHED_HEX, EDGE, HEX, LOWER, UPPER, WORD, keyed, shaped, token
from sotctl.secrets.values import is_generated, is_random, pronounceable

_SLACK = "https://api.slack.com/authentication/token-types"


def _is_discord(value: bytes) -> bool:
    """Whether the first part of *value* is an account number in base64, and the rest looks generated."""
    number, _, rest = value.partition(b".")
    try:
        return binascii.a2b_base64(number + b"=" * (-len(number) % 4)).isdigit() and is_generated(rest)
    except binascii.Error:
        return False


RULES = (
    shaped(
        "slack-bot-token",
        "Slack bot token",
        _SLACK + "#bot",
        "xoxb-",
        EDGE + r"xoxb-[0-9A-Fa-f]{8,14}-(?:[0-9A-Fa-f]{8,14}-)?[A-Za-z0-9]{18,34}(?![A-Za-z0-9])",
        accept=lambda value: is_generated(value.rsplit(b"-", 1)[-1]),
        lead=("0-9A-Fa-f", 6),
        misses=("xoxb-123-456-abc",),
    ),
    token("slack-user-token", "Slack user token", _SLACK, ("xoxp-", "xoxa-2-", "xoxa-", "xoxr-", "xoxo-"), DASHED, 40, 120),
    token("slack-workspace-token", "Slack workspace token", _SLACK, ("xoxa-2-", "xoxr-2-"), r"0-9", 6, 14, tail="-[0-9]{6,14}(?:-[A-Za-z0-9]{8,64}){0,3}", accept=lambda body: is_generated(body.rpartition(b"-")[2])),
    shaped(
        "slack-legacy-workspace-token",
        "Slack workspace token, old format",
        _SLACK,
        ("xoxa-", "xoxr-"),
        EDGE + r"xox[ar]-(?:[0-9]-)?(?P<secret>[A-Za-z0-9]{8,48})(?![A-Za-z0-9\-])",
        accept=lambda value: is_generated(value) and not value.isdigit() and not (value.isalpha() and pronounceable(value.lower().decode()) >= 0.6),
        misses=("xoxa-workspace", "xoxr-12345678", "xoxa-2-12345678-12345678"),
    ),
    token("slack-legacy-token", "Slack session token", _SLACK, ("xoxs-", "xoxd-", "xoxc-"), r"A-Za-z0-9%\-", 40, 260),
    token("slack-app-token", "Slack app-level token", _SLACK, "xapp-1-", UPPER, 8, 14, tail="-[0-9]{8,14}-[a-f0-9]{40,70}"),
    token("slack-config-token", "Slack configuration token", _SLACK, ("xoxe.xoxp-1-", "xoxe.xoxb-1-", "xoxe-1-"), ALNUM, 100, 200),
    shaped(
        "slack-webhook",
        "Slack webhook",
        "https://api.slack.com/messaging/webhooks",
        "hooks.slack.com/",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<secret>[A-Za-z0-9]{8,14}/[A-Za-z0-9]{8,14}/[A-Za-z0-9/]{18,64}|[A-Za-z0-9+/]{43,60})",
        misses=("hooks.slack.com/services/", "hooks.slack.com/services/T000/B000/xxxx"),
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
    shaped(
        "discord-webhook",
        "Discord webhook",
        "https://discord.com/developers/docs/resources/webhook",
        ("/api/webhooks/", "/webhooks/"),
        r"discord(?:app)?\.com/api/(?:v[0-9]{1,2}/)?webhooks/[0-9]{15,21}/(?P<secret>[A-Za-z0-9_\-]{60,90})",
        reach=24,
        window=140,
        misses=("discord.com/api/webhooks/1/x",),
    ),
    shaped(
        "teams-webhook",
        "Microsoft Teams webhook",
        "https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/",
        ".webhook.office.com/",
        r"\.webhook\.office\.com/webhookb2/(?P<secret>[0-9a-z\-]{36}@[0-9a-z\-]{36}/IncomingWebhook/[0-9a-z]{32}/[0-9a-z\-]{36}[A-Za-z0-9/_\-]{0,80})",
        accept=None,
        misses=("https://a.webhook.office.com/webhookb2/",),
    ),
    shaped(
        "google-chat-webhook",
        "Google Chat webhook",
        "https://developers.google.com/workspace/chat/quickstart/webhooks",
        "chat.googleapis.com/v1/spaces/",
        r"chat\.googleapis\.com/v1/spaces/[A-Za-z0-9_\-]{8,20}/messages\?key=[A-Za-z0-9_\-]{10,60}&token=(?P<secret>[A-Za-z0-9_\-%=]{30,80})",
        misses=("chat.googleapis.com/v1/spaces/x",),
    ),
    shaped(
        "telegram-bot-token",
        "Telegram bot token",
        "https://core.telegram.org/bots/api#authorizing-your-bot",
        ":AA",
        r"(?<![0-9A-Za-z\-])(?:bot)?(?P<secret>[0-9]{7,10}:AA[A-Za-z0-9_\-]{32,33})(?![A-Za-z0-9_\-])",
        accept=lambda value: is_generated(value.partition(b":")[2]),
        reach=16,
        window=40,
        misses=("12:AAbb",),
    ),
    token("notion-token", "Notion token", "https://developers.notion.com/reference/authentication", ("ntn_",), ALNUM, 40, 60),
    token("notion-legacy-token", "Notion token, old format", "https://developers.notion.com/reference/authentication", "secret_", ALNUM, 43),
    token("telnyx-key", "Telnyx API key", "https://developers.telnyx.com", "KEY0", UPPER, 31, tail="_[A-Za-z0-9]{22}"),
    token("matrix-token", "Matrix access token", "https://spec.matrix.org/latest/client-server-api/", "syt_", BASE64, 2, 80, tail="={0,2}_[A-Za-z]{20}_[A-Za-z0-9]{6}"),
    token("twilio-key", "Twilio API key", "https://www.twilio.com/docs/iam/api-keys", "SK", HEX, 32),
    token("twilio-account-sid", "Twilio account SID", "https://www.twilio.com/docs/glossary/what-is-a-sid", "AC", HEX, 32, accept=is_random),
    keyed("twilio-auth-token", "Twilio auth token", "https://www.twilio.com/docs/iam/api", ("twilio",), HEX, 32),
    token("sendgrid-key", "SendGrid API key", "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys", "SG.", BASE64URL, 16, 32, tail=r"\.[A-Za-z0-9_\-]{32,64}(?![A-Za-z0-9_\-])"),
    token("mailgun-key", "Mailgun key", "https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt", ("key-", "pubkey-"), HEX, 32),
    shaped(
        "mailgun-new-key",
        "Mailgun key",
        "https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt",
        ("mailgun", "mg_", "api:"),
        r"(?i:mailgun|mg_|api:)[\w .\-]{0,24}[\"']?\s{0,20}[:=]?\s{0,4}[\"']?(?P<secret>[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8})(?![0-9a-f])",
        accept=None,
        fold=True,
        misses=("mailgun key", "mailgun-js 1.2"),
    ),
    shaped(
        "mailchimp-api-key",
        "Mailchimp API key",
        "https://mailchimp.com/developer/marketing/guides/quick-start/",
        "-us",
        r"(?<![0-9A-Za-z\-])(?P<secret>[0-9a-f]{32}-us[0-9]{1,2})(?![0-9A-Za-z\-])",
        reach=33,
        window=8,
        near="[0-9a-f]{32}-us[0-9]",
        misses=("en-us", "-us1"),
    ),
    token("mandrill-key", "Mailchimp Transactional (Mandrill) key", "https://mailchimp.com/developer/transactional/guides/quick-start/", "md-", BASE64URL, 22, accept=is_random),
    token("brevo-key", "Brevo key", "https://developers.brevo.com/docs/getting-started", ("xkeysib-", "xsmtpsib-"), HEX, 64, tail="-[A-Za-z0-9]{16}", whole=True),
    token("resend-key", "Resend key", "https://resend.com/docs/api-reference/introduction", "re_", WORD, 30, 40, accept=is_random),
    token("mailersend-key", "MailerSend key", "https://developers.mailersend.com/general.html#authentication", "mlsn.", HEX, 64),
    token("klaviyo-key", "Klaviyo private key", "https://developers.klaviyo.com/en/docs/authenticate_", "pk_", HEX, 34),
    keyed("klaviyo-named-key", "Klaviyo private key", "https://developers.klaviyo.com/en/docs/authenticate_", ("klaviyo",), ALNUM, 34, head="pk_", accept=is_generated),
    token("plunk-key", "Plunk key", "https://docs.useplunk.com", ("sk_", "pk_"), HEX, 48),
    keyed("postmark-token", "Postmark, SparkPost or Mailjet key", "https://postmarkapp.com/developer/api/overview", ("postmark", "sparkpost", "mailjet"), DASHED_HEX, 32, 40),
    token("intercom-token", "Intercom token", "https://developers.intercom.com/docs/build-an-integration/learn-more/authentication", "dG9rO", ALNUM, 50, 60, tail="={0,2}"),
    keyed("intercom-key", "Intercom, Zendesk or Freshdesk key", "https://developer.zendesk.com/api-reference/introduction/security-and-auth/", ("intercom", "zendesk", "freshdesk"), ALNUM, 20, 60),
    keyed("messagebird-key", "MessageBird, Vonage, Plivo or Nexmo key", "https://developers.messagebird.com/api/", ("messagebird", "vonage", "nexmo", "plivo", "sinch"), ALNUM, 16, 40),
    keyed("mattermost-token", "Mattermost, Rocket.Chat or Gitter token", "https://developers.mattermost.com/integrate/reference/personal-access-token/", ("mattermost", "rocketchat", "gitter", "zulip"), ALNUM, 26, 43),
    token("zoho-token", "Zoho OAuth token", "https://www.zoho.com/accounts/protocol/oauth.html", ("1000.",), HEX, 32, tail=r"\.[0-9a-f]{32}"),
    token("knock-key", "Knock key", "https://docs.knock.app/reference", ("sk_knock_", "knock_"), BASE64URL, 32, 64),
    token("courier-key", "Courier key", "https://www.courier.com/docs/reference/intro", ("pk_prod_", "dk_prod_"), UPPER, 28),
    token("webex-token", "Webex token", "https://developer.webex.com/docs/bots", "NT", BASE64URL, 62, tail="_[A-Z0-9]{4}_[0-9a-f-]{36}"),
    keyed("zoom-secret", "Zoom secret", "https://developers.zoom.us/docs/integrations/", ("zoom",), ALNUM, 32, 36),
    token("cal-com-key", "Cal.com key", "https://cal.com/docs/api-reference/v1/authentication", "cal_live_", LOWER, 32),
)
