"""`make bench`: what a request to each page costs, beside two that cost next to nothing (docs/performance.md)."""
