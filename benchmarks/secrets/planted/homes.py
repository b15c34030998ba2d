"""Files of a home folder: shells, histories, and the logins of command-line tools."""

from __future__ import annotations

import uuid

from benchmarks.secrets.planted.kind import (
    Kind,
    as_login,
    chosen,
    drawn,
    in_url,
    issued,
    key_lines,
    rsa_lines,
)
from benchmarks.secrets.shapes import ALNUM, HEX, SHAPES, URL, text

HOMES: dict[str, Kind] = {
    ".bashrc": Kind(
        chosen,
        "# ~/.bashrc\ncase $- in *i*) ;; *) return;; esac\nexport EDITOR=vim\nexport PATH=\"$HOME/bin:$PATH\"\nexport SHOP_DB_PASSWORD='§'\nalias ll='ls -la'\n",
    ),
    ".zshrc": Kind(
        issued,
        "ZSH_THEME=robbyrussell\nplugins=(git docker)\nsource $ZSH/oh-my-zsh.sh\nexport HOMEBREW_GITHUB_API_TOKEN=§\nexport LANG=en_GB.UTF-8\n",
    ),
    ".profile": Kind(chosen, "umask 022\nMYSQL_PWD=§; export MYSQL_PWD\n[ -d ~/bin ] && PATH=~/bin:$PATH\n"),
    ".config/fish/config.fish": Kind(issued, "set -g fish_greeting\nset -gx NPM_TOKEN §\nfish_add_path ~/.cargo/bin\n"),
    ".bash_history": Kind(chosen, "cd /srv/shop\ngit pull\nmysql -u root -p§ shop\nsystemctl restart shop\nexit\n"),
    ".zsh_history": Kind(
        chosen,
        ": 1697040000:0;ls\n: 1697040010:0;curl -u deploy:§ -X POST https://ci.acme.dev/job/web/build\n: 1697040031:0;cd\n",
    ),
    ".local/share/fish/fish_history": Kind(chosen, "- cmd: sshpass -p '§' ssh root@10.2.0.4\n  when: 1697040000\n- cmd: ls\n  when: 1697040020\n"),
    ".netrc": Kind(chosen, "machine files.acme.dev\n  login deploy\n  password §\n\nmachine ftp.acme.dev login anonymous\n"),
    "_netrc": Kind(
        lambda source: str(uuid.UUID(int=source.getrandbits(128), version=4)),
        "machine api.heroku.com\n  login ada@acme.dev\n  password §\n",
    ),
    ".pgpass": Kind(chosen, "# host:port:database:user:password\ndb1.acme.internal:5432:shop:shop_rw:§\n"),
    ".my.cnf": Kind(chosen, '[client]\nhost = db1.acme.internal\nuser = shop\npassword = "§"\n\n[mysql]\nno-auto-rehash\n'),
    ".npmrc": Kind(issued, "@acme:registry=https://npm.acme.dev/\n//npm.acme.dev/:_authToken=§\nalways-auth=true\n"),
    "legacy/.npmrc": Kind(chosen, "registry=https://npm.acme.dev/\nemail=ada@acme.dev\n_auth=§\n", as_login),
    ".yarnrc.yml": Kind(issued, 'npmScopes:\n  acme:\n    npmRegistryServer: "https://npm.acme.dev"\n    npmAuthToken: "§"\nyarnPath: .yarn/y.cjs\n'),
    ".pypirc": Kind(
        chosen,
        "[distutils]\nindex-servers =\n    acme\n\n[acme]\nrepository = https://pypi.acme.dev/legacy/\nusername = deploy\npassword = §\n",
    ),
    ".config/pip/pip.conf": Kind(chosen, "[global]\nindex-url = https://deploy:§@pypi.acme.dev/simple/\ntimeout = 20\n", in_url),
    ".config/pypoetry/auth.toml": Kind(chosen, '[http-basic.acme]\nusername = "deploy"\npassword = "§"\n'),
    ".gitconfig": Kind(
        issued,
        '[user]\n\tname = Ada\n\temail = ada@acme.dev\n[url "https://deploy:§@git.acme.dev/"]\n\tinsteadOf = https://git.acme.dev/\n',
    ),
    ".git-credentials": Kind(chosen, "https://ada:§@git.acme.dev\n", in_url),
    ".git/config": Kind(issued, '[core]\n\tbare = false\n[remote "origin"]\n\turl = https://oauth2:§@git.acme.dev/shop.git\n\tfetch = +refs/*:refs/*\n'),
    ".hgrc": Kind(
        chosen,
        "[ui]\nusername = Ada <ada@acme.dev>\n[auth]\nacme.prefix = hg.acme.dev\nacme.username = ada\nacme.password = §\n",
    ),
    ".subversion/auth/svn.simple/5e3a": Kind(
        chosen,
        "K 8\npasstype\nV 6\nsimple\nK 8\npassword\nV 16\n§\nK 15\nsvn:realmstring\nV 30\n<https://svn.acme.dev:443> shop\nEND\n",
    ),
    ".dockercfg": Kind(chosen, '{"https://cr.acme.dev/v1/": {"auth": "§", "email": "ada@acme.dev"}}\n', as_login),
    ".docker/config.json": Kind(chosen, '{\n  "auths": {\n    "cr.acme.dev": {\n      "auth": "§"\n    }\n  },\n  "psFormat": "table"\n}\n', as_login),
    ".kube/config": Kind(
        issued,
        "apiVersion: v1\nkind: Config\nclusters:\n- name: prod\n  cluster:\n    server: https://k8s.acme.dev:6443\nusers:\n- name: ada\n  user:\n    token: §\n",
    ),
    "lab/kubeconfig.yaml": Kind(chosen, "apiVersion: v1\nkind: Config\nusers:\n- name: admin\n  user:\n    username: admin\n    password: §\n"),
    ".aws/credentials": Kind(
        drawn(ALNUM + "/+", 40),
        "[default]\nregion = eu-central-1\naws_access_key_id = ${AWS_ID}\naws_secret_access_key = §\n",
    ),
    ".boto": Kind(drawn(ALNUM + "/+", 40), "[Credentials]\ngs_access_key_id = ${GS_ID}\ngs_secret_access_key = §\n[Boto]\n"),
    ".s3cfg": Kind(drawn(ALNUM + "/+", 40), "[default]\naccess_key = ${S3_ID}\nbucket_location = US\nhost_base = s3.acme.dev\nsecret_key = §\n"),
    ".passwd-s3fs": Kind(drawn(ALNUM, 40), "shop-backups:AKI" + "ANOTTOLDHERE0000:§\n"),
    ".config/rclone/rclone.conf": Kind(drawn(URL, 38), "[nas]\ntype = sftp\nhost = nas.acme.internal\nuser = backup\npass = §\nshell_type = unix\n"),
    ".config/gcloud/application_default_credentials.json": Kind(
        drawn(URL, 94),
        '{\n  "account": "",\n  "client_id": "764086051850-app.apps.googleusercontent.com",\n  "refresh_token": "1//§",\n  "type": "authorized_user"\n}\n',
    ),
    ".azure/accessTokens.json": Kind(
        drawn(URL, 400),
        '[{"tokenType": "Bearer", "expiresIn": 3599, "userId": "ada@acme.dev", "refreshToken": "0.A§", "isMRRT": true}]\n',
    ),
    ".azure/service_principal_entries.json": Kind(drawn(ALNUM + "~._-", 37), '[{"client_id": "shop-deployer", "tenant": "acme", "client_secret": "§"}]\n'),
    ".vault-token": Kind(drawn(ALNUM, 24), "§"),
    ".config/gh/hosts.yml": Kind(SHAPES["github-oauth"], "github.com:\n    user: ada\n    oauth_token: §\n    git_protocol: https\n"),
    ".config/hub": Kind(drawn(HEX, 40), "github.com:\n- user: ada\n  oauth_token: §\n  protocol: https\n"),
    ".config/glab-cli/config.yml": Kind(issued, "git_protocol: ssh\nhosts:\n    git.acme.dev:\n        token: §\n        api_protocol: https\n"),
    ".gem/credentials": Kind(drawn(HEX, 32), "---\n:rubygems_api_key: §\n"),
    ".bundle/config": Kind(chosen, '---\nBUNDLE_PATH: "vendor"\nBUNDLE_GEMS__ACME__DEV: "deploy:§"\n'),
    ".cargo/credentials.toml": Kind(issued, '[registry]\ntoken = "§"\n'),
    ".m2/settings.xml": Kind(
        chosen,
        "<settings>\n  <servers>\n    <server>\n      <id>acme-releases</id>\n      <username>deploy</username>\n      <password>§</password>\n    </server>\n  </servers>\n</settings>\n",
    ),
    ".gradle/gradle.properties": Kind(chosen, "org.gradle.jvmargs=-Xmx2g\nacmeRepoUser=deploy\nacmeRepoPassword=§\norg.gradle.daemon=true\n"),
    ".sbt/.credentials": Kind(chosen, "realm=Sonatype Nexus Repository Manager\nhost=nexus.acme.dev\nuser=deploy\npassword=§\n"),
    ".composer/auth.json": Kind(
        chosen, '{\n    "http-basic": {\n        "repo.acme.dev": {\n            "username": "deploy",\n            "password": "§"\n        }\n    }\n}\n'
    ),
    "shop/auth.json": Kind(drawn(HEX, 40), '{\n    "github-oauth": {\n        "github.com": "§"\n    }\n}\n'),
    ".nuget/NuGet/NuGet.Config": Kind(
        chosen,
        '<configuration>\n  <packageSourceCredentials>\n    <Acme>\n      <add key="Username" value="deploy" />\n'
        '      <add key="ClearTextPassword" value="§" />\n    </Acme>\n  </packageSourceCredentials>\n</configuration>\n',
    ),
    ".lein/profiles.clj": Kind(
        chosen, '{:user {:plugins [[cider/cider-nrepl "0.30.0"]]}\n :auth {:repository-auth {#"acme" {:username "deploy"\n  :password "§"}}}}\n'
    ),
    ".condarc": Kind(drawn(ALNUM, 40), "channels:\n  - https://conda.acme.dev/t/§/shop\n  - defaults\nssl_verify: true\n"),
    ".Renviron": Kind(issued, "R_LIBS_USER=~/R/lib\nCENSUS_API_KEY=§\nTZ=UTC\n"),
    ".muttrc": Kind(chosen, 'set imap_user = "ada@acme.dev"\nset imap_pass = "§"\nset folder = "imaps://imap.acme.dev:993"\n'),
    ".msmtprc": Kind(chosen, "account acme\nhost smtp.acme.dev\nport 587\nauth on\nuser ada@acme.dev\npassword §\ntls on\n"),
    ".fetchmailrc": Kind(chosen, 'poll imap.acme.dev protocol IMAP\n  user "ada" there with password "§" is "ada" here ssl\n'),
    ".offlineimaprc": Kind(chosen, "[Repository Remote]\ntype = IMAP\nremotehost = imap.acme.dev\nremoteuser = ada\nremotepass = §\n"),
    ".mbsyncrc": Kind(chosen, "IMAPAccount acme\nHost imap.acme.dev\nUser ada@acme.dev\nPass §\nTLSType IMAPS\n"),
    ".getmail/getmailrc": Kind(chosen, "[retriever]\ntype = SimpleIMAPSSLRetriever\nserver = imap.acme.dev\nusername = ada\npassword = §\n"),
    ".irssi/config": Kind(
        chosen, 'chatnets = {\n  Libera = {\n    type = "IRC";\n    sasl_mechanism = "PLAIN";\n    sasl_username = "ada";\n    sasl_password = "§";\n  };\n};\n'
    ),
    ".weechat/irc.conf": Kind(chosen, '[server]\nlibera.addresses = "irc.libera.chat/6697"\nlibera.sasl_username = "ada"\nlibera.sasl_password = "§"\n'),
    ".znc/configs/znc.conf": Kind(
        lambda source: f"sha256#{text(source, HEX, 64)}#{text(source, ALNUM + '!*.', 20)}#",
        "Version = 1.8.2\n<User ada>\n\tPass       = §\n\tAdmin      = true\n</User>\n",
    ),
    ".ssh/id_ed25519": Kind(key_lines, "-----BEGIN OPENSSH " + "PRIVATE KEY-----\n§\n-----END OPENSSH " + "PRIVATE KEY-----\n"),
    ".ssh/id_rsa": Kind(rsa_lines, "-----BEGIN RSA " + "PRIVATE KEY-----\n§\n-----END RSA " + "PRIVATE KEY-----\n"),
    ".ssh/id_rsa.body": Kind(rsa_lines, "§\n"),
    ".mongorc.js": Kind(chosen, 'db = connect("db1.acme.internal/admin");\ndb.auth("root", "§");\nprompt = "> ";\n'),
    ".psql_history": Kind(chosen, "\\dt\nALTER USER shop_rw WITH PASSWORD '§';\n\\q\n"),
    ".mysql_history": Kind(chosen, "show tables;\nSET PASSWORD FOR 'shop'@'%' = PASSWORD('§');\nflush privileges;\n"),
    ".rediscli_history": Kind(chosen, "PING\nAUTH §\nKEYS *\n"),
    ".wgetrc": Kind(chosen, "tries = 3\nhttp_user = deploy\nhttp_password = §\n"),
    ".curlrc": Kind(chosen, '# ~/.curlrc\nconnect-timeout = 20\nuser = "deploy:§"\n'),
    ".lftp/bookmarks": Kind(chosen, "acme\tftp://ada:§@ftp.acme.dev/htdocs/\n", in_url),
    ".config/doctl/config.yaml": Kind(drawn(HEX, 64), "access-token: §\ncontext: default\noutput: text\n"),
    ".slack/credentials.json": Kind(drawn(ALNUM + "-", 120), '{"T012AB": {"team_domain": "acme", "token": "xo' + 'xe.xoxp-1-§", "exp": 1697040000}}\n'),
    ".terraformrc": Kind(drawn(ALNUM, 67), 'plugin_cache_dir = "$HOME/.terraform.d"\ncredentials "tf.acme.dev" {\n  token = "§"\n}\n'),
    ".terraform.d/credentials.tfrc.json": Kind(issued, '{"credentials": {"app.terraform.io": {"token": "§"}}}\n'),
    ".config/hcloud/cli.toml": Kind(drawn(ALNUM, 64), 'active_context = "shop"\n\n[[contexts]]\n  name = "shop"\n  token = "§"\n'),
    ".travis/config.yml": Kind(drawn(URL, 22), "---\nendpoints:\n  https://api.travis-ci.com/:\n    access_token: §\nlast_check: {}\n"),
    ".circleci/cli.yml": Kind(drawn(HEX, 40), "host: https://circleci.com\nendpoint: graphql-unstable\ntoken: §\n"),
    ".smbcredentials": Kind(chosen, "username=ada\npassword=§\ndomain=ACME\n"),
    ".config/ngrok/ngrok.yml": Kind(drawn(ALNUM, 49), 'version: "2"\nauthtoken: §\ntunnels:\n  web:\n    proto: http\n    addr: 8080\n'),
    ".snowsql/config": Kind(chosen, "[connections.shop]\naccountname = acme-eu1\nusername = ADA\npassword = §\nwarehousename = WH\n"),
    ".databrickscfg": Kind(drawn(HEX, 32), "[DEFAULT]\nhost = https://acme.cloud.databricks.com\ntoken = dap" + "i§\n"),
    ".dbt/profiles.yml": Kind(
        chosen,
        "shop:\n  target: prod\n  outputs:\n    prod:\n      type: postgres\n      host: db1.acme.internal\n      user: dbt\n      pass: §\n      port: 5432\n",
    ),
    ".kaggle/kaggle.json": Kind(drawn(HEX, 32), '{"username":"ada","key":"§"}\n'),
    ".cache/huggingface/token": Kind(SHAPES["huggingface"], "§"),
    ".config/sops/age/keys.txt": Kind(
        drawn("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58),
        "# created: 2023-10-11T18:00:00Z\n# public key: age1...\nAGE-" + "SECRET-KEY-1§\n",
    ),
    ".ldaprc": Kind(chosen, "URI ldaps://ldap.acme.internal\nBASE dc=acme,dc=dev\nBINDDN cn=reader,dc=acme,dc=dev\nBINDPW §\n"),
    ".jupyter/jupyter_server_config.py": Kind(drawn(HEX, 48), "c.ServerApp.ip = '0.0.0.0'\nc.ServerApp.token = '§'\nc.ServerApp.port = 8888\n"),
    ".sqlplus/login.sql": Kind(chosen, "set pagesize 200\nconnect shop/§@//db1.acme.internal:1521/SHOP\nset timing on\n"),
}
"""A kind for each file; the key is its path below the home folder."""
