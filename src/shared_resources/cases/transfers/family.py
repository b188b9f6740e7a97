"""Case transfers, first receipts and referrals of suspected crimes as families of records (TR, FR)."""

from __future__ import annotations

from shared_resources.cases.transfers.letters import referral as referral_letters
from shared_resources.cases.transfers.letters import results
from shared_resources.cases.transfers.letters import transfer as transfer_letters
from shared_resources.cases.transfers.rules import receipt as receipt_rules
from shared_resources.cases.transfers.rules import referral as referral_rules
from shared_resources.cases.transfers.rules import transfer as transfer_rules
from shared_resources.cases.transfers.schemas.receipt import Registration
from shared_resources.cases.transfers.schemas.referral import Suspicion
from shared_resources.cases.transfers.schemas.transfer import Finding
from shared_resources.cases.transfers.service import receipt, referral, transfer
from shared_resources.kernel.casework.family import Family, known
from shared_resources.kernel.permissions import Permission
from shared_resources.kernel.roles import Relation
from shared_resources.kernel.words import N_

TRANSFERS = known(
    Family(
        procedure=transfer_rules.TRANSFER,
        label=N_("Case transfers"),
        lead=N_("A case outside one's jurisdiction goes to the agency that has it, within two working days."),
        see=Permission.TRANSFER_SEE,
        open=Permission.TRANSFER_SIGN,
        opens_as=Relation.SENDER,
        opening=Finding,
        title=lambda entries: entries.case_name,
        blocks=transfer_rules.blocks,
        effects={
            "find": transfer.found,
            "approve": transfer.approved,
            "send": transfer.sent,
            "bounce": transfer.bounced,
            "withdraw": transfer.withdrawn,
            "mark_overdue": transfer.withheld,
            "accept": transfer.accepted,
            "file": transfer.filed,
            "conclude": transfer.concluded,
            "tell_by_phone": transfer.told_by_phone,
            "urge": transfer.urged,
            "pass_on": transfer.passed_on,
            "ask_naming": transfer.asked_for_naming,
            "dispute": transfer.disputed,
            "name_agency": transfer.named,
        },
        letters={
            "transfer_letter": transfer_letters.transfer_letter,
            "transfer_inventory": transfer_letters.transfer_inventory,
            "proof_of_service": transfer_letters.proof_of_service,
            "urging_notice": results.urging_notice,
            "result_notice_transfer": results.result_of_transfer,
        },
        body="cases/transfers/transfer.html",
        own=transfer_rules.own,
        new_label=N_("Record a finding of no jurisdiction"),
    )
)

REFERRALS = known(
    Family(
        procedure=referral_rules.REFERRAL,
        label=N_("Referrals of suspected crimes"),
        lead=N_("A suspected crime goes to the police: the head decides in three days, it is sent in 24 hours."),
        see=Permission.REFERRAL_SEE,
        open=Permission.REFERRAL_PREPARE,
        opens_as=Relation.SENDER,
        opening=Suspicion,
        title=lambda entries: entries.case_name,
        blocks=referral_rules.blocks,
        effects={
            "suspect": referral.suspected,
            "approve": referral.approved,
            "send": referral.sent,
            "sign": referral.signed,
            "file_case": referral.filed,
            "note_procuratorate": referral.noted,
            "hand_over": referral.handed_over,
        },
        letters={
            "crime_referral": referral_letters.crime_referral,
            "proof_of_service": referral_letters.return_slip,
        },
        body="cases/transfers/referral.html",
        new_label=N_("Record a suspected crime"),
    )
)

RECEIPTS = known(
    Family(
        procedure=receipt_rules.RECEIPT,
        label=N_("First receipts of cases"),
        lead=N_("Whoever takes a case answers for it until it is handled or the next agency has signed for it."),
        see=Permission.RECEIPT_SEE,
        open=Permission.RECEIPT_HANDLE,
        opens_as=Relation.RECEIVER,
        opening=Registration,
        title=lambda entries: entries.case_name,
        parties=lambda entries, actor: (
            {Relation.SENDER: entries.from_agency} if entries.from_agency is not None else {}
        ),
        blocks=receipt_rules.blocks,
        effects={
            "register": receipt.registered,
            "judge_not_own": receipt.not_own,
            "handle": receipt.handled,
            "inform_by_phone": transfer.told_by_phone,
        },
        letters={"result_notice_transfer": results.result_of_receipt},
        body="cases/transfers/receipt.html",
        own=receipt_rules.own,
        new_label=N_("Register a case"),
    )
)
