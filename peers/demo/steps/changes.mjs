// Edits and deletions arrive as fast as records do.
import { inWords, until } from '../lib/wait.mjs'

export const title = 'Second thoughts'

const COLLECTION = 'xyz.statusphere.status'
const QUERY = 'xyz.statusphere.getStatuses'

const keyOf = (uri) => uri.split('/').pop()

async function newestOf(demo, name) {
  const { body } = await demo.server.query(QUERY, { did: demo.people[name].did, limit: '1' })
  return body.records[0]
}

async function edit(demo) {
  const { uri, ...old } = await newestOf(demo, 'bob')
  const record = { ...old, status: '🍵' }
  await demo.write('bob.test', 'update', COLLECTION, { rkey: keyOf(uri), record })
  const ms = await until('the edit arrives', async () => (await newestOf(demo, 'bob')).status === '🍵')
  demo.terminal.passed(`bob’s ${old.status} is ${record.status} in Belvedere after ${inWords(ms)}`)
  const answer = await demo.query(QUERY, { uri })
  demo.checks.equal('the record has the new content', answer, { record: { uri, ...record } })
}

async function remove(demo) {
  const { uri } = await newestOf(demo, 'alice')
  await demo.write('alice.test', 'delete', COLLECTION, { rkey: keyOf(uri) })
  const ms = await until(
    'the deletion arrives',
    async () => (await demo.server.query(QUERY, { uri })).status === 404,
  )
  demo.terminal.passed(`gone from Belvedere after ${inWords(ms)}`)
  const answer = await demo.query(QUERY, { uri })
  demo.checks.equal('the record is not found', answer.error, 'record not found')
}

export async function run(demo) {
  demo.terminal.say('Bob has finished his coffee and edits his status; alice deletes her last one.')
  await edit(demo)
  await remove(demo)
  await demo.checkAgainstPds('statuses', QUERY, COLLECTION)
}
