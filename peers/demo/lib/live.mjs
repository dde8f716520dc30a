// After the tour: traffic on the network, and one line a second about what Belvedere makes of it.
import { inWords, sleep } from './wait.mjs'

const STATUS = 'xyz.statusphere.status'
const APP = 'dev.belvedere.demo'
/** Operations a second; a real PDS signs every commit, so this is a lively village and not a city. */
const LOAD = { [`${APP}.post`]: 3, [`${APP}.reply`]: 3, [`${APP}.like`]: 6 }
const MOODS = ['👍', '☕', '🦋', '🥳', '🌱', '🧉', '😎', '🫠']
const EVERY_MS = 1000
/** Where lines are not written over, fewer of them. */
const EVERY_MS_IN_A_FILE = 10_000

export async function live(demo, signal) {
  const { terminal, network, server } = demo
  terminal.title('It goes on until you press Ctrl-C')
  terminal.print()
  const { handle, password } = demo.people.alice
  terminal.say(
    `The web app shows all of it as it happens: ${server.url}/dashboard/ (sign in as ${handle} with the password ${password}).`,
  )
  terminal.say('People post, reply, like, edit and delete. In another terminal, for example:')
  terminal.command(`curl -s '${server.url}/xrpc/${APP}.listPosts?limit=3'`)
  terminal.command(`curl -s ${server.url}/admin/stats -H "Authorization: Bearer ${demo.exports.KEY}"`)
  terminal.command(`curl -s ${server.child.ready.metrics}`)
  terminal.print()
  for (const [collection, rate] of Object.entries(LOAD))
    await network.call('POST', '/load', { collection, rate, seed: collection })
  let last = { seq: (await network.call('GET', '/jetstream')).seq, at: performance.now() }
  for (let round = 0; !signal.aborted; round++) {
    await sleep(terminal.live ? EVERY_MS : EVERY_MS_IN_A_FILE)
    if (signal.aborted) return
    const { seq } = await network.call('GET', '/jetstream')
    const at = performance.now()
    const rate = ((seq - last.seq) * 1000) / (at - last.at)
    last = { seq, at }
    const speed = `${rate.toFixed(0).padStart(3)} events/s`
    terminal.status(`${speed} · ${await latency(demo, round)} · ${await counted(demo)}`)
  }
}

async function counted({ server, exports }) {
  const { body } = await server.get('/admin/stats', { authorization: `Bearer ${exports.KEY}` })
  const parts = body.collections.map(
    ({ collection, count }) => `${count.toLocaleString('en')} ${collection.split('.').pop()}`,
  )
  return `${body.total_records.toLocaleString('en')} records: ${parts.join(', ')}`
}

/** Writes one status and waits until Belvedere answers with it. */
async function latency(demo, round) {
  const status = MOODS[round % MOODS.length]
  const record = { $type: STATUS, status, createdAt: new Date().toISOString() }
  const { uri } = await demo.network.write('alice.test', 'create', STATUS, { record })
  const ms = await demo.appears('xyz.statusphere.getStatuses', uri)
  return `${status} visible after ${inWords(ms)}`
}
