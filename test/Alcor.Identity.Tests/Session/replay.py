#!/usr/bin/python3
"""Runs commands of the real "openstack" client, all in one process, and says what each asked of the network service.

Reads one command a line. Writes for each "<exit code> <command>", then a line "    <status> <method> <path>" for each
request to the service at the address that is the only argument; ids are {id}. What the client says goes to standard error."""
import contextlib
import io
import re
import shlex
import sys
import urllib.parse

import requests
from openstackclient import shell

ID = re.compile(r'[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}')
service = sys.argv[1]
asked = []
send = requests.Session.send


def recorded(session, request, **options):
    response = send(session, request, **options)
    if request.url.startswith(service + '/v2.0/'):
        path = urllib.parse.urlsplit(request.url)
        target = path.path + ('?' + path.query if path.query else '')
        asked.append('    %d %s %s' % (response.status_code, request.method, ID.sub('{id}', target)))
    return response


def run(command):
    """The exit code; bad arguments end the client by an exception."""
    try:
        return shell.main(shlex.split(command))
    except SystemExit as end:
        return end.code


requests.Session.send = recorded
for command in sys.stdin.read().splitlines():
    asked.clear()
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = run(command)
    print('%s\n%s' % (command, said.getvalue()), file=sys.stderr)
    print('%d %s' % (code or 0, command))
    print(''.join(line + '\n' for line in asked), end='', flush=True)
