// History: what was written while nobody here asked for it is fetched from the repositories.
import { until } from '../lib/wait.mjs'

export const title = 'What was written before'

const COLLECTION = 'xyz.statusphere.status'
const QUERY = 'xyz.statusphere.getStatuses'
const LEXICON = 'lexicons/xyz/statusphere/status.json'

export async function run(demo) {
  const { terminal } = demo
  terminal.say(
    'The stream brings what is written from now on. For a moment nobody here asks for statuses, and somebody writes one:',
  )
  await demo.run(`belvedere lexicon remove ${COLLECTION}`)
  await until('nobody asks Jetstream for statuses', async () => !(await demo.network.isStreamed(COLLECTION)))
  const record = { $type: COLLECTION, status: '🕰️', createdAt: new Date().toISOString() }
  const { uri } = await demo.write('bob.test', 'create', COLLECTION, { record })

  terminal.say(
    'Adding the lexicon starts a job: it asks the relay who has statuses, and reads them where they live.',
  )
  await demo.run(`belvedere lexicon add ${LEXICON}`)
  const watched = await demo.run('belvedere backfill watch')
  demo.checks.equal('the job has read everybody', /^repos +(\d+) of \1 done$/m.exec(watched)?.[1], '3')
  const { records } = await demo.query(QUERY, { limit: '1' })
  demo.checks.equal('the status that the stream did not bring is here', records[0]?.uri, uri)
  await demo.checkAgainstPds('statuses', QUERY, COLLECTION)
}
