"""Fault loops: hostile callers, kills, full disks. README.md lists what each of them promises."""
