"""Makes the PostgreSQL database of one size anew, empty."""

import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg2

url, size = sys.argv[1:]
parts = urlsplit(url)
server = psycopg2.connect(urlunsplit(parts._replace(path="/postgres")))
server.autocommit = True
name = f"{parts.path.lstrip('/')}_bench_{size}"
with server.cursor() as cursor:
    cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
    cursor.execute(f'CREATE DATABASE "{name}"')
