#!/bin/sh
# Every reader of outside input stands a minute of random bytes.
exec "$FORVAR_SOURCE/fuzz/run" 60
