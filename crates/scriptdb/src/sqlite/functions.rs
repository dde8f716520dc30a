//! The functions scripts may call: those that compute, and nothing that loads code, writes to logs or tells of the connection.

use std::collections::HashSet;

/// By group: operators and scalars, numbers, times, aggregates and windows, JSON.
const COMPUTING: [&str; 5] = [
    "abs changes char coalesce concat concat_ws format glob hex if ifnull iif instr last_insert_rowid length like \
     likelihood likely lower ltrim max min nullif octet_length printf quote random randomblob replace round rtrim sign \
     soundex substr substring total_changes trim typeof unicode unlikely upper zeroblob",
    "acos asin atan atan2 ceil ceiling cos degrees exp floor ln log log10 log2 mod pi pow power radians sin sqrt tan \
     trunc",
    "current_date current_time current_timestamp date datetime julianday strftime time timediff unixepoch",
    "avg count cume_dist dense_rank first_value group_concat lag last_value lead nth_value ntile percent_rank rank \
     row_number string_agg sum total",
    "-> ->> json json_array json_array_length json_error_position json_extract json_group_array json_group_object \
     json_insert json_object json_patch json_pretty json_quote json_remove json_replace json_set json_type json_valid \
     jsonb",
];

pub(super) fn computing() -> HashSet<&'static str> {
    COMPUTING.iter().flat_map(|group| group.split_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reaches_beyond_a_statement_is_not_among_them() {
        let functions = computing();
        assert!(functions.contains("json_extract") && functions.contains("->>"));
        for name in
            ["load_extension", "fts3_tokenizer", "sqlite_log", "sqlite_source_id", "sqlite_offset", "match"]
        {
            assert!(!functions.contains(name), "{name}");
        }
    }
}
