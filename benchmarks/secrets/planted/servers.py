"""Files of a server and of the services on it."""

from __future__ import annotations

from benchmarks.secrets.planted.kind import Kind, as_login, chosen, drawn, in_base64, issued
from benchmarks.secrets.shapes import ALNUM, HEX

SERVERS: dict[str, Kind] = {
    "etc/shadow": Kind(drawn(ALNUM + "./", 86), "daemon:*:19000:0:99999:7:::\nada:$6$kT.w3qLz$§:19600:0:99999:7:::\n"),
    "etc/apache2/.htpasswd": Kind(drawn(ALNUM + "./", 22), "ada:$apr1$x8Qf2LmT$§\n"),
    "legacy/.htpasswd": Kind(drawn(ALNUM + "./", 11), "ada:k7§\n"),
    "etc/supervisor/conf.d/shop.conf": Kind(chosen, '[program:shop]\ncommand=/srv/shop/run\nautostart=true\nenvironment=STAGE="prod",DB_PASSWORD="§"\n'),
    "etc/systemd/system/shop.service": Kind(
        chosen, '[Unit]\nDescription=Shop\n[Service]\nExecStart=/srv/shop/run\nEnvironment="DB_PASSWORD=§"\nRestart=always\n'
    ),
    "etc/crontab": Kind(chosen, "MAILTO=ops@acme.dev\n15 3 * * * root mysqldump -u backup -p'§' shop | gzip > /srv/b.gz\n"),
    "etc/cron.d/fetch": Kind(chosen, "*/5 * * * * www wget -q --http-user=cron --http-password=§ https://shop.acme.dev/cron\n"),
    "etc/nginx/conf.d/shop.conf": Kind(
        chosen, 'location /api/ {\n    proxy_pass http://10.2.0.7:8080;\n    proxy_set_header Authorization "Basic §";\n}\n', as_login
    ),
    "etc/nginx/conf.d/upstream.conf": Kind(issued, "location / {\n    proxy_pass http://up;\n    proxy_set_header X-Api-Key §;\n}\n"),
    "etc/squid/squid.conf": Kind(chosen, "http_port 3128\ncache_peer proxy.acme.dev parent 3128 0 no-query default login=ada:§\nnever_direct allow all\n"),
    "etc/odbc.ini": Kind(chosen, "[shop]\nDriver = PostgreSQL\nServername = db1\nUID = shop\nPWD = §\nPort = 5432\n"),
    "etc/proftpd/ftpd.passwd": Kind(drawn(ALNUM + "./", 22), "ada:$1$x8Qf2LmT$§:1000:1000::/srv/ftp/ada:/bin/false\n"),
    "etc/redis/redis.conf": Kind(chosen, "bind 127.0.0.1\nport 6379\nrequirepass §\nmaxmemory 256mb\n"),
    "replica/redis.conf": Kind(chosen, "replicaof 10.2.0.5 6379\nmasterauth §\nappendonly yes\n"),
    "etc/redis/users.acl": Kind(chosen, "user default off\nuser shop on >§ ~shop:* +@all\n"),
    "rabbitmq/definitions.json": Kind(
        drawn(ALNUM + "+/", 48), '{"users": [{"name": "shop", "password_hash": "§", "hashing_algorithm": "rabbit_password_hashing_sha256", "tags": ""}]}\n'
    ),
    "etc/rabbitmq/rabbitmq.conf": Kind(chosen, "listeners.tcp.default = 5672\ndefault_user = shop\ndefault_pass = §\n"),
    "etc/elasticsearch/elasticsearch.yml": Kind(chosen, "cluster.name: logs\nnetwork.host: 0.0.0.0\nxpack.security.http.ssl.keystore.secure_password: §\n"),
    "etc/logstash/pipeline.conf": Kind(
        chosen, 'output {\n  elasticsearch {\n    hosts => ["https://es1:9200"]\n    user => "logstash"\n    password => "§"\n  }\n}\n'
    ),
    "etc/prometheus/prometheus.yml": Kind(
        chosen, "scrape_configs:\n- job_name: shop\n  basic_auth:\n    username: prom\n    password: §\n  static_configs:\n  - targets: [web1:9100]\n"
    ),
    "etc/prometheus/alertmanager.yml": Kind(chosen, "global:\n  smtp_smarthost: smtp.acme.dev:587\n  smtp_auth_username: alerts\n  smtp_auth_password: §\n"),
    "etc/alertmanager/pagerduty.yml": Kind(drawn(HEX, 32), "receivers:\n- name: ops\n  pagerduty_configs:\n  - routing_key: §\n"),
    "etc/grafana/grafana.ini": Kind(chosen, "[server]\nhttp_port = 3000\n[security]\nadmin_user = admin\nadmin_password = §\n"),
    "etc/datadog-agent/datadog.yaml": Kind(drawn(HEX, 32), "site: datadoghq.eu\napi_key: §\nlogs_enabled: true\n"),
    "newrelic.ini": Kind(drawn(HEX, 36, "NRAL"), "[newrelic]\nlicense_key = §\napp_name = Shop\nmonitor_mode = true\n"),
    "etc/telegraf/telegraf.conf": Kind(
        drawn(ALNUM + "-_", 86, "=="), '[[outputs.influxdb_v2]]\n  urls = ["http://influx:8086"]\n  token = "§"\n  bucket = "shop"\n'
    ),
    "etc/wpa_supplicant/wpa_supplicant.conf": Kind(
        chosen, 'ctrl_interface=/run/wpa_supplicant\nnetwork={\n    ssid="Acme Guest"\n    psk="§"\n    key_mgmt=WPA-PSK\n}\n'
    ),
    "NetworkManager/acme.nmconnection": Kind(chosen, "[wifi]\nssid=Acme\n[wifi-security]\nkey-mgmt=wpa-psk\npsk=§\n"),
    "etc/hostapd/hostapd.conf": Kind(chosen, "interface=wlan0\nssid=Acme\nwpa=2\nwpa_passphrase=§\nwpa_key_mgmt=WPA-PSK\n"),
    "etc/openvpn/auth.txt": Kind(chosen, "ada\n§\n"),
    "etc/openvpn/ta.key": Kind(
        drawn(HEX, 32),
        "# 2048 bit OpenVPN static key\n-----BEGIN OpenVPN Static key V1-----\n§\n-----END OpenVPN Static key V1-----\n",
        lambda value: "\n".join((value, value[::-1], value[8:] + value[:8])),
    ),
    "etc/wireguard/wg0.conf": Kind(drawn(ALNUM + "+/", 42, "A="), "[Interface]\nAddress = 10.9.0.2/32\nPrivateKey = §\n\n[Peer]\nAllowedIPs = 0.0.0.0/0\n"),
    "etc/wireguard/psk.conf": Kind(drawn(ALNUM + "+/", 42, "A="), "[Peer]\nPresharedKey = §\nAllowedIPs = 10.9.0.0/24\n"),
    "etc/ipsec.secrets": Kind(chosen, '# /etc/ipsec.secrets\n203.0.113.4 198.51.100.9 : PSK "§"\n'),
    "etc/ppp/chap-secrets": Kind(chosen, "# client\tserver\tsecret\tIP addresses\nada\t*\t§\t*\n"),
    "etc/racoon/psk.txt": Kind(chosen, "203.0.113.4\t§\n"),
    "etc/snmp/snmpd.conf": Kind(chosen, "agentAddress udp:161\nrocommunity § 10.2.0.0/16\nsysLocation rack 4\n"),
    "var/lib/snmp/snmpd.conf": Kind(chosen, 'createUser monitor SHA "§" AES\nrouser monitor priv\n'),
    "etc/postfix/sasl_passwd": Kind(chosen, "[smtp.acme.dev]:587 ada@acme.dev:§\n"),
    "etc/exim4/passwd.client": Kind(chosen, "# host:user:password\n*.acme.dev:ada@acme.dev:§\n"),
    "etc/dovecot/users": Kind(chosen, "ada@acme.dev:{PLAIN}§:1000:1000::/srv/mail/ada::\n"),
    "etc/ldap/slapd.conf": Kind(chosen, 'suffix "dc=acme,dc=dev"\nrootdn "cn=admin,dc=acme,dc=dev"\nrootpw §\ndirectory /var/lib/ldap\n'),
    "etc/sssd/sssd.conf": Kind(chosen, "[domain/acme]\nldap_uri = ldaps://ldap\nldap_default_bind_dn = cn=reader\nldap_default_authtok = §\n"),
    "etc/pgbouncer/userlist.txt": Kind(chosen, '"shop" "§"\n"stats" ""\n'),
    "etc/haproxy/haproxy.cfg": Kind(chosen, "userlist ops\n    user ada insecure-password §\nfrontend web\n    bind *:80\n"),
    "stats/haproxy.cfg": Kind(chosen, "listen stats\n    bind *:8404\n    stats enable\n    stats auth ada:§\n"),
    "etc/freeradius/clients.conf": Kind(chosen, "client switch1 {\n    ipaddr = 10.2.0.9\n    secret = §\n    nastype = cisco\n}\n"),
    "etc/bind/rndc.key": Kind(drawn(ALNUM + "+/", 43, "="), 'key "rndc-key" {\n\talgorithm hmac-sha256;\n\tsecret "§";\n};\n'),
    "etc/asterisk/sip.conf": Kind(chosen, "[general]\nbindport=5060\n[ada]\ntype=friend\nhost=dynamic\nsecret=§\n"),
    "etc/asterisk/manager.conf": Kind(chosen, "[general]\nenabled = yes\n[admin]\nsecret = §\nread = system,call\n"),
    "etc/consul.d/agent.hcl": Kind(issued, 'datacenter = "eu1"\nacl {\n  enabled = true\n  tokens {\n    agent = "§"\n  }\n}\n'),
    "etc/consul.d/encrypt.json": Kind(drawn(ALNUM + "+/", 43, "="), '{"datacenter": "eu1", "encrypt": "§", "server": true}\n'),
    "etc/nagios/resource.cfg": Kind(chosen, "$USER1$=/usr/lib/nagios/plugins\n$USER3$=monitor\n$USER4$=§\n"),
    "etc/icinga2/api-users.conf": Kind(chosen, 'object ApiUser "root" {\n  password = "§"\n  permissions = [ "*" ]\n}\n'),
    "etc/bareos/bareos-dir.conf": Kind(chosen, 'Director {\n  Name = bareos-dir\n  Password = "§"\n  Messages = Daemon\n}\n'),
    "etc/zabbix/zabbix_server.conf": Kind(chosen, "DBHost=db1\nDBName=zabbix\nDBUser=zabbix\nDBPassword=§\n"),
    "etc/phpmyadmin/config.inc.php": Kind(drawn(ALNUM, 32), "<?php\n$cfg['blowfish_secret'] = '§';\n$cfg['Servers'][1]['host'] = 'db1';\n"),
    "etc/turnserver.conf": Kind(chosen, "listening-port=3478\nuse-auth-secret\nstatic-auth-secret=§\nrealm=acme.dev\n"),
    "etc/matrix-synapse/homeserver.yaml": Kind(issued, 'server_name: acme.dev\nregistration_shared_secret: "§"\nreport_stats: false\n'),
    "etc/gitea/app.ini": Kind(drawn(ALNUM + "-_", 105), "[security]\nINSTALL_LOCK = true\nINTERNAL_TOKEN = §\n"),
    "etc/mosquitto/bridge.conf": Kind(chosen, "connection cloud\naddress mqtt.acme.dev:8883\nremote_username shop\nremote_password §\n"),
    "etc/ddclient.conf": Kind(chosen, "protocol=dyndns2\nserver=members.dyndns.org\nlogin=ada\npassword='§'\nhome.acme.dev\n"),
    "etc/fstab": Kind(chosen, "UUID=5a1f /  ext4 errors=remount-ro 0 1\n//nas/shop /mnt/shop cifs username=ada,password=§,uid=1000 0 0\n"),
    "anaconda-ks.cfg": Kind(chosen, "lang en_GB.UTF-8\nrootpw --plaintext §\ntimezone Europe/Berlin --utc\n"),
    "preseed.cfg": Kind(chosen, "d-i debian-installer/locale string en_GB\nd-i passwd/root-password password §\nd-i passwd/make-user boolean false\n"),
    "cloud-init/user-data": Kind(chosen, "#cloud-config\nhostname: web1\nchpasswd:\n  list: |\n    ubuntu:§\n  expire: false\n"),
    "router/running-config": Kind(drawn(ALNUM + "./", 22), "hostname edge1\nenable secret 5 $1$mERr$§\nip domain-name acme.dev\n"),
    "router/startup-config": Kind(chosen, "hostname edge2\nusername ada privilege 15 password 0 §\nline vty 0 4\n"),
    "router/tacacs.cfg": Kind(chosen, "aaa new-model\ntacacs-server host 10.2.0.3\ntacacs-server key §\n"),
    "mikrotik/export.rsc": Kind(chosen, "/ppp secret\nadd name=ada password=§ profile=default service=l2tp\n"),
    "etc/default/minio": Kind(chosen, "MINIO_VOLUMES=/srv/minio\nMINIO_ROOT_USER=minio\nMINIO_ROOT_PASSWORD=§\n"),
    "etc/vault/unseal.json": Kind(drawn(ALNUM + "+/", 43, "="), '{"unseal_keys_b64": ["§"], "unseal_shares": 1, "unseal_threshold": 1}\n'),
    "etc/gitlab-runner/config.toml": Kind(
        drawn(ALNUM + "-_", 20), '[[runners]]\n  name = "ci1"\n  url = "https://git.acme.dev/"\n  token = "§"\n  executor = "docker"\n'
    ),
    "etc/traefik/dynamic.yml": Kind(
        drawn(ALNUM + "./", 22), 'http:\n  middlewares:\n    ops:\n      basicAuth:\n        users:\n        - "ada:$apr1$x8Qf2LmT$§"\n'
    ),
    "etc/mongod.keyfile": Kind(drawn(ALNUM + "+/", 1000), "§\n", lambda value: "\n".join(value[at : at + 64] for at in range(0, len(value), 64))),
    "argocd/repo-secret.yaml": Kind(
        chosen,
        "apiVersion: v1\nkind: Secret\nmetadata:\n  labels: {argocd.argoproj.io/secret-type: repository}\nstringData:\n  url: https://git.acme.dev/shop\n  password: §\n",
    ),
    "cloudflared/cert.json": Kind(drawn(ALNUM + "+/", 42, "=="), '{"AccountTag": "acme", "TunnelSecret": "§", "TunnelID": "web"}\n'),
    "fluent-bit.conf": Kind(chosen, "[OUTPUT]\n    Name  es\n    Host  es1\n    HTTP_User  fluent\n    HTTP_Passwd  §\n"),
    "etc/k3s/registries.yaml": Kind(chosen, "configs:\n  cr.acme.dev:\n    auth:\n      username: deploy\n      password: §\n"),
    "etc/backup/restic.env": Kind(chosen, "RESTIC_REPOSITORY=sftp:backup@nas:/srv/restic\nRESTIC_PASSWORD=§\n"),
    "etc/containers/auth.json": Kind(chosen, '{"auths": {"cr.acme.dev": {"auth": "§"}}}\n', lambda value: in_base64("robot$ci:" + value)),
}
"""A kind for each file; the key is its path on the server."""
