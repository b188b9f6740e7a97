"""What the forms of case transfers, first receipts and referrals of suspected crimes ask."""
