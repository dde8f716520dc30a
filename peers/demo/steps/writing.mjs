// A procedure lexicon writes to the caller's own repository, and what it wrote is readable before the stream brings it.
import { inWords, until } from '../lib/wait.mjs'

export const title = 'Writing'

const COLLECTION = 'xyz.statusphere.status'
const QUERY = 'xyz.statusphere.getStatuses'
const PROCEDURE = 'xyz.statusphere.setStatus'
const PATH = `/xrpc/${PROCEDURE}`

const stream = (demo, what) =>
  demo.run(`curl -s ${demo.network.control}/jetstream/${what} -d '{}'`, { print: false })

/** What the index holds, and since when. */
async function row(demo, uri) {
  const key = { authorization: `Bearer ${demo.exports.KEY}` }
  const { body } = await demo.server.get(`/admin/records?collection=${COLLECTION}&limit=100`, key)
  const { cid, indexed_at, record } = body.records.find((row) => row.uri === uri)
  return { cid, indexed_at, record }
}

async function refusals(demo, status) {
  const { alice } = demo.browsers
  const request = alice.posting(PATH, status)
  const [stranger] = await demo.refusal(request)
  demo.checks.equal('a stranger cannot write', stranger, 401)
  const [foreign] = await demo.refusal(`-b ${alice.jar} ${request}`)
  demo.checks.equal('nor does the cookie alone allow it: any page can make a browser send it', foreign, 403)
}

/** Writes while the stream stands still, so that it cannot be what makes the record readable. */
async function write(demo, status) {
  const { alice } = demo.browsers
  const { did, pds } = demo.people.alice
  demo.terminal.say('The stream is stopped for a moment, to show that it is not what brings the record here:')
  await stream(demo, 'pause')
  const { uri, cid } = await alice.post(PATH, status)
  const value = { $type: COLLECTION, ...status }
  const started = performance.now()
  const here = await demo.server.query(QUERY, { uri })
  const ms = inWords(performance.now() - started)
  const expected = { status: 200, body: { record: { uri, ...value } } }
  demo.checks.equal(`it is here as soon as the PDS has answered (asked once, in ${ms})`, here, expected)
  const query = `repo=${did}&collection=${COLLECTION}&rkey=${uri.split('/').pop()}`
  const there = await demo.run(`curl -s '${pds}/xrpc/com.atproto.repo.getRecord?${query}'`)
  demo.checks.equal('and in her repository on her PDS', there, { uri, cid, value })
  return uri
}

/** Lets the stream bring what is known already. */
async function echo(demo, uri) {
  const before = await row(demo, uri)
  await stream(demo, 'resume')
  // Events of one repository come in their order: when a later one is here, the echo has been dealt with.
  const record = { $type: COLLECTION, status: '🥱', createdAt: new Date().toISOString() }
  const later = await demo.network.write('alice.test', 'create', COLLECTION, { record })
  await demo.appears(QUERY, later.uri)
  demo.checks.equal('the stream brought it again, and that changed nothing', await row(demo, uri), before)
  await demo.checkAgainstPds('statuses', QUERY, COLLECTION)
}

export async function run(demo) {
  const { terminal, server } = demo
  terminal.say(
    'A procedure lexicon is an endpoint that writes, to the repository of whoever calls it. The record goes to their PDS; ' +
      'what the PDS confirms is in the index before the answer goes out.',
  )
  const file = `lexicons/${PROCEDURE.replaceAll('.', '/')}.json`
  await demo.run(`belvedere lexicon add ${file} --target-collection ${COLLECTION} --action create`)
  // 400: it is known, and not to be asked with GET.
  await until('the procedure is served', async () => (await server.query(PROCEDURE)).status === 400)
  const status = { status: '🌄', createdAt: new Date().toISOString() }
  await refusals(demo, status)
  await echo(demo, await write(demo, status))
}
