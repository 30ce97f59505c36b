"""The store in Redis, beside what every store promises."""
