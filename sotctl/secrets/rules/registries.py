"""Tokens of package registries and artefact stores."""

from sotctl.secrets.checksums import github_checksum
from sotctl.secrets.passwords import is_password
from sotctl.secrets.rule import SecretRule
from sotctl.secrets.shapes import ALNUM, BASE64URL, DASHED_HEX, HEX, LOWER, keyed, shaped, token
from sotctl.secrets.values import is_encoded_stand_in, is_random


def _is_gem_login(value: bytes) -> bool:
    """Check `name:password`; those that Sidekiq issues are eight hexadecimal digits each."""
    name, _, password = value.partition(b":")
    return is_password(password) or (len(name) == len(password) == 8 and not (name + password).strip(b"0123456789abcdef"))


RULES = (
    token("npm-token", "npm access token", "https://docs.npmjs.com/about-access-tokens", "npm_", ALNUM, 36, accept=github_checksum),
    shaped(
        "npm-legacy-token",
        "npm registry credential in .npmrc",
        "https://docs.npmjs.com/cli/v11/configuring-npm/npmrc#auth-related-configuration",
        ("_authtoken", "_auth", "_password"),
        r"(?:(?:^|[\r\n])[ \t]{0,8}|//[\w.\-:/]{1,160}:)(?i:_authToken|_auth|_password)[\"']?[ \t]{0,4}[=:][ \t]{0,4}[\"']?(?P<secret>[A-Za-z0-9+/_.\-]{12,2000}={0,2})",
        accept=lambda value: is_password(value) and not is_encoded_stand_in(value),
        fold=True,
        reach=200,
        window=2100,
        near=r"_(?:authtoken|auth|password)[\"']?[ \t]*[=:][ \t]*[\"']?[a-z0-9+/_.\-]{12}",
        misses=("//r/:_authToken=${NPM_TOKEN}", "_auth=xxxxxxxxxxxxxxxxxxxx", "always_auth=true"),
    ),
    SecretRule(
        id="bundler-credential",
        summary="credential of a gem source in Bundler's settings",
        keywords=("BUNDLE_",),
        source="https://bundler.io/man/bundle-config.1.html",
        accept=_is_gem_login,
        pattern=r"BUNDLE_[A-Z0-9_]{2,120}__[A-Z0-9_]{2,40}[\"']?[ \t]{0,20}[:=][ \t]{0,4}[\"']?(?P<secret>[^\s:\"'$<{&;]{2,80}:[^\s\"'$<{&;]{4,120})",
        matches=("export BUNDLE_GEMS__CONTRIBSYS__COM=" + "cafebabe:" + "deadbeef", 'BUNDLE_GEMS__MAIL__EXAMPLE: "ada:' + "aB3dE6gH9k" + '"'),
        misses=("BUNDLE_GEMS__MAIL__EXAMPLE: ${GEM_LOGIN}", "BUNDLE_GEMS__MAIL__EXAMPLE=user:password", "BUNDLE_PATH: vendor/bundle"),
    ),
    shaped(
        "sidekiq-login",
        "login for Sidekiq Pro or Enterprise",
        "https://github.com/sidekiq/sidekiq/wiki/Commercial-FAQ",
        ".contribsys.com",
        r"://(?P<secret>[0-9a-f]{8}:[0-9a-f]{8})@(?:gems|enterprise)\.contribsys\.com",
        accept=None,
        reach=36,
        window=20,
    ),
    token("pypi-token", "PyPI token", "https://pypi.org/help/#apitoken", ("pypi-AgEIcHlwaS5vcmc", "pypi-AgENdGVzdC5weXBpLm9yZw"), BASE64URL, 50, 1000),
    token("pypi-like-token", "package index token in macaroon format", "https://pypi.org/help/#apitoken", "pypi-Ag", BASE64URL, 70, 1000),
    token("rubygems-key", "RubyGems API key", "https://guides.rubygems.org/api-key-scopes/", "rubygems_", HEX, 48),
    token("crates-token", "crates.io token", "https://doc.rust-lang.org/cargo/reference/publishing.html", "cio", ALNUM, 32),
    token("nuget-key", "NuGet API key", "https://learn.microsoft.com/nuget/nuget-org/publish-a-package", "oy2", LOWER, 43),
    token("clojars-token", "Clojars deploy token", "https://github.com/clojars/clojars-web/wiki/Deploy-Tokens", "CLOJARS_", HEX, 60),
    token("habitat-key", "Habitat Builder token", "https://docs.chef.io/habitat/builder_profile/", "_Qk9YLTEK", r"A-Za-z0-9=+/\n", 60, 100),
    token("jfrog-key", "JFrog (Artifactory) API key", "https://jfrog.com/help/r/jfrog-platform-administration-documentation/api-key", "AKCp", ALNUM, 60, 80),
    token("jfrog-reference-token", "JFrog (Artifactory) reference token", "https://jfrog.com/help/r/jfrog-platform-administration-documentation/reference-token", "cmVmdGtu", ALNUM, 50, 70),
    keyed("jfrog-password", "JFrog (Artifactory) credential", "https://jfrog.com/help", ("artifactory", "jfrog", "bintray"), ALNUM, 40, 80),
    token("cloudsmith-key", "Cloudsmith API key", "https://docs.cloudsmith.com/accounts-and-teams/api-key", "csa_", ALNUM, 36, 44),
    token("gemfury-token", "Gemfury token", "https://gemfury.com/help/tokens", ("fury_",), ALNUM, 24, 48),
    token("jsr-token", "JSR token", "https://jsr.io/docs/api", ("jsrp_", "jsrd_"), ALNUM, 36, 48),
    keyed("libraries-io-key", "Libraries.io or Packagist key", "https://libraries.io/api", ("libraries_io", "librariesio", "packagist"), HEX, 32),
    token("anaconda-token", "Anaconda token", "https://www.anaconda.com/docs/tools/anaconda-org/user-guide/work-with-accounts", "an-", DASHED_HEX, 39, accept=is_random),
    token("open-vsx-token", "Open VSX token", "https://github.com/eclipse/openvsx/wiki/Publishing-Extensions", ("ovsxp_", "ovsxat_"), BASE64URL, 32, 64),
)
