//! Every outgoing connection, behind one guard.
