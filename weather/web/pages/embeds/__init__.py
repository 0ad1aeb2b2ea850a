"""What other sites and programs show of a place: the card, the badge, the preview of a link, the calendar."""
