// Statusphere: a record is written to the PDS and is in Belvedere's answers milliseconds later.
import { inWords } from '../lib/wait.mjs'

export const title = 'Statusphere: from a repository to an answer'

const COLLECTION = 'xyz.statusphere.status'
const QUERY = 'xyz.statusphere.getStatuses'
const MOODS = [
  ['alice', '👍'],
  ['bob', '☕'],
  ['carol', '🦋'],
  ['alice', '🥳'],
]

export async function run(demo) {
  demo.terminal.say(
    'Everybody sets a status. The app writes it to the person’s own PDS; Belvedere sees it in the ' +
      'stream, checks that the content matches its CID, stores it, and has it in its answers.',
  )
  const written = []
  for (const [name, status] of MOODS) {
    const record = { $type: COLLECTION, status, createdAt: new Date().toISOString() }
    const first = written.length === 0
    const { uri } = await demo.write(`${name}.test`, 'create', COLLECTION, { record }, { print: first })
    const ms = await demo.appears(QUERY, uri)
    demo.terminal.passed(`${name} ${status} can be read from Belvedere ${inWords(ms)} after the PDS answered`)
    written.unshift({ uri, ...record })
  }
  const { records } = await demo.query(QUERY, { limit: '10' })
  demo.checks.equal('what was written, newest first', records, written)
  const { did } = demo.people.alice
  const own = await demo.query(QUERY, { did })
  demo.checks.equal(
    'only alice’s',
    own.records,
    written.filter(({ uri }) => uri.includes(did)),
  )
  await demo.checkAgainstPds('statuses', QUERY, COLLECTION)
}
