"""The slip of a sample and the manifest of a shipment as PDF, with the symbol that leads back to the page."""

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.web.printed import printed
from shared_resources.lab.letters.slips import manifest, sample_slip
from shared_resources.lab.queries.samples import custody_of, sample_page, shipment_page


@get("/samples/{number:str}/slip.pdf", include_in_schema=False)
async def slip(actor: Actor, number: str) -> Response[bytes]:
    """Sampling, custody and end of one sample."""
    line, _ = await sample_page(actor, number)
    draft = sample_slip(line, await custody_of(line.id))
    return await printed(
        draft, actor.agency_name, line.number, f"/samples/{line.number}", f"样品流转单-{line.number}"
    )


@get("/shipments/{number:str}/manifest.pdf", include_in_schema=False)
async def manifest_paper(actor: Actor, number: str) -> Response[bytes]:
    """What goes along with the box."""
    shown, _, _ = await shipment_page(actor, number)
    name = f"送样清单-{shown.number}"
    return await printed(manifest(shown), shown.client_zh, shown.number, f"/shipments/{shown.number}", name)


ROUTES: list[HTTPRouteHandler] = [slip, manifest_paper]
