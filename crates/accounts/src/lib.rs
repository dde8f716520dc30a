//! Who may do what: users, permissions, API keys.
