"""Files of applications, of their build pipelines, and of their client programs."""

from __future__ import annotations

from benchmarks.secrets.planted.kind import Kind, as_login, chosen, drawn, in_base64, in_url, issued
from benchmarks.secrets.shapes import ALNUM, HEX, LOWER, SHAPES

APPLICATIONS: dict[str, Kind] = {
    "app/.env": Kind(chosen, "APP_ENV=production\nDB_HOST=db1.acme.internal\nDB_USERNAME=shop\nDB_PASSWORD=§\nLOG_LEVEL=info\n"),
    "laravel/.env": Kind(drawn(ALNUM + "+/", 43, "="), "APP_NAME=Shop\nAPP_KEY=base64:§\nAPP_DEBUG=false\n"),
    "node/.env.production": Kind(issued, 'NODE_ENV=production\nPORT=3000\nSESSION_SECRET="§"\n'),
    "wp-config.php": Kind(chosen, "<?php\ndefine( 'DB_NAME', 'wp' );\ndefine( 'DB_USER', 'wp' );\ndefine( 'DB_PASSWORD', '§' );\n$table_prefix = 'wp_';\n"),
    "salts/wp-config.php": Kind(drawn(ALNUM + "!@#%^&*()-_=+|~,.;:[]", 64), "<?php\ndefine('AUTH_KEY',         '§');\ndefine('WP_DEBUG', false);\n"),
    "django/settings.py": Kind(drawn(LOWER + "!@^&*(-_=+)", 50), "DEBUG = False\nALLOWED_HOSTS = ['shop.acme.dev']\nSECRET_KEY = 'django-insecure-§'\n"),
    "django/local_settings.py": Kind(
        chosen,
        "DATABASES = {\n    'default': {\n        'ENGINE': 'django.db.backends.postgresql',\n        'NAME': 'shop',\n"
        "        'USER': 'shop',\n        'PASSWORD': '§',\n        'HOST': 'db1.acme.internal',\n    }\n}\n",
    ),
    "flask/config.py": Kind(chosen, "class Config:\n    SQLALCHEMY_DATABASE_URI = 'postgresql://shop:§@db1.acme.internal/shop'\n    TESTING = False\n", in_url),
    "config/database.yml": Kind(chosen, "production:\n  adapter: mysql2\n  database: shop\n  username: shop\n  password: §\n  pool: 5\n"),
    "config/secrets.yml": Kind(drawn(HEX, 128), "production:\n  secret_key_base: §\n"),
    "config/master.key": Kind(drawn(HEX, 32), "§"),
    "config/storage.yml": Kind(drawn(ALNUM + "/+", 40), "amazon:\n  service: S3\n  bucket: shop\n  secret_access_key: §\n"),
    "application.properties": Kind(chosen, "server.port=8443\nspring.datasource.username=shop\nspring.datasource.password=§\nspring.jpa.show-sql=false\n"),
    "keystore/application.properties": Kind(chosen, "server.port=8443\nserver.ssl.key-store=classpath:shop.p12\nserver.ssl.key-store-password=§\n"),
    "application.yml": Kind(
        chosen, "spring:\n  datasource:\n    url: jdbc:mysql://db1.acme.internal/shop\n    username: shop\n    password: §\n  jpa:\n    open-in-view: false\n"
    ),
    "jdbc.properties": Kind(chosen, "jdbc.driver=org.postgresql.Driver\njdbc.url=jdbc:postgresql://db1.acme.internal/shop?user=shop&password=§\n", in_url),
    "web.config": Kind(
        chosen,
        '<configuration>\n  <connectionStrings>\n    <add name="Shop" connectionString="Data Source=db1;Initial Catalog=Shop;'
        'User ID=shop;Password=§;MultipleActiveResultSets=True" />\n  </connectionStrings>\n</configuration>\n',
    ),
    "machine/web.config": Kind(
        drawn("0123456789ABCDEF", 64),
        '<configuration><system.web>\n<machineKey decryption="AES" decryptionKey="§" validation="SHA1" />\n</system.web></configuration>\n',
    ),
    "appsettings.json": Kind(
        chosen, '{\n  "ConnectionStrings": {\n    "Default": "Server=tcp:db1,1433;Database=Shop;Uid=shop;Pwd=§;Encrypt=yes;"\n  },\n  "AllowedHosts": "*"\n}\n'
    ),
    "secrets.json": Kind(issued, '{\n  "Authentication:Google:ClientSecret": "§",\n  "Logging:Level": "Warning"\n}\n'),
    "config.php": Kind(chosen, "<?php\nreturn [\n    'db' => [\n        'host' => 'db1',\n        'user' => 'shop',\n        'pass' => '§',\n    ],\n];\n"),
    "joomla/configuration.php": Kind(
        chosen, "<?php\nclass JConfig {\n\tpublic $host = 'db1';\n\tpublic $user = 'shop';\n\tpublic $password = '§';\n\tpublic $dbprefix = 'j_';\n}\n"
    ),
    "drupal/settings.php": Kind(drawn(ALNUM + "-_", 74), "<?php\n$settings['hash_salt'] = '§';\n$settings['update_free_access'] = FALSE;\n"),
    "magento/env.php": Kind(drawn(HEX, 32), "<?php\nreturn [\n    'crypt' => [\n        'key' => '§'\n    ],\n    'MAGE_MODE' => 'production',\n];\n"),
    "symfony/parameters.yml": Kind(issued, "parameters:\n    locale: en\n    secret: §\n    mailer_transport: smtp\n"),
    "phoenix/prod.secret.exs": Kind(drawn(ALNUM + "+/", 64), 'import Config\n\nconfig :shop, ShopWeb.Endpoint,\n  secret_key_base: "§"\n'),
    "cakephp/app_local.php": Kind(drawn(HEX, 64), "<?php\nreturn [\n    'Security' => [\n        'salt' => '§',\n    ],\n];\n"),
    "tomcat-users.xml": Kind(
        chosen, '<tomcat-users>\n  <role rolename="manager-gui"/>\n  <user username="ada" password="§" roles="manager-gui"/>\n</tomcat-users>\n'
    ),
    "META-INF/context.xml": Kind(
        chosen,
        '<Context>\n  <Resource name="jdbc/shop" type="javax.sql.DataSource"\n    username="shop" password="§"\n    url="jdbc:mysql://db1/shop"/>\n</Context>\n',
    ),
    "hibernate.cfg.xml": Kind(
        chosen,
        '<hibernate-configuration><session-factory>\n  <property name="connection.username">shop</property>\n'
        '  <property name="connection.password">§</property>\n</session-factory></hibernate-configuration>\n',
    ),
    "persistence.xml": Kind(
        chosen,
        '<persistence><properties>\n  <property name="javax.persistence.jdbc.user" value="shop"/>\n  <property name="javax.persistence.jdbc.password" value="§"/>\n</properties></persistence>\n',
    ),
    "kafka_server_jaas.conf": Kind(
        chosen,
        'KafkaServer {\n  org.apache.kafka.common.security.plain.PlainLoginModule required\n  username="broker"\n  password="§"\n  user_shop="${SHOP}";\n};\n',
    ),
    "ormconfig.json": Kind(chosen, '{"type": "postgres", "host": "db1", "username": "shop", "password": "§", "synchronize": false}\n'),
    "knexfile.js": Kind(chosen, "module.exports = {\n  client: 'pg',\n  connection: { host: 'db1', user: 'shop', password: '§', database: 'shop' },\n};\n"),
    "Rocket.toml": Kind(drawn(ALNUM + "+/", 43, "="), '[release]\naddress = "0.0.0.0"\nsecret_key = "§"\n'),
    "ios/Secrets.plist": Kind(
        issued, '<plist version="1.0">\n<dict>\n\t<key>ApiSecret</key>\n\t<string>§</string>\n\t<key>Region</key>\n\t<string>eu</string>\n</dict>\n</plist>\n'
    ),
    "android/strings.xml": Kind(issued, '<resources>\n    <string name="app_name">Shop</string>\n    <string name="client_secret">§</string>\n</resources>\n'),
    "android/keystore.properties": Kind(chosen, "storeFile=release.jks\nkeyAlias=shop\nstorePassword=${STORE}\nkeyPassword=§\n"),
    "terraform.tfvars": Kind(chosen, 'region         = "eu-central-1"\ninstance_count = 3\ndb_password    = "§"\n'),
    "terraform.tfstate": Kind(
        chosen,
        '{\n  "version": 4,\n  "resources": [{"type": "aws_db_instance", "instances": [{"attributes": {\n    "allocated_storage": 20,\n    "password": "§",\n    "username": "shop"\n  }}]}]\n}\n',
    ),
    "outputs/terraform.tfstate": Kind(
        chosen,
        '{\n  "version": 4,\n  "outputs": {\n    "admin_password": {\n      "value": "§",\n      "type": "string",\n      "sensitive": true\n    }\n  }\n}\n',
    ),
    "group_vars/all.yml": Kind(chosen, "---\nntp_server: pool.ntp.org\nansible_become_password: §\npostgres_version: 15\n"),
    "inventory.ini": Kind(chosen, "[web]\nweb1 ansible_host=10.2.0.4 ansible_user=root ansible_ssh_pass=§\n"),
    "hiera/common.yaml": Kind(chosen, "---\nntp::servers:\n  - pool.ntp.org\nprofile::mysql::root_password: '§'\n"),
    "data_bags/db.json": Kind(chosen, '{"id": "shop", "adapter": "mysql", "root": {"password": "§"}}\n'),
    "pillar/mysql.sls": Kind(chosen, "mysql:\n  server:\n    root_password: '§'\n    bind-address: 127.0.0.1\n"),
    "values.yaml": Kind(chosen, "replicaCount: 2\nimage:\n  tag: 1.4.2\npostgresql:\n  auth:\n    username: shop\n    postgresPassword: §\n"),
    "secret.yaml": Kind(chosen, "apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop\ntype: Opaque\ndata:\n  pgpassword: §\n", in_base64),
    "kustomization.yaml": Kind(chosen, "resources:\n- deployment.yaml\nsecretGenerator:\n- name: shop\n  literals:\n  - username=shop\n  - password=§\n"),
    "docker-compose.yml": Kind(
        chosen, "services:\n  db:\n    image: mariadb:11\n    environment:\n      - MARIADB_DATABASE=shop\n      - MARIADB_ROOT_PASSWORD=§\n"
    ),
    "Dockerfile": Kind(issued, "FROM node:20\nENV NPM_TOKEN=§\nCOPY . /app\nRUN npm ci\n"),
    "Vagrantfile": Kind(
        chosen,
        'Vagrant.configure("2") do |config|\n  config.vm.box = "acme/win2022"\n  config.winrm.username = "vagrant"\n  config.winrm.password = "§"\nend\n',
    ),
    ".github/workflows/deploy.yml": Kind(
        issued, "on: push\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    env:\n      DEPLOY_TOKEN: §\n    steps:\n    - uses: actions/checkout@v4\n"
    ),
    ".gitlab-ci.yml": Kind(issued, 'stages: [deploy]\nvariables:\n  NPM_REGISTRY_TOKEN: "§"\ndeploy:\n  stage: deploy\n  script: ./deploy.sh\n'),
    ".travis.yml": Kind(chosen, "language: ruby\nenv:\n  global:\n    - RAILS_ENV=test\n    - FTP_PASSWORD=§\nscript: rake\n"),
    ".circleci/config.yml": Kind(
        chosen, "version: 2.1\njobs:\n  test:\n    docker:\n    - image: cimg/node:20.1\n      auth:\n        username: acme\n        password: §\n"
    ),
    ".drone.yml": Kind(chosen, "kind: pipeline\nsteps:\n- name: publish\n  image: plugins/docker\n  settings:\n    username: acme\n    password: §\n"),
    "Jenkinsfile": Kind(chosen, "pipeline {\n  agent any\n  stages { stage('push') { steps {\n    sh 'docker login -u deploy -p § cr.acme.dev'\n  } } }\n}\n"),
    "credentials.xml": Kind(
        chosen,
        "<com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl>\n  <id>nexus</id>\n  <username>deploy</username>\n"
        "  <password>§</password>\n</com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl>\n",
    ),
    "serverless.yml": Kind(issued, "service: shop\nprovider:\n  name: aws\n  environment:\n    STAGE: prod\n    PAYMENT_SECRET: §\n"),
    "wrangler.toml": Kind(issued, 'name = "shop"\ncompatibility_date = "2023-10-01"\n\n[vars]\nUPSTREAM_TOKEN = "§"\n'),
    "app.json": Kind(issued, '{"name": "shop", "env": {"COOKIE_SECRET": {"description": "signs cookies", "value": "§"}}}\n'),
    "shop.postman_collection.json": Kind(
        issued,
        '{"info": {"name": "Shop"}, "item": [{"name": "orders", "request": {"method": "GET", "auth": {"type": "bearer",\n'
        '  "bearer": [{"key": "token", "value": "§", "type": "string"}]}, "url": "https://api.acme.dev/orders"}}]}\n',
    ),
    "prod.postman_environment.json": Kind(
        chosen,
        '{"name": "prod", "values": [\n  {"key": "host", "value": "api.acme.dev", "enabled": true},\n  {"key": "password", "value": "§", "enabled": true}\n]}\n',
    ),
    "insomnia.json": Kind(
        chosen, '{"_type": "export", "resources": [{"name": "orders", "authentication": {"type": "basic", "username": "ada",\n "password": "§"}}]}\n'
    ),
    "analysis.ipynb": Kind(
        chosen,
        '{"cells": [{"cell_type": "code", "execution_count": 1, "outputs": [], "source": [\n'
        "  \"import psycopg2\\n\",\n  \"conn = psycopg2.connect(host='db1', user='ada', password='§')\\n\"\n]}], \"nbformat\": 4}\n",
    ),
    "session.har": Kind(
        issued,
        '{"log": {"entries": [{"request": {"method": "GET", "url": "https://api.acme.dev/orders", "headers": [\n'
        '  {"name": "Accept", "value": "*/*"},\n  {"name": "Authorization", "value": "Bearer §"}\n]}}]}}\n',
    ),
    "login.har": Kind(
        chosen,
        '{"log": {"entries": [{"request": {"method": "POST", "postData": {"mimeType": "application/x-www-form-urlencoded",\n'
        '  "params": [{"name": "user", "value": "ada"}, {"name": "password", "value": "§"}]}}}]}}\n',
    ),
    "dump.sql": Kind(chosen, "-- MySQL dump\nCREATE DATABASE shop;\nCREATE USER 'shop'@'%' IDENTIFIED BY '§';\nGRANT ALL ON shop.* TO 'shop'@'%';\n"),
    "roles.sql": Kind(chosen, "CREATE ROLE shop_rw;\nALTER ROLE shop_rw WITH NOSUPERUSER LOGIN PASSWORD '§';\n"),
    "users.sql": Kind(drawn(ALNUM + "./", 53), "INSERT INTO `users` (`id`, `email`, `password`) VALUES\n(1, 'ada@acme.dev', '$2y$10$§');\n"),
    "users.ldif": Kind(chosen, "dn: uid=ada,ou=people,dc=acme,dc=dev\nobjectClass: inetOrgPerson\nuid: ada\nuserPassword: §\n"),
    "robomongo.json": Kind(
        chosen, '{"connections": [{"connectionName": "prod", "credentials": [{"databaseName": "admin", "userName": "root", "userPassword": "§"}]}]}\n'
    ),
    ".idea/dataSources.xml": Kind(
        chosen,
        '<component name="DataSourceManagerImpl">\n  <data-source name="prod">\n    <jdbc-url>jdbc:mysql://db1:3306/shop?user=shop&amp;password=§</jdbc-url>\n  </data-source>\n</component>\n',
        in_url,
    ),
    ".idea/webServers.xml": Kind(
        drawn("0123456789abcdef", 48),
        '<component name="WebServers">\n  <webServer id="a1" name="prod">\n    <fileTransfer host="ftp.acme.dev" port="21" password="§" username="ada" />\n  </webServer>\n</component>\n',
    ),
    "filezilla/sitemanager.xml": Kind(
        chosen,
        '<FileZilla3><Servers><Server>\n  <Host>ftp.acme.dev</Host>\n  <User>ada</User>\n  <Pass encoding="base64">§</Pass>\n</Server></Servers></FileZilla3>\n',
        in_base64,
    ),
    "filezilla/recentservers.xml": Kind(
        chosen,
        "<FileZilla3><RecentServers><Server>\n  <Host>ftp.acme.dev</Host>\n  <User>ada</User>\n  <Pass>§</Pass>\n</Server></RecentServers></FileZilla3>\n",
    ),
    "WinSCP.ini": Kind(drawn("0123456789ABCDEF", 60), "[Sessions\\prod]\nHostName=ftp.acme.dev\nUserName=ada\nPassword=§\n"),
    "sftp-config.json": Kind(
        chosen, '{\n    "type": "sftp",\n    "host": "web1.acme.dev",\n    "user": "ada",\n    "password": "§",\n    "remote_path": "/srv/www/",\n}\n'
    ),
    ".vscode/sftp.json": Kind(
        chosen, '{\n  "name": "prod",\n  "host": "web1.acme.dev",\n  "username": "ada",\n  "passphrase": "§",\n  "uploadOnSave": true\n}\n'
    ),
    ".vscode/settings.json": Kind(
        chosen, '{\n  "editor.tabSize": 2,\n  "sqltools.connections": [{"name": "prod", "driver": "PostgreSQL", "username": "shop", "password": "§"}]\n}\n'
    ),
    ".ftpconfig": Kind(chosen, '{\n    "protocol": "ftp",\n    "host": "ftp.acme.dev",\n    "user": "ada",\n    "pass": "§",\n    "remote": "/"\n}\n'),
    "confCons.xml": Kind(
        drawn(ALNUM + "+/", 62, "=="),
        '<mrng:Connections Name="Connections">\n  <Node Name="dc1" Type="Connection" Username="admin" Domain="ACME" Password="§" Protocol="RDP" />\n</mrng:Connections>\n',
    ),
    "autounattend.xml": Kind(
        chosen,
        "<unattend><UserAccounts><AdministratorPassword>\n  <Value>§</Value>\n  <PlainText>true</PlainText>\n</AdministratorPassword></UserAccounts></unattend>\n",
    ),
    "Groups.xml": Kind(
        drawn(ALNUM + "/+", 43),
        '<Groups>\n  <User name="admin">\n    <Properties action="U" userName="admin" cpassword="§" changeLogon="0"/>\n  </User>\n</Groups>\n',
    ),
    "http-client.private.env.json": Kind(issued, '{"prod": {"host": "https://api.acme.dev", "bearer": "§"}}\n'),
    "requests.http": Kind(chosen, "GET https://api.acme.dev/orders HTTP/1.1\nAccept: application/json\nAuthorization: Basic §\n", as_login),
    "deploy.sh": Kind(chosen, "#!/bin/sh\nset -e\nlftp -u ada,'§' ftp.acme.dev -e 'mirror -R dist; quit'\n"),
    "backup.ps1": Kind(
        chosen, "$user = 'ACME\\backup'\n$secure = ConvertTo-SecureString '§' -AsPlainText -Force\n$cred = New-Object PSCredential($user, $secure)\n"
    ),
    "connect.bat": Kind(chosen, "@echo off\nnet use Z: \\\\nas\\shop § /user:ACME\\ada\nxcopy C:\\shop Z:\\ /s\n"),
    "gitlab.rb": Kind(chosen, "external_url 'https://git.acme.dev'\ngitlab_rails['smtp_user_name'] = 'git'\ngitlab_rails['smtp_password'] = '§'\n"),
    "slack.yml": Kind(SHAPES["slack-hook"], "notify:\n  channel: '#ops'\n  url: §\n"),
}
"""A kind for each file; the key is its path in a project."""
