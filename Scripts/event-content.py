"""Prints what TensorBoard shows of a run: step and content of each event, without the time.

An event file of a resumed run begins with a session log whose step says which earlier events it
replaces. The standard library is enough.

Usage: event-content.py DIRECTORY
"""

import hashlib
import pathlib
import struct
import sys


def records(data):
    """The events of a file, up to one that a killed run has not finished."""
    place = 0
    while place + 12 <= len(data):
        (length,) = struct.unpack_from("<Q", data, place)
        if place + 16 + length > len(data):
            return
        yield data[place + 12 : place + 12 + length]
        place += 16 + length


def fields(message):
    """Number, value and bytes of each field of a protocol buffer."""

    def varint(place):
        value = shift = 0
        while True:
            byte = message[place]
            value |= (byte & 127) << shift
            place, shift = place + 1, shift + 7
            if byte < 128:
                return value, place

    place = 0
    while place < len(message):
        start = place
        key, place = varint(place)
        if key & 7 == 0:
            value, place = varint(place)
        else:
            size, place = {1: (8, place), 5: (4, place)}.get(key & 7) or varint(place)
            value, place = message[place : place + size], place + size
        yield key >> 3, value, message[start:place]


TIME, STEP, VERSION, SESSION, SOURCE = 1, 2, 3, 7, 10

events = []
for file in sorted(pathlib.Path(sys.argv[1]).glob("events.out.tfevents.*")):
    for record in records(file.read_bytes()):
        parts = {number: (value, raw) for number, value, raw in fields(record)}
        step = parts[STEP][0] if STEP in parts else 0
        if SESSION in parts:
            events = [event for event in events if event[0] < step]
        content = [
            parts[number][1] for number in sorted(parts) if number not in (TIME, STEP, VERSION, SESSION, SOURCE)
        ]
        if content:
            events.append((step, hashlib.sha256(b"".join(content)).hexdigest()))
for step, content in sorted(events):
    print(step, content)
