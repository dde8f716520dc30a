-- record.create: a table of the script's own, one row for each post that is liked.
function handle()
  db.raw("CREATE TABLE IF NOT EXISTS tally (uri TEXT PRIMARY KEY, likes INTEGER NOT NULL)")
  db.raw(
    "INSERT INTO tally VALUES ($1, 1) ON CONFLICT (uri) DO UPDATE SET likes = tally.likes + 1",
    { record.subject.uri }
  )
  return record
end
