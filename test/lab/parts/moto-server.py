"""moto's server, which finds once what it would find anew for each request: whose a host is, and what a service can do."""

import sys
from functools import cache

from moto.core import responses
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.server import main

# The first lists a folder of 180 entries, the second all members of a class.
DomainDispatcherApplication.get_backend_for_host = cache(DomainDispatcherApplication.get_backend_for_host)
responses.method_names_from_class = cache(responses.method_names_from_class)
main(sys.argv[1:])
