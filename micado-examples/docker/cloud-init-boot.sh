#!/bin/sh
# Boots a container as cloud-init boots a machine: its stages one after the other, with what it finds in its seed directory.
# The container stays afterwards; /run/cloud-init/result.json tells how it went.
cloud-init init --local
cloud-init init
cloud-init modules --mode=config
cloud-init modules --mode=final
touch /run/booted
exec sleep infinity
