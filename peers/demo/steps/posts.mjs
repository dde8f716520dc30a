// The richer app: posts, replies and likes that refer to each other; lists, pages, single records.
import { LIKES, POSTS, REPLIES } from '../lib/conversation.mjs'
import { inWords, until } from '../lib/wait.mjs'
import { byUri } from '../lib/demo.mjs'

export const title = 'Posts, replies, likes'

const APP = 'dev.belvedere.demo'
const PAGE = 3

/** Creates a record and gives { uri, cid }. */
function create(demo, author, type, fields) {
  const $type = `${APP}.${type}`
  const record = { $type, ...fields, createdAt: new Date().toISOString() }
  return demo.network.write(`${author}.test`, 'create', $type, { record })
}

async function converse(demo) {
  const posts = []
  for (const [author, text, tags] of POSTS)
    posts.push(await create(demo, author, 'post', { text, tags, langs: ['en'] }))
  const subject = (number) => ({ uri: posts[number].uri, cid: posts[number].cid })
  for (const [author, number, text] of REPLIES)
    await create(demo, author, 'reply', { subject: subject(number), text })
  for (const [author, number] of LIKES) await create(demo, author, 'like', { subject: subject(number) })
  return posts
}

export async function run(demo) {
  const { terminal, checks, server } = demo
  terminal.say('The same with an app whose records refer to each other. A conversation happens on the PDS:')
  const started = performance.now()
  const posts = await converse(demo)
  const total = POSTS.length + REPLIES.length + LIKES.length
  terminal.passed(`${total} records written to the PDS in ${inWords(performance.now() - started)}`)
  const ms = await until(
    'the last like appears',
    async () => (await server.listAll(`${APP}.listLikes`)).length === LIKES.length,
  )
  terminal.passed(`and all of them in Belvedere ${inWords(ms)} after the last`)

  const first = await demo.query(`${APP}.listPosts`, { limit: String(PAGE) })
  const second = await demo.query(`${APP}.listPosts`, { limit: String(PAGE), cursor: first.cursor })
  const third = await server.query(`${APP}.listPosts`, { limit: String(PAGE), cursor: second.cursor })
  const pages = [first, second, third.body]
  const truth = await demo.truth(`${APP}.post`)
  checks.equal(
    `pages of ${PAGE}: every post once, no cursor after the last`,
    byUri(pages.flatMap((p) => p.records)),
    truth,
  )
  checks.equal(
    'full pages but the last, which alone has no cursor',
    pages.map((p) => [p.records.length, 'cursor' in p]),
    [
      [PAGE, true],
      [PAGE, true],
      [POSTS.length - 2 * PAGE, false],
    ],
  )

  const [{ uri }] = posts
  const one = await demo.query(`${APP}.getPost`, { uri })
  checks.equal('one post by its URI', one, { record: truth.find((post) => post.uri === uri) })
  await demo.query(`${APP}.listReplies`, { did: demo.people.carol.did })
  for (const [query, type] of [
    ['listPosts', 'post'],
    ['listReplies', 'reply'],
    ['listLikes', 'like'],
  ])
    await demo.checkAgainstPds(query, `${APP}.${query}`, `${APP}.${type}`)
}
