//! The client API's parsers on whatever clients send; what it answers is tested on the whole server, in `tests/it/mastodon`.

mod arbitrary;
