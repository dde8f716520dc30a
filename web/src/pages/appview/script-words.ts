// What scripts can call, as docs/scripts.md has it: offered while one writes.
import type { CodeProps } from '@/components/code'

type Words = NonNullable<CodeProps['words']>

const words = (detail: string, entries: [string, string][]): Words =>
  entries.map(([label, info]) => ({ label, detail, info }))

export const WORDS: Words = [
  ...words('db', [
    [
      'db.query',
      'db.query{ collection, did?, filter?, sort?, sortDirection?, limit?, cursor? }: a page of records, { records, cursor? }',
    ],
    ['db.get', 'db.get(uri): one record, or nil'],
    ['db.count', 'db.count(collection, did?): how many there are'],
    ['db.search', 'db.search{ collection, field, query, limit? }: records whose field contains a text'],
    [
      'db.backlinks',
      'db.backlinks{ collection, uri, did?, limit?, cursor? }: records that refer to another one',
    ],
    ['db.raw', 'db.raw(sql, params?): SQL on tables that scripts make'],
    ['db.backend', 'db.backend(): "sqlite" or "postgres"'],
  ]),
  ...words('Record', [
    ['Record', 'Record(collection, data?): a record of the caller'],
    ['Record.load', 'Record.load(uri)'],
    ['Record.load_all', 'Record.load_all(uris)'],
    ['Record.save_all', 'Record.save_all(records)'],
    ['Record.delete_local', 'Record.delete_local(uri): removes a record that is only here'],
  ]),
  ...words('http', [
    ...(['get', 'head', 'post', 'put', 'patch', 'delete'] as const).map((method): [string, string] => [
      `http.${method}`,
      `http.${method}(url, { headers?, body? }): { status, body, headers }`,
    ]),
  ]),
  ...words('xrpc', [
    ['xrpc.query', 'xrpc.query(method, params?): { status, body }'],
    ['xrpc.procedure', 'xrpc.procedure(method, input, params?): { status, body }'],
  ]),
  ...words('atproto', [
    ['atproto.resolve_service_endpoint', 'atproto.resolve_service_endpoint(did): where an account’s PDS is'],
    ['atproto.blob_download', 'atproto.blob_download(did, cid): a handle of a blob'],
    ['atproto.blob_upload', 'atproto.blob_upload(handle, content_type?): in procedures'],
    ['atproto.sign', 'atproto.sign(record): an attestation for its signatures'],
    ['atproto.verify_signature', 'atproto.verify_signature(record, signature, repo_did?)'],
    ['atproto.get_labels', 'atproto.get_labels(uri): what is said of a record or account'],
    ['atproto.get_labels_batch', 'atproto.get_labels_batch(uris): the same of at most 100'],
  ]),
  ...words('jobs', [
    [
      'jobs.create',
      'jobs.create(type, input?, { auth?, delay?, run_at?, attempts?, key? }): the id of a job',
    ],
    ['job.progress', 'job.progress(table): how far it is'],
    ['job.should_stop', 'job.should_stop(): whether somebody wants it paused or cancelled'],
    ['job.wait', 'job.wait(seconds)'],
  ]),
  ...words('global', [
    ['json.encode', 'json.encode(value)'],
    ['json.decode', 'json.decode(text)'],
    ['json.null', 'null, where nil would be nothing'],
    ['toarray', 'toarray(table): an array even if it is empty'],
    ['now', 'now(): the time, as records have it'],
    ['TID', 'TID(): a new record key'],
    ['log', 'log(text): a line of the log'],
    ['caller_did', 'who calls, if anybody'],
    ['params', 'the parameters of a query or procedure'],
    ['input', 'the body of a procedure'],
    ['record', 'the record that the script is about'],
    ['action', '"create", "update" or "delete"'],
    ['env', 'the script variables'],
    ['handle', 'the function that is called'],
  ]),
]

/** A script to begin with, by kind of trigger. */
export const BEGINNINGS: Record<string, string> = {
  record: 'function handle()\n  if action == "delete" then return record end\n  return record\nend\n',
  xrpc: 'function handle()\n  return { }\nend\n',
  labeler: 'function handle()\n  return label\nend\n',
  job: 'function handle()\n  log("at work")\n  return { done = true }\nend\n',
}
