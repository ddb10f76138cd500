//! RTP, RTCP, header extensions, codec descriptors: parse and write, no state.
