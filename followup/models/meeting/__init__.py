"""The meetings of the samverkansgrupp and of the strategic council, and what came out of them."""
