"""Looks over a page's shoulder: what the console, the policy and the network tell that nobody would see."""

from urllib.parse import urlsplit


class Watch:
    """Collects the problems of one page and the bytes it loaded.

    A browser reports violations of the content security policy as console errors, so those are here
    too. An answer of 4xx that a test asks for on purpose is allowed by `expect_status`.
    """

    def __init__(self, page, host):
        self.hosts, self.problems, self.allowed, self.is_looking = {host}, [], set(), True
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.note(f"script error: {error}"))
        page.on("request", self.request)
        page.on("response", self.response)

    def expect_status(self, *statuses):
        """Lets answers with these statuses pass from here on."""
        self.allowed.update(statuses)

    def expect_host(self, host):
        """Lets the page go to another site from here on."""
        self.hosts.add(host)

    def look_away(self):
        """Lets everything pass that was told, and what the browser has yet to tell of it."""
        self.is_looking = False
        self.problems.clear()

    def note(self, problem):
        if self.is_looking:
            self.problems.append(problem)

    def console(self, message):
        # The browser's own line about a failed request is told better by `response`.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.note(f"console: {message.text}")

    def request(self, request):
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc not in self.hosts:
            self.note(f"request to another host: {request.url}")

    def response(self, response):
        if response.status >= 400 and response.status not in self.allowed:
            self.note(f"{response.status} {response.request.method} {response.url}")
