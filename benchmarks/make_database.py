"""Creates the PostgreSQL database of one size, when it is absent."""

import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg2

url, size = sys.argv[1:]
parts = urlsplit(url)
server = psycopg2.connect(urlunsplit(parts._replace(path="/postgres")))
server.autocommit = True
name = f"{parts.path.lstrip('/')}_bench_{size}"
with server.cursor() as cursor:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    if not cursor.fetchone():
        cursor.execute(f'CREATE DATABASE "{name}"')
