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


def agent_of(request: WebRequest) -> str:
    """What the browser calls itself."""
    return request.headers.get("user-agent", "")[:300]
