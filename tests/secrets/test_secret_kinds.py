"""Kinds of places and of values, each with many neighbours: what is found wherever it stands, and what never is."""

import base64
import json

import pytest

from sotctl.secrets import scan

V = "h7Kq2mZ9" + "vX4pL8sT" + "w3Rb6Yc1" + "Nf5Jd0Ge"
HEX = "3f9a1c7e" * 3 + "5b2d8046" + "e1f7"
RAW = base64.b64encode(bytes(range(7, 250, 8)) + b"<fake>").decode()

FOUND = (
    *(f'{name} = "{V}"' for name in ["kodeord", "lozinka", "geslo", "parool", "pasahitza", "nøgle", "klíč_api", "api_ključ", "api_anahtarı"]),
    *(f'{name} = "{V}"' for name in ["парола", "лозинка", "μυστικό", "מפתח_סיסמא", "مفتاح", "รหัสผ่าน", "비밀키", "senha_do_banco", "heslo_databaze"]),
    f"const k = process.env.API_KEY || '{V}';", f'const apiKey = process.env.X ?? "{V}";', f"token = cfg.token or '{V}'",
    f"ENV.fetch('API_KEY') {{ '{V}' }}", f'apiKey := os.Getenv("API_KEY"); if apiKey == "" {{ apiKey = "{V}" }}',
    f'val apiKey = System.getenv("API_KEY") ?: "{V}"', f'let api_key = env::var("API_KEY").unwrap_or("{V}".into());',
    f'String apiKey = Optional.ofNullable(k).orElse("{V}");', f'export API_KEY="${{API_KEY:-{V}}}"',
    f'const API_KEY: &str = "{V}";', f"static API_KEY: &'static str = \"{V}\";", f'Dim apiKey As String = "{V}"',
    f'std::string apiKey{{"{V}"}};', f'auto apiKey = std::string("{V}");', f'char api_key[] = "{V}";', f'api_key <- "{V}"',
    f'NSString *apiKey = @"{V}";', f'api_key = SecretStr("{V}")', f"SECRET_KEY = (\n    '{V}'\n)", f"API_KEY = \\\n  '{V}'",
    f"#define API_KEY \"{V}\"", f'let apiKey = String("{V}")', f'private const string ApiKey = "{V}";',
    json.dumps({"args": ["-y", "x", "--api-key", V]}, indent=2), f"args:\n  - --token\n  - {V}",
    f"command:\n- run\n- --client-secret\n- \"{V}\"", f'args = [\n  "--auth-token",\n  "{V}",\n]',
    f"<string>--api-key</string>\n<string>{V}</string>",
    f'env:\n- value: "{V}"\n  name: DB_PASSWORD', f'<add value="{V}" key="ApiKey"/>', f'<param value="{V}" name="password" />',
    f"**Password:** {V}", f"- **API key**: `{V}`", f"*Token:* {V}", f"__Secret:__ {V}", f"<b>Password:</b> {V}",
    f"| name | password |\n|---|---|\n| app | {V} |", f"| Token | Of |\n| :--- | ---: |\n| `{V}` | app |",
    f" login | pwd\n-------+-----\n app   | {V}", f"INSERT INTO users (login, password) VALUES ('app', '{V}');",
    f"mot_de_passe: {V}", f"MOT_DE_PASSE={V}", f"motDePasse = \"{V}\"", f"MDP={V}", f"cle_api: {V}", f"clé_api: {V}",
    f"Clé API : {V}", f"jeton_acces: {V}", f"jeton: {V}", f"Mot de passe : {V}", f"Mot de passe\u00a0: {V}",
    f"contraseña: {V}", f"contrasena={V}", f"clave_api={V}", f"clave_secreta: {V}", f"senha: {V}", f"chave_api: {V}",
    f"chiave_api = \"{V}\"", f"wachtwoord: {V}", f"hasło: {V}", f"haslo={V}", f"klucz_api: {V}", f"пароль: {V}",
    f"Пароль={V}", f"密码: {V}", f"密码：{V}", f"パスワード: {V}", f"passwort: {V}", f"kennwort={V}", f"lösenord: {V}",
    f"비밀번호: {V}", f"api_schlüssel: {V}", f"токен: {V}",
    f"SHODAN_KEY={HEX[:32]}", f"news_key = \"{HEX}\"", f"const weatherKey = '{HEX[:32]}'", f"GIPHY_KEY={HEX[:16]}",
    "tomorrow_key: 6f1e0b1c-9d2a-4c3e-8b7f-" + "0a1d2c3b4e5f",
    f"kind: Secret\ndata:\n  conn: {RAW}\n", f"kind:   Secret\ndata:\n  k: {RAW}\n", f"data:\n  k: {RAW}\nkind: Secret\n",
    json.dumps({"kind": "Secret", "data": {"k": RAW}}), json.dumps({"kind": "Secret", "data": {"k": RAW}}, indent=1),
    "password: hK7fake" + "Zq93vLmT2xWb8", "password: 7xdummyQ" + "9zRk4LpW2vB3n", "token: 9Qtodo7" + "ZkL2mXv8Rb4Wc5Np",
    "db.acme.io:25060:app:svc:" + V, f"encrypt          = \"{base64.b64encode(bytes(range(40, 72))).decode()}\"",
    f"SET PASSWORD FOR 'a'@'%' = '{V}';", f"requests.get(u, auth= ('app', '{V}'))", f"curl -sSu app:{V} https://x.acme.io",
    f'{{"bearer" : {{"repo.acme.io": "{V}"}}}}',
)  # fmt: skip

