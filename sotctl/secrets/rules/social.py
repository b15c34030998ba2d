"""Keys of social networks and games."""

from sotctl.secrets.shapes import ALNUM, BASE64URL, DASHED, DASHED_HEX, HEX, LOWER, UPPER, keyed, shaped, token
from sotctl.secrets.values import is_random

RULES = (
    token("facebook-token", "Facebook access token", "https://developers.facebook.com/docs/facebook-login/guides/access-tokens/", "EAA", ALNUM, 80, 300, accept=is_random),
    shaped(
        "facebook-app-token",
        "Facebook app access token",
        "https://developers.facebook.com/docs/facebook-login/guides/access-tokens/",
        ("facebook", "fb_"),
        r"(?i:facebook|fb_)[^\r\n]{0,60}?(?<![0-9])(?P<secret>[0-9]{15,16}\|[A-Za-z0-9_\-]{27})(?![A-Za-z0-9_\-])",
        accept=lambda value: is_random(value.partition(b"|")[2]),
        fold=True,
        misses=("| facebook | 1308742762612587 | pages |", "facebook 1308742762612587|xxxxxxxxxxxxxxxxxxxxxxxxxxx"),
    ),
    keyed("facebook-secret", "Facebook, Instagram or Meta app secret", "https://developers.facebook.com/docs/facebook-login/security/", ("facebook", "fb_", "instagram", "meta_"), HEX, 32),
    token("instagram-token", "Instagram token", "https://developers.facebook.com/docs/instagram-platform", "IGQV", BASE64URL, 60, 300),
    token("twitter-bearer-token", "X (Twitter) bearer token", "https://docs.x.com/fundamentals/authentication/oauth-2-0/bearer-tokens", "AAAAAAAAAAAAAAAAAAAAA", r"A-Za-z0-9%", 60, 120, accept=is_random),
    keyed("twitter-secret", "X (Twitter) secret", "https://docs.x.com/fundamentals/authentication", ("twitter", "tweepy", "consumer"), DASHED, 25, 60),
    keyed("linkedin-secret", "LinkedIn secret", "https://learn.microsoft.com/linkedin/shared/authentication/", ("linkedin", "linked_in"), ALNUM, 14, 20),
    token("linkedin-token", "LinkedIn secret, new format", "https://learn.microsoft.com/linkedin/shared/authentication/", "WPL_AP1.", ALNUM, 16, tail=r"\.[A-Za-z0-9+/=]{8}"),
    keyed("reddit-secret", "Reddit, Spotify, Twitch or TikTok secret", "https://dev.twitch.tv/docs/authentication/", ("reddit", "spotify", "twitch", "tiktok", "pinterest", "snapchat"), BASE64URL, 27, 64),
    token("twitch-oauth-token", "Twitch chat token", "https://dev.twitch.tv/docs/chat/authenticating/", "oauth:", LOWER, 30),
    keyed("flickr-secret", "Flickr, Unsplash, Giphy or Vimeo key", "https://www.flickr.com/services/api/", ("flickr", "unsplash", "giphy", "vimeo", "youtube", "soundcloud"), BASE64URL, 16, 64),
    token("riot-games-key", "Riot Games key", "https://developer.riotgames.com/docs/portal", "RGAPI-", DASHED_HEX, 36),
    keyed("steam-key", "Steam key", "https://steamcommunity.com/dev", ("steam",), UPPER, 32),
)
