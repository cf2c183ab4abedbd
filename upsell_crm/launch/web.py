"""Settings of gunicorn (`gunicorn -c python:upsell_crm.launch.web …`), the same in ./crm and in the compose file."""

workers = 2
threads = 4
timeout = 60
graceful_timeout = 10
max_requests = 5000  # a worker is renewed from time to time, so that a slow leak never matters
max_requests_jitter = 500
loglevel = "warning"
control_socket_disable = True
