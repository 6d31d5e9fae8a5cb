"""What keystonemiddleware's auth_token answers while Keystone, at the URL of the argument, is down."""
import json
import logging
import sys

import webob
from keystonemiddleware import auth_token

logging.disable(logging.CRITICAL)
middleware = auth_token.AuthProtocol(None, {
    "www_authenticate_uri": "http://127.0.0.1:5000/v3",
    "auth_type": "password",
    "auth_url": sys.argv[1],
    "username": "alcor",
    "password": "alcor",
    "project_name": "service",
    "user_domain_name": "Default",
    "project_domain_name": "Default",
    "http_request_max_retries": "0",
})


def answer(headers):
    request = webob.Request.blank("/v2.0/networks", headers=headers)
    response = request.get_response(middleware)
    return {
        "headers": headers,
        "status": response.status_int,
        "type": response.headers["Content-Type"],
        "challenge": response.headers.get("WWW-Authenticate"),
        "body": response.body.decode(),
    }


print(json.dumps([answer(headers) for headers in (
    {},
    {"Accept": "application/json"},
    {"X-Auth-Token": "", "Accept": "text/plain"},
    {"X-Auth-Token": "unknown"},
    {"X-Auth-Token": "unknown", "Accept": "application/json"},
)]))
