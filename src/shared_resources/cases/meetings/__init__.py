"""Joint meetings (MT): notice, replies, minutes with the consent of all bound, resolved items as duties."""
