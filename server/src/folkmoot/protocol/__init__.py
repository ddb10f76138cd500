"""LiveKit's wire protocol and our words for it.

Law: this package is the only importer of `livekit.protocol`. Everyone else speaks in the values of `values`,
`requests` and `joining`, and builds what goes out with `responses`. Clients are newer than we are: unknown fields and
unknown messages are never errors.
"""
