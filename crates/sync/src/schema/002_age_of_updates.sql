-- Tier: state. An account's updates are as old as their order, so the log needs no order by age: every update paid for it.
DROP INDEX sync_updates_age;
