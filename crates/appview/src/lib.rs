//! Lexicons in, a live XRPC view of the network out.
