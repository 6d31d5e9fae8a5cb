"""Serves Keystone on a free port of the loopback address: prints the port, then "ready"."""
import os
import socketserver
import threading
import time
import wsgiref.simple_server as simple
from concurrent.futures import ThreadPoolExecutor


class Server(socketserver.ThreadingMixIn, simple.WSGIServer):
    daemon_threads = True
    request_queue_size = 128

    def server_bind(self):
        # Not simple.WSGIServer's: it asks the name service for the name of the address.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address
        self.setup_environ()


def end_with(parent):
    """Tests that are killed stop nothing themselves."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
server = Server(("127.0.0.1", 0), simple.WSGIRequestHandler)
print(server.server_port, flush=True)
from keystone.server.wsgi import initialize_public_application  # noqa: E402  (it takes seconds)

application = initialize_public_application()
# One thread for the application, as SQLite has one writer at a time anyway.
worker = ThreadPoolExecutor(1)
server.set_app(lambda environ, start: worker.submit(lambda: list(application(environ, start))).result())
print("ready", flush=True)
server.serve_forever()
