"""Items as instruments: found by number or code, with the certificate that held at that minute (IN-1a).

One's own items, and those that one has on loan.
"""

from __future__ import annotations

from shared_resources.kernel.instruments import instruments_are

instruments_are(
    "SELECT i.id AS record, r.number, m.name_zh || ' ' || coalesce(i.serial, i.asset_no) AS name,"
    " c.number AS certificate_no, c.valid_to AS certificate_to FROM item i JOIN record r ON r.id = i.id"
    " JOIN model m ON m.id = i.model JOIN depot d ON d.id = i.depot LEFT JOIN LATERAL ("
    "  SELECT f.number, f.valid_to FROM certificate f WHERE f.item = i.id AND f.voided_at IS NULL"
    "  AND (f.valid_from::timestamp AT TIME ZONE d.timezone) <= $3"
    "  AND ((f.valid_to + 1)::timestamp AT TIME ZONE d.timezone) > $3 ORDER BY f.valid_to DESC LIMIT 1) c ON true"
    " WHERE (i.owner = $2 OR $2 = (SELECT l.holder_agency FROM custody_line l WHERE l.chain = i.id"
    "  ORDER BY l.seq DESC LIMIT 1)) AND (r.number = $1 OR i.code = replace($1, '-', '')) AND r.state <> 'retired'"
)
