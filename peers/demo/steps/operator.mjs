// What whoever runs the server sees: counts, tables by tier, and what is wrong, if anything.
export const title = 'For whoever runs it'

const APP = 'dev.belvedere.demo'
const COLLECTIONS = ['xyz.statusphere.status', `${APP}.post`, `${APP}.reply`, `${APP}.like`]

async function counts(demo) {
  const expected = {}
  for (const collection of COLLECTIONS) expected[collection] = (await demo.truth(collection)).length
  const total = Object.values(expected).reduce((a, b) => a + b, 0)
  const stats = await demo.run(`curl -s ${demo.server.url}/admin/stats -H "Authorization: Bearer $KEY"`)
  const byCommand = await demo.run('belvedere record count --json', { print: false })
  for (const [who, answer] of [
    ['admin API', stats],
    ['command line', byCommand],
  ]) {
    const found = Object.fromEntries(answer.collections.map(({ collection, count }) => [collection, count]))
    demo.checks.equal(
      `${who}: ${total} records, as many as on the PDS`,
      [found, answer.total_records],
      [expected, total],
    )
  }
}

export async function run(demo) {
  demo.terminal.say('Everything can be asked on the command line too, with --json for programs.')
  await counts(demo)
  await demo.run('belvedere record list xyz.statusphere.status --limit 3')
  demo.terminal.say(
    'Every table has a tier. `state` cannot be had from anywhere else: back it up. `index` is a view of the network that ' +
      'can be built again.',
  )
  const state = await demo.run('belvedere state')
  for (const tier of ['state', 'index'])
    demo.checks.equal(`tables of the tier ${tier} are shown`, new RegExp(`^${tier} `, 'm').test(state), true)
  await demo.run('belvedere doctor') // exits with 1 if anything fails, and so would the tour
  demo.terminal.passed('nothing is wrong')
}
