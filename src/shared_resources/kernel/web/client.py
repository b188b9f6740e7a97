"""Where a request came from, as far as it can be believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.settings import settings

if TYPE_CHECKING:
    from shared_resources.kernel.web.pages import WebRequest


def address_of(request: WebRequest) -> str:
    """The network address of the browser.

    Behind proxies of ours it is the entry that the outermost of them wrote: whatever stands left of it the browser
    may have made up, so that nobody escapes the limits by inventing addresses.
    """
    proxies = settings().proxies
    if proxies:
        hops = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",") if hop.strip()]
        if len(hops) >= proxies:
            return hops[-proxies][:100]
    return request.client.host if request.client else ""


BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(agent: str | None) -> str:
    """A browser and its system in two words; what it calls itself when we do not know it."""
    said = agent or ""
    found = [next((name for mark, name in known if mark in said), "") for known in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, found)) or said[:40] or "—"


def agent_of(request: WebRequest) -> str:
    """What the browser calls itself."""
    return request.headers.get("user-agent", "")[:300]
