"""`make bench-photos`: what preparing a photo costs, beside libvips and plain Pillow (docs/photos.md)."""
