"""Identity: who is this, of which agency, with which roles. Everything outside imports from here.

Verbs and proofs by noun beside this file; reads in ``queries``.
"""

from __future__ import annotations

from shared_resources.kernel.identity.actors import actor_for_session, actor_for_token, serving
from shared_resources.kernel.identity.agencies import create_agency, edit_agency
from shared_resources.kernel.identity.appointments import appoint, end_appointment
from shared_resources.kernel.identity.duty import cancel_shift, create_desk, edit_desk, plan_shift
from shared_resources.kernel.identity.limits import sweep_attempts
from shared_resources.kernel.identity.links import new_link, owner_of_link, use_link
from shared_resources.kernel.identity.people import (
    change_locale,
    change_password,
    create_administrator,
    create_first_administrator,
    create_person,
    deactivate,
    edit_person,
    end_sessions_of,
    reactivate,
    unlock,
)
from shared_resources.kernel.identity.second_factor import confirm, disable, disable_for, enrol
from shared_resources.kernel.identity.sessions import (
    choose_agency,
    confirm_other_person,
    end_session,
    sign_in,
    sign_out,
    sign_out_everywhere,
)
from shared_resources.kernel.identity.tokens import create_token, grantable, revoke_token

__all__ = [
    "actor_for_session",
    "actor_for_token",
    "appoint",
    "cancel_shift",
    "change_locale",
    "change_password",
    "choose_agency",
    "confirm",
    "confirm_other_person",
    "create_administrator",
    "create_agency",
    "create_desk",
    "create_first_administrator",
    "create_person",
    "create_token",
    "deactivate",
    "disable",
    "disable_for",
    "edit_agency",
    "edit_desk",
    "edit_person",
    "end_appointment",
    "end_session",
    "end_sessions_of",
    "enrol",
    "grantable",
    "new_link",
    "owner_of_link",
    "plan_shift",
    "reactivate",
    "revoke_token",
    "serving",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "sweep_attempts",
    "unlock",
    "use_link",
]
