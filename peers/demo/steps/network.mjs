// Starts the network that Belvedere will watch.
import { inWords } from '../lib/wait.mjs'
import { TestNetwork } from '../lib/network.mjs'

export const title = 'A network of one’s own'

export async function run(demo) {
  const { terminal } = demo
  terminal.say(
    'First a complete AT Protocol network on this machine: the reference PDS, where people’s records live, a PLC ' +
      'directory for their identities, a relay with a Jetstream of everything that happens, and a labeler.',
  )
  terminal.command('node peers/atproto-network/bin/network.mjs start --base-port 0 --exit-with-parent')
  demo.network = await TestNetwork.start(demo)
  const { plc, pds, relay, jetstream, labeler, dns, control, child } = demo.network
  terminal.answer({ plc, pds, relay, jetstream, labeler: labeler.url, dns, control })
  terminal.passed(`ready after ${inWords(child.startMs)}`)
}
