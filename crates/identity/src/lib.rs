//! DIDs, handles and DID documents, resolved and cached.
