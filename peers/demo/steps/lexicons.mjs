// Loads the lexicons of two apps, by the command line and by the admin API, while the server runs.
import { inWords, until } from '../lib/wait.mjs'

export const title = 'Lexicons go in'

const RECORDS = [
  'xyz.statusphere.status',
  'dev.belvedere.demo.post',
  'dev.belvedere.demo.reply',
  'dev.belvedere.demo.like',
]
/** query -> the collection it answers from */
const QUERIES = {
  'xyz.statusphere.getStatuses': 'xyz.statusphere.status',
  'dev.belvedere.demo.listPosts': 'dev.belvedere.demo.post',
  'dev.belvedere.demo.getPost': 'dev.belvedere.demo.post',
  'dev.belvedere.demo.listReplies': 'dev.belvedere.demo.reply',
}
const BY_API = { nsid: 'dev.belvedere.demo.listLikes', collection: 'dev.belvedere.demo.like' }
const PERMISSIONS = ['lexicons:create', 'lexicons:read', 'records:read', 'stats:read']

const file = (nsid) => `lexicons/${nsid.replaceAll('.', '/')}.json`

export async function run(demo) {
  const { terminal } = demo
  terminal.say(
    'A lexicon is the schema of an app. A record lexicon means: index these records from the whole network. A query ' +
      'lexicon means: serve this endpoint. No code, no restart.',
  )
  await demo.run(`belvedere lexicon add ${RECORDS.map(file).join(' ')}`)
  for (const [nsid, collection] of Object.entries(QUERIES))
    await demo.run(`belvedere lexicon add ${file(nsid)} --target-collection ${collection}`, { print: false })

  terminal.print()
  terminal.say('The last one goes through the admin API, which wants a key with the right permissions.')
  const create = `belvedere key create --name demo ${PERMISSIONS.map((p) => `--permission ${p}`).join(' ')}`
  demo.export('KEY', (await demo.run(create)).trim())
  const { nsid, collection } = BY_API
  const body = `{\\"lexicon_json\\": $(cat ${file(nsid)}), \\"target_collection\\": \\"${collection}\\"}`
  const added = await demo.run(
    `curl -s ${demo.server.url}/admin/lexicons -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' -d "${body}"`,
  )
  demo.checks.equal('stored as its first revision', [added.id, added.revision], [nsid, 1])

  const all = await demo.run(`curl -s ${demo.server.url}/admin/lexicons -H "Authorization: Bearer $KEY"`, {
    print: false,
  })
  const found = Object.fromEntries(all.map((lexicon) => [lexicon.id, lexicon.target_collection]))
  const recordLexicons = Object.fromEntries(RECORDS.map((id) => [id, null]))
  demo.checks.equal('all nine lexicons are there', found, {
    ...recordLexicons,
    ...QUERIES,
    [nsid]: collection,
  })
  const ms = await until('Belvedere follows the new collections', async () => {
    const streamed = await Promise.all(RECORDS.map((record) => demo.network.isStreamed(record)))
    const served = await Promise.all(
      Object.keys(QUERIES).map((query) => demo.server.query(query, { limit: '1' })),
    )
    // A query that needs a URI answers 400 without one; only 404 means that it is not served yet.
    return streamed.every(Boolean) && served.every(({ status }) => status !== 404)
  })
  terminal.passed(
    `the running server follows: it asked Jetstream for the new collections (${inWords(ms)} later)`,
  )
}
