-- Runs one statement of a script and answers its rows as JSON texts.
--
-- Being a SECURITY DEFINER function of the scripts' role is what holds a statement: it has that role's rights, and within
-- such a function PostgreSQL lets nobody change the role, by whatever function or setting. PREPARE is what narrows
-- it: its grammar takes SELECT, INSERT, UPDATE, DELETE and MERGE, and nothing else.
CREATE FUNCTION scripts_internal.run(
    statement text,
    shape     text,   -- 'create': not prepared; 'silent': without rows; 'rows'
    arguments text[], -- as texts, which the types of the placeholders read
    max_rows  bigint,
    max_bytes bigint
) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = scripts, scripts_views, pg_temp
AS $run$
DECLARE
    invocation text   := 'EXECUTE belvedere_statement';
    seen       bigint := 0;
    size       bigint := 0;
    item       record;
    line       text;
BEGIN
    IF shape = 'create' THEN
        EXECUTE statement;
        RETURN;
    END IF;
    -- Left over from a statement that failed: these do not end with their transaction.
    IF EXISTS (SELECT FROM pg_catalog.pg_prepared_statements WHERE name = 'belvedere_statement') THEN
        DEALLOCATE belvedere_statement;
    END IF;
    EXECUTE 'PREPARE belvedere_statement AS ' || statement;
    IF pg_catalog.cardinality(arguments) > 0 THEN
        SELECT invocation || ' (' || pg_catalog.string_agg(pg_catalog.quote_nullable(argument), ', ' ORDER BY number) || ')'
        INTO invocation
        FROM pg_catalog.unnest(arguments) WITH ORDINALITY AS listed (argument, number);
    END IF;
    IF shape = 'silent' THEN
        EXECUTE invocation;
        RETURN;
    END IF;
    FOR item IN EXECUTE invocation LOOP
        line := pg_catalog.row_to_json(item)::text;
        seen := seen + 1;
        size := size + pg_catalog.octet_length(line);
        IF seen > max_rows THEN
            RAISE EXCEPTION USING ERRCODE = 'BV001', MESSAGE = 'too many rows';
        ELSIF size > max_bytes THEN
            RAISE EXCEPTION USING ERRCODE = 'BV002', MESSAGE = 'too many bytes';
        END IF;
        RETURN NEXT line;
    END LOOP;
END
$run$
