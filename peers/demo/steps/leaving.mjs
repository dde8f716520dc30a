// An account that is deactivated is hidden everywhere at once, and is back as it was when it returns.
import { inWords, until } from '../lib/wait.mjs'

export const title = 'Carol takes a break'

const APP = 'dev.belvedere.demo'
const QUERIES = {
  'xyz.statusphere.getStatuses': 'xyz.statusphere.status',
  [`${APP}.listPosts`]: `${APP}.post`,
  [`${APP}.listReplies`]: `${APP}.reply`,
  [`${APP}.listLikes`]: `${APP}.like`,
}

function setStatus(demo, action) {
  const body = JSON.stringify({ account: 'carol.test', action })
  return demo.run(`curl -s ${demo.network.control}/accounts/status -d '${body}'`, { print: false })
}

const visible = async (demo, query) =>
  (await demo.server.listAll(query, { did: demo.people.carol.did })).length

export async function run(demo) {
  const { terminal, people } = demo
  terminal.say('Carol deactivates her account. Nothing of hers may be shown, and nothing may be lost.')
  const before = {}
  for (const query of Object.keys(QUERIES)) before[query] = await visible(demo, query)

  await setStatus(demo, 'deactivate')
  const away = await until('carol is hidden', async () => (await visible(demo, `${APP}.listPosts`)) === 0)
  terminal.passed(`hidden after ${inWords(away)}`)
  for (const [query, collection] of Object.entries(QUERIES))
    await demo.checkAgainstPds(query, query, collection, [people.alice, people.bob])

  await setStatus(demo, 'activate')
  const back = await until(
    'carol is back',
    async () => (await visible(demo, `${APP}.listPosts`)) === before[`${APP}.listPosts`],
  )
  terminal.passed(`back after ${inWords(back)}`)
  for (const [query, collection] of Object.entries(QUERIES))
    await demo.checkAgainstPds(query, query, collection)
}
