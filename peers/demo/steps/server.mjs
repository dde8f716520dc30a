// Starts Belvedere with SQLite in a temporary folder.
import { Server } from '../lib/server.mjs'
import { inWords } from '../lib/wait.mjs'

export const title = 'Belvedere'

export async function run(demo) {
  const { terminal, network } = demo
  terminal.say(
    'One process, no other service: its databases are SQLite files in one folder. It is told which network to watch; ' +
      'without these variables it would be the public one. (Export them in a second terminal to try things there.)',
  )
  const settings = {
    DATA_DIR: demo.dir,
    DATABASE_URL: `sqlite://${demo.dir}`,
    BELVEDERE_DEV: 'true',
    PLC_URL: network.plc,
    JETSTREAM_URL: network.jetstream,
    RELAY_URL: network.relay,
    DNS_SERVER: network.dns,
    // The demo asks every millisecond whether something has arrived; no visitor may do that by default.
    DEFAULT_RATE_LIMIT_CAPACITY: '100000',
  }
  for (const [name, value] of Object.entries(settings)) demo.export(name, value)
  const { belvedere: program, root: cwd, dir, env, onCrash } = demo
  demo.server = new Server({ program, dir, env, cwd, onCrash })
  terminal.command(demo.server.line)
  const { ready, startMs } = await demo.server.start()
  terminal.answer(ready)
  terminal.passed(`ready after ${inWords(startMs)}`)
  const health = await demo.run(`curl -s ${demo.server.url}/health`)
  demo.checks.equal('it says that it is well', health.status, 'ok')
}
