"""Where the parts of the site are."""

DESK = "/admin/"
