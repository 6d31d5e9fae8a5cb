"""What oslo.policy says of the questions on standard input.

A question is one line of JSON: {"rules": {name: expression} or a text in YAML, "creds": {}, "target": {}}.
The answer is one line: {name: true or false}, for all rules.
"""
import json
import logging
import re
import sys

from oslo_policy import _checks
from oslo_policy import policy

logging.disable(logging.CRITICAL)


@policy.register("field")
class FieldCheck(policy.Check):
    """Neutron's, for a target that holds all attributes itself."""

    def __call__(self, target, creds, enforcer):
        attribute, wanted = self.match.split(":", 1)[1].split("=", 1)
        value = target.get(attribute)
        if value is None:
            return False
        if wanted.startswith("~"):
            return re.match(wanted[1:], value) is not None
        return str(value) == wanted


class Enforcer:
    def __init__(self, rules):
        load = policy.Rules.load if isinstance(rules, str) else policy.Rules.from_dict
        self.rules = load(rules, "default")


for line in sys.stdin:
    question = json.loads(line)
    enforcer = Enforcer(question["rules"])
    print(json.dumps({
        name: bool(_checks._check(enforcer.rules[name], question["target"], question["creds"], enforcer, name))
        for name in list(enforcer.rules)
    }))
