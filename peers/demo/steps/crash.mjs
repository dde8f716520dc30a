// kill -9, writes while it is down, restart: nothing is missing and nothing is there twice.
import { inWords, until } from '../lib/wait.mjs'

export const title = 'kill -9'

const COLLECTION = 'xyz.statusphere.status'
const QUERY = 'xyz.statusphere.getStatuses'
const MEANWHILE = ['🌧️', '⛵', '🌤️', '🌈', '🌙', '🌟']

export async function run(demo) {
  const { terminal, server, network } = demo
  terminal.say(
    'Belvedere is killed without warning. Life on the network goes on. The position in the stream is stored in the same ' +
      'transaction as the records, so after a restart it continues exactly where it was.',
  )
  terminal.command(`kill -9 ${server.child.process.pid}`)
  await server.child.kill()
  const names = Object.keys(demo.people)
  for (const [number, status] of MEANWHILE.entries()) {
    const record = { $type: COLLECTION, status, createdAt: new Date().toISOString() }
    await network.write(`${names[number % names.length]}.test`, 'create', COLLECTION, { record })
  }
  terminal.passed(
    `${MEANWHILE.length} statuses written to the PDS while nobody watched: ${MEANWHILE.join(' ')}`,
  )
  terminal.command(server.line)
  const { startMs } = await server.start()
  terminal.passed(`ready again after ${inWords(startMs)}`)
  const expected = (await demo.truth(COLLECTION)).length
  const ms = await until('it catches up', async () => (await server.listAll(QUERY)).length === expected)
  terminal.passed(`caught up ${inWords(ms)} later`)
  await demo.query(QUERY, { limit: String(MEANWHILE.length) })
  await demo.checkAgainstPds('statuses', QUERY, COLLECTION)
}
