//! SRTP and SRTCP on aws-lc, replay windows.
