"""Pages: what they link, load, say of themselves, and how they are searched."""
