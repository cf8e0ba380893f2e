"""A network of its own for a container, in which this machine's loopback has an address; imports nothing.

Source: slirp4netns(1).
"""

NETWORK = "slirp4netns:allow_host_loopback=true"
HOST = "10.0.2.2"
