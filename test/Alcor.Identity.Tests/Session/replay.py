#!/usr/bin/python3
"""Runs commands of the real "openstack" client, all in one process, and says what each asked of the network service and
what it told its user.

The only argument is the address of the service. Standard input holds one JSON object: "callers", the options of each
by name, and "commands", each with the name of its caller before it. Writes for each "<exit code> <caller> <command>",
then a line "    <status> <method> <path>" for each request to the service, a line "    | <text>" for each attribute or
row that was shown, and a line "    ! <text>" for each error. What is by chance is written as what it is: ids as the
type and the name of the object, times, MAC addresses, and addresses and segmentation ids that no command names."""
import contextlib
import io
import json
import logging
import re
import shlex
import sys
import urllib.parse

import requests
from cliff import lister, show
from openstackclient import shell
from osc_lib.clientmanager import ClientCache, ClientManager

ID = re.compile(r'[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}')
MAC = re.compile(r'fa:16:3e(:[0-9a-f]{2}){3}')
TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ')
ADDRESS = re.compile(r'(?<=.ip_address.: .)10\.1\.0\.\d+')
REGION = re.compile(r'(?<=service in )\w+(?= region)')
HOST = re.compile(r'\bhost-[0-9a-f-]+')
OWN_ADDRESS = re.compile(r'(fd00:1::)[0-9a-f:]*ff:fe[0-9a-f]{2}:[0-9a-f]{1,4}')
# Only that it grows has a meaning; each service counts in its own steps.
REVISION = re.compile(r'(revision_number"?: )\d+')
SEGMENTS = ('provider:segmentation_id', 'Segment')
CHANCE = ((MAC, '{mac}'), (TIME, '{time}'), (OWN_ADDRESS, r'\1{eui-64}'), (HOST, '{host}'), (REGION, '{region}'),
          (REVISION, r'\1"{revision}"'))

service = sys.argv[1]
session = json.load(sys.stdin)
named = set(re.findall(r'(?:ip-address|segment)[= ]([\w.]+)', ' '.join(session['commands'])))
labels = {}
asked = []
last_caller = None
send = requests.Session.send


def learn(value, type_name):
    """The names of all objects in an answer, by their ids."""
    if isinstance(value, list):
        for item in value:
            learn(item, type_name)
    elif isinstance(value, dict):
        if isinstance(value.get('id'), str) and value.get('name') and ID.fullmatch(value['id']):
            labels.setdefault(value['id'], '{%s %s}' % (type_name, value['name']))
        for key, item in value.items():
            learn(item, re.sub('s$', '', key))


def without_chance(text):
    for pattern, word in CHANCE:
        text = pattern.sub(word, text)
    text = ADDRESS.sub(lambda found: found[0] if found[0] in named else '{address}', text)
    return ID.sub(lambda found: labels.get(found[0], '{id}'), text).replace(service, '{service}')


def recorded(http, request, **options):
    response = send(http, request, **options)
    if 'json' in response.headers.get('Content-Type', '') and response.content:
        learn(response.json(), '')
    if request.url.startswith(service + '/v2.0/'):
        path = urllib.parse.urlsplit(request.url)
        target = path.path + ('?' + path.query if path.query else '')
        asked.append('%d %s %s' % (response.status_code, request.method, ID.sub('{id}', target)))
    return response


def cell(name, value):
    if name in SEGMENTS and value is not None and str(value) not in named:
        value = '{segment}'
    if isinstance(value, list):
        # In the order of the ids, or in none.
        value = sorted(value, key=lambda item: without_chance(json.dumps(item, sort_keys=True)))
    return '%s: %s' % (name, json.dumps(value, sort_keys=True))


def shown(command, text):
    """The lines that say the same as a table, an attribute or a row each."""
    if command.startswith('extension list'):
        # Which are offered is told, with the reasons, in docs/api-coverage.md.
        return []
    if not text.startswith(('{', '[')):
        return text.splitlines()
    value = json.loads(text)
    if isinstance(value, dict):
        return [cell(*item) for item in value.items()]
    return sorted(without_chance(', '.join(cell(*item) for item in row.items())) for row in value)


def run(caller, command):
    """The exit code; bad arguments end the client by an exception."""
    # Each run adds a handler of its own, to the standard error of then.
    logging.getLogger().handlers.clear()
    try:
        return shell.main(session['callers'][caller] + shlex.split(command))
    except SystemExit as end:
        return end.code


def forget(caller):
    """What the client keeps for the life of a process is of one caller."""
    global last_caller
    if caller != last_caller:
        for kept in vars(ClientManager).values():
            if isinstance(kept, ClientCache):
                kept._handle = None
    last_caller = caller


def replay(line):
    caller, command = line.split(' ', 1)
    forget(caller)
    asked.clear()
    said, complained = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
        code = run(caller, command)
    # A usage is of several lines; what is wrong is said in the last one.
    errors = complained.getvalue().splitlines()[-1:] if code == 2 else complained.getvalue().splitlines()
    print('%d %s' % (code or 0, line))
    for mark, texts in (('', asked), ('| ', shown(command, said.getvalue())), ('! ', errors)):
        for text in texts:
            print('    %s%s' % (mark, without_chance(text).rstrip()))
    sys.stdout.flush()


requests.Session.send = recorded
# The same as a table has, but it does not depend on the width of a value.
lister.Lister.formatter_default = show.ShowOne.formatter_default = 'json'
shell.OpenStackShell.NAME = 'openstack'
for each in session['commands']:
    replay(each)
