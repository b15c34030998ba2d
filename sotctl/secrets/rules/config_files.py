"""Credentials in configuration files, recognised by their field."""

from __future__ import annotations

from sotctl.secrets.context import convinces
from sotctl.secrets.names import Strength, strength
from sotctl.secrets.placed import is_placed_password
from sotctl.secrets.rule import SecretRule, lazy
from sotctl.secrets.values import is_digest, is_placeholder, is_random, is_reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sotctl.secrets.rule import Spans


def _is_key(value: bytes) -> bool:
    return len(set(value)) >= 8 and not is_placeholder(value) and not is_reference(value)


_MEMBER = r'''"value\\{0,3}"[ \t]{0,4}:[ \t]{0,4}"(?P<secret>[^"\\\s]{6,2000})"'''
_NAMED = lazy(_MEMBER.encode())
_NAME = lazy(rb'"(?:key|name|Name|id)"[ \t]{0,4}:[ \t]{0,4}"([\w.\-]{2,80})"')
_OWNER = lazy(rb'"([\w.\-]{2,80})"\s{0,8}:\s{0,8}\Z')
_OBJECT_BYTES = 400


def _find_named(data: bytes, position: int) -> Spans:
    """Return the `"value"` at *position* if its object, or the key of its object, names a secret."""
    match = _NAMED().match(data, position)
    if match is None:
        return ()
    start = data.rfind(b"{", max(0, position - _OBJECT_BYTES), position)
    if start < 0:
        return ()
    stop = data.find(b"}", match.end(), match.end() + _OBJECT_BYTES)
    fields = data[start:position] + data[match.end() : stop if stop >= 0 else match.end()]
    owner = _NAME().search(fields) or _OWNER().search(data, max(0, start - 100), start)
    force = strength(owner[1]) if owner else Strength.NONE
    held = force > Strength.WEAK and convinces(match["secret"], force, quoted=True, separator=b":")
    return (match.span("secret"),) if held else ()