QUIET = (
    *(json.dumps({"password": text}, ensure_ascii=escaped) for escaped in (True, False) for text in (
        "Réinitialiser", "Mot-de-passe-oublié?", "Contraseña_requerida_8", "Hasło-musi-mieć-8-znaków", "请输入密码6-16位",
        "パスワード8文字以上", "Пароль8символов", "Passwort-zurücksetzen", "Şifrenizi-girin", "Mật-khẩu-mới", "Zapomniałeś-hasła?",
    )),
    "STRIPE_PUBLISHABLE_KEY=pk_" + "live_" + V, "SUPABASE_PUBLISHABLE_KEY=sb_" + "publishable_" + V[:22] + "_" + V[:8],
    "NEXT_PUBLIC_POSTHOG_KEY=phc_" + V + V[:11], "SENTRY_DSN=https://" + HEX[:32] + "@o123456.ingest.sentry.io/1234567",
    "MAPBOX_PUBLIC_TOKEN=pk." + "eyJ1Ijoi" + V + "." + V[:22], "RECAPTCHA_SITE_KEY=6L" + V + V[:6],
    "HCAPTCHA_SITEKEY=6f1e0b1c-9d2a-4c3e-8b7f-0a1d2c3b4e5f", "TURNSTILE_SITE_KEY=0x4AAAAAAA" + V[:14],
    "VAPID_PUBLIC_KEY=" + V + V, "ALGOLIA_SEARCH_KEY=" + HEX[:32], "publicKey: '" + V + "'",
    "address token = 0x" + HEX + "e1f7;", "const TOKEN_ADDRESS = '0x" + HEX + "e1f7';", "token: '0x" + HEX + "e1f7',",
    "TOKEN_MINT=EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v", 'API_KEY="encrypted:' + RAW + RAW + '"',
    "token: 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "token = bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
    "Authorization: Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...", "Authorization: Bearer " + HEX[:16] + "...",
    "Authorization: Bearer " + HEX[:16] + "…", '"hashed_secret": "' + HEX + 'e1f7"', 'parse-passwd "^1.0.0"',
    "password-validator: 5.3.0", "encrypted_password: " + V, "password_hash: " + V, "cache_key: " + HEX[:32],
    "sort_key = '" + HEX[:32] + "'", "GPG_KEY " + HEX.upper(), "GPG_KEY=" + HEX.upper() + "E1F7", "primary_key: " + HEX[:32],
    '"encrypted_content": "gAAAAAB' + V * 6 + '=="', '\\"encrypted_content\\":\\"gAAAAAB' + V * 6 + '==\\"',
    "#define ROW_SHIFT(pass) ((pass)>2?(8-(pass))>>1:3)", "If you pass \\f5\\-\\fR as value", "it must pass or `gpt-5.5`",
    "'*-used:access after inode status change'", "kind: Secret\ndata:\n  tls.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==\n",
)  # fmt: skip


@pytest.mark.parametrize("text", FOUND)
def test_a_value_is_found_where_its_neighbours_are(text: str) -> None:
    assert scan(f"{text}\n".encode())


@pytest.mark.parametrize("text", QUIET)
def test_what_only_looks_secret_is_quiet(text: str) -> None:
    assert scan(f"{text}\n".encode()) == []


def test_a_column_of_a_file_of_values_is_read() -> None:
    assert scan(f"user;mot de passe\napp;{V}\n".encode(), path="users.csv")
    assert scan(f'user,password\n"a","{V}"\n'.encode(), path="users.csv")
    assert scan(b"user,password\nada,required\n", path="users.csv") == []
