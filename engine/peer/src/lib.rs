//! One connection: ICE, DTLS and SCTP composed, sans I/O.
