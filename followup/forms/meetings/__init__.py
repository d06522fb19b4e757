"""Forms for the meetings: planning, calling, running and signing them."""
