"""moto's server, which looks up once a host whose that is: it would list a folder of 180 entries for each request."""

import sys
from functools import cache

from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.server import main

DomainDispatcherApplication.get_backend_for_host = cache(DomainDispatcherApplication.get_backend_for_host)
main(sys.argv[1:])
