"""The images, built and run: what `make images` proves over a stand-in base, and how (docs/images.md)."""
