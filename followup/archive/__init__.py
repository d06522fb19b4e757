"""What was signed: the stored text, a reader for each format, hashes and verification."""