RULES = (
    SecretRule(
        id="named-value",
        loose=True,
        summary="value of a name-value pair that names a secret",
        source="https://schema.postman.com; https://w3c.github.io/web-performance/specs/HAR/Overview.html",
        keywords=('"value',),
        find=_find_named,
        pattern=_MEMBER,
        near=r'"value\\*"[ \t]*:[ \t]*"[^"\\]{6}',
        matches=('{"name": "password", "value": "' + "h7Kq2mZ9vX" + '"}', '{"key": "apiToken", "type": "text", "value": "' + "a8F3kQ9zL2" * 2 + '"}', '"COOKIE_SECRET": {"description": "signs cookies", "value": "' + "a8F3kQ9zL2" * 2 + '"}'),
        misses=('{"name": "password", "value": "password"}', '{"name": "etag", "value": "' + "a8F3kQ9zL2" * 2 + '"}', '{"key": "token", "value": "{{token}}"}'),
    ),
    SecretRule(
        id="edn-password",
        loose=True,
        summary="password in a Clojure map",
        source="https://codeberg.org/leiningen/leiningen/src/branch/main/doc/DEPLOY.md",
        keywords=(':password "', ':passphrase "', ':pass "'),
        accept=is_placed_password,
        pattern=r":pass(?:word|phrase)? \"(?P<secret>[^\s\"]{6,200})\"",
        matches=(':username "deploy" :password "' + "h7Kq2mZ9vX" + '"',),
        misses=(':password "password"', ':password "${PASSWORD}"'),
    ),
    SecretRule(
        id="cloud-init-password",
        loose=True,
        summary="password set by cloud-init",
        source="https://cloudinit.readthedocs.io/en/latest/reference/modules.html#set-passwords",
        keywords=("chpasswd:",),
        accept=is_placed_password,
        pattern=r"chpasswd:\s{1,40}(?:expire: \w{4,5}\s{1,40})?list: ?[|>]?[+\-]?\s{1,40}(?:- )?[\w.\-]{1,40}:(?P<secret>[^\s:]{6,120})",
        matches=("chpasswd:\n  list: |\n    ubuntu:" + "h7Kq2mZ9vX\n",),
        misses=("chpasswd:\n  expire: false\n", "chpasswd:\n  list: |\n    ubuntu:$6$abc"),
    ),
    SecretRule(
        id="channel-token",
        loose=True,
        summary="token in the URL of a package channel",
        source="https://docs.anaconda.com/anacondaorg/user-guide/packages/conda-packages/",
        keywords=("/t/",),
        accept=lambda value: is_random(value, least=20),
        pattern=r"/t/(?P<secret>[A-Za-z0-9\-]{20,80})/[A-Za-z0-9]",
        lead=(r"A-Za-z0-9\-", 20),
        matches=("https://conda.acme.dev/t/" + "a8F3kQ9zL2" * 4 + "/shop",),
        misses=("https://conda.acme.dev/t/<TOKEN>/shop", "https://forum.acme.dev/t/how-to-set-the-password-of-a-channel/1201"),
    ),
    SecretRule(
        id="property-list-secret",
        loose=True,
        summary="secret in a property list",
        source="https://developer.apple.com/documentation/bundleresources/information-property-list",
        keywords=("</key>",),
        accept=lambda value: (is_placed_password(value) and is_random(value, least=12)) or (is_digest(value) and _is_key(value)),
        near=r"(?i:secret|token|password|apikey|api_key)</key>\s*<string>",
        reach=80,
        window=2100,
        pattern=r"<key>[\w.\-]{0,60}(?i:secret|token|password|apikey|api_key)</key>\s{0,20}<string>(?P<secret>[^<>\s]{8,2000})</string>",
        matches=("<key>ApiSecret</key>\n<string>" + "a8F3kQ9zL2" * 3 + "</string>",),
        misses=("<key>ApiSecret</key>\n<string>$(API_SECRET)</string>", "<key>CFBundleName</key><string>" + "a8F3kQ9zL2" * 3 + "</string>"),
    ),
    SecretRule(
        id="unseal-key",
        loose=True,
        summary="unseal or recovery key of a vault",
        source="https://developer.hashicorp.com/vault/docs/commands/operator/init",
        keywords=('"unseal_keys_', '"recovery_keys_', "Unseal Key ", "Recovery Key "),
        accept=_is_key,
        pattern=r"(?:\"(?:unseal|recovery)_keys_(?:b64|hex)\"\s{0,4}:\s{0,4}\[\s{0,40}\"|(?:Unseal|Recovery) Key [0-9]: )(?P<secret>[A-Za-z0-9+/]{43,128}={0,2})",
        matches=('"unseal_keys_b64": ["' + "a8F3kQ9zL2" * 4 + 'aB3="]', "Unseal Key 1: " + "a8F3kQ9zL2" * 4 + "aB3+"),
        misses=('"unseal_keys_b64": []', "Unseal Key 1: <key>"),
    ),
    SecretRule(
        id="openvpn-static-key",
        summary="OpenVPN static key",
        source="https://openvpn.net/community-resources/static-key-mini-howto/",
        keywords=("BEGIN OpenVPN Static key",),
        accept=_is_key,
        pattern=r"BEGIN OpenVPN Static key V[12]-----\s{1,8}(?P<secret>[0-9a-f\r\n]{64,1200})",
        matches=("-----BEGIN OpenVPN " + "Static key V1-----\n" + "0a1b2c3d4e5f6789" * 8,),
        misses=("-----BEGIN OpenVPN " + "Static key V1-----\n<key>", "-----BEGIN OpenVPN " + "Static key V1-----\n" + "0" * 128),
    ),
    SecretRule(
        id="proxy-login",
        loose=True,
        summary="password in a proxy's configuration",
        source="https://www.squid-cache.org/Doc/config/cache_peer/; https://docs.haproxy.org/2.9/configuration.html",
        keywords=("cache_peer ", "stats auth "),
        accept=is_placed_password,
        pattern=r"(?:cache_peer [^\r\n]{1,200}\blogin=|stats auth )[ \t]{0,8}[^\s:]{1,80}:(?P<secret>[^\s:\\]{6,120})(?=\s|\Z)",
        matches=("cache_peer p.acme parent 3128 0 login=ada:" + "h7Kq2mZ9vX", "    stats auth ada:" + "h7Kq2mZ9vX\n"),
        misses=("cache_peer p.acme parent 3128 0 login=PASS", "stats auth ${USER}:${PASSWORD}"),
    ),
    SecretRule(
        id="snmp-password",
        loose=True,
        summary="password of an SNMP user",
        source="https://www.net-snmp.org/docs/man/snmpd.conf.html",
        keywords=("createUser ",),
        accept=is_placed_password,
        pattern=r"createUser [^\r\n\"]{1,80} (?:MD5|SHA(?:-?[0-9]{3})?)[ \t]{1,4}[\"']?(?P<secret>[^\s\"']{8,120})",
        matches=('createUser monitor SHA "' + "h7Kq2mZ9vX" + '" AES',),
        misses=("createUser monitor SHA <password> AES", "createUser monitor"),
    ),
    SecretRule(
        id="network-device-key",
        loose=True,
        summary="TACACS or RADIUS key of a network device",
        source="https://www.cisco.com/c/en/us/td/docs/ios-xml/ios/security/s1/sec-s1-xe-3se-3850-cr-book.html",
        keywords=("tacacs-server ", "radius-server "),
        accept=is_placed_password,
        pattern=r"(?:tacacs|radius)-server [^\r\n]{0,120}\bkey (?:[0-9] )?(?P<secret>[^\s\"<]{6,120})",
        matches=("tacacs-server host 10.2.0.3 key " + "h7Kq2mZ9vX", "radius-server key 7 " + "0A1B2C3D4E5F"),
        misses=("radius-server key <key>", "tacacs-server host 10.2.0.3"),
    ),
    SecretRule(
        id="gossip-key",
        loose=True,
        summary="gossip encryption key of Consul, Nomad or Serf",
        source="https://developer.hashicorp.com/consul/docs/agent/config/config-files#encrypt",
        keywords=("encrypt",),
        near=r"encrypt(?:_key)?\"?[ \t]*[:=][ \t]*\"[A-Za-z0-9+/]{22}",
        accept=lambda value: is_random(value, least=20),
        pattern=r"encrypt(?:_key)?\"?[ \t]{0,40}[:=][ \t]{0,40}\"(?P<secret>[A-Za-z0-9+/]{22}==|[A-Za-z0-9+/]{43}=)\"",
        matches=('"encrypt": "' + "pUqJrVyV" + "RjLpd85q" + 'fAQz8Q=="',),
        misses=('"encrypt": "true"', '"encrypt": "' + "x" * 43 + '="'),
    ),
    SecretRule(
        id="framework-salt",
        loose=True,
        summary="salt or signing key of a PHP framework",
        source="https://www.drupal.org/node/1992030; https://book.cakephp.org/5/en/core-libraries/security.html",
        keywords=("'hash_salt'", "'salt' =>", "'crypt' =>"),
        accept=_is_key,
        pattern=r"'(?:hash_salt'\][ \t]{0,4}=|salt' =>|crypt' => (?:\[|array ?\()\s{1,40}'key' =>)[ \t]{0,4}'(?P<secret>[A-Za-z0-9_\-+/=]{32,160})'",
        matches=("$settings['hash_salt'] = '" + "a8F3kQ9zL2" * 5 + "';", "'salt' => '" + "0a1b2c3d4e5f6789" * 4 + "',", "'crypt' => [\n  'key' => '" + "0a1b2c3d4e5f6789" * 2 + "'"),
        misses=("'salt' => env('SECURITY_SALT', '__SALT__'),", "$settings['hash_salt'] = '';", "'salt' => '" + "x" * 40 + "'"),
    ),
    SecretRule(
        id="composer-token",
        loose=True,
        summary="token in Composer's auth.json",
        source="https://getcomposer.org/doc/articles/authentication-for-private-packages.md",
        keywords=('"github-oauth"', '"gitlab-token"', '"gitlab-oauth"', '"bearer"'),
        accept=_is_key,
        pattern=r"\"(?:github-oauth|gitlab-token|gitlab-oauth|bearer)\"\s{0,4}:\s{0,4}\{\s{0,40}\"[\w.\-]{3,80}\"\s{0,4}:\s{0,4}\"(?P<secret>[A-Za-z0-9_\-.]{20,255})\"",
        matches=('"github-oauth": {\n  "github.com": "' + "0a1b2c3d4e5f67890a1b" * 2 + '"',),
        misses=('"github-oauth": {"github.com": "<token>"}', '"github-oauth": {}'),
    ),
    SecretRule(
        id="unattended-password",
        loose=True,
        summary="password in an installer's answer file",
        source="https://learn.microsoft.com/windows-hardware/customize/desktop/unattend/; https://pykickstart.readthedocs.io",
        keywords=("Password>", "rootpw ", "rootpw\t"),
        accept=lambda value: is_placed_password(value) or (value.startswith(b"{SSHA}") and len(value) > 30),
        pattern=r"(?:Password>\s{0,40}<Value>|rootpw[ \t]{1,20}(?:--plaintext[ \t]{1,4})?)(?P<secret>[^\s\"'<>\-][^\s\"'<>]{5,120})(?=\s{0,4}</Value>|[ \t]{0,8}(?:\r?\n|\Z))",
        matches=("<AdministratorPassword>\n  <Value>" + "h7Kq2mZ9vX" + "</Value>", "rootpw --plaintext " + "h7Kq2mZ9vX\n"),
        misses=("<Password><Value>password</Value>", "rootpw --lock\n", "rootpw is what the manual says 2 times"),
    ),
)
