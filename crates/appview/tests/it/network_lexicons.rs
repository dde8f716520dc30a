//! Network lexicons, on a real network.
