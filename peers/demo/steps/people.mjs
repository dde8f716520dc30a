// Makes the accounts of the tour on the PDS.
export const title = 'People'

const NAMES = ['alice', 'bob', 'carol']

export async function run(demo) {
  demo.terminal.say(
    'Three accounts on the PDS, each with a DID in the PLC directory and a signed repository. (The control API of the ' +
      'test network acts for them; everything goes through the PDS as it would from an app.)',
  )
  for (const [number, name] of NAMES.entries()) {
    const line = `curl -s ${demo.network.control}/accounts -d '{"handle": "${name}.test"}'`
    const [account] = await demo.run(line, { print: number === 0 })
    demo.people[name] = account
  }
}
