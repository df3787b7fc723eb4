"""`make bench-feeds`: what the queries of every feed cost, however many notes there are (docs/performance.md)."""
