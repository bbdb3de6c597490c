"""Reads metrics on standard input with Prometheus's own parser, and prints each with its type and how many series it has."""

import json
import sys

from prometheus_client.parser import text_string_to_metric_families

families = text_string_to_metric_families(sys.stdin.read())
print(json.dumps({family.name: [family.type, len(family.samples)] for family in families}))
