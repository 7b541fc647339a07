"""A service that answers with its name and, if told to, with what another service says.

    python3 app.py PORT NAME [URL PROXY]

It passes on `traceparent` and `x-request-id` and knows nothing of any other header.
"""

import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

port, name = int(sys.argv[1]), sys.argv[2]
url, proxy = (sys.argv[3], sys.argv[4]) if len(sys.argv) > 4 else (None, None)


class App(BaseHTTPRequestHandler):
    def do_GET(self):
        text = name
        if url:
            call = urllib.request.Request(url)
            for header in ("traceparent", "x-request-id"):
                if self.headers[header]:
                    call.add_header(header, self.headers[header])
            through = urllib.request.build_opener(urllib.request.ProxyHandler({"http": proxy}))
            with through.open(call) as answer:
                text += " -> " + answer.read().decode().strip()
        body = (text + "\n").encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Says nothing: the sidecar has an access log."""


ThreadingHTTPServer(("127.0.0.1", port), App).serve_forever()
