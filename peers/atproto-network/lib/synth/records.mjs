// The records of the synthetic stream.
import { textCid } from './hash.mjs'
import { eventAt } from './blocks.mjs'

const WORDS = (
  'the a of to and in is for on with that this day night light sky blue river stone paper cat dog train coffee ' +
  'morning rain music garden city friend winter summer song window road story'
).split(' ')
const OTHER = [
  '今日はいい天気ですね',
  'おはようございます',
  'bom dia a todos',
  'schöne Grüße aus Berlin',
  'çok güzel bir gün',
  '좋은 아침',
  '🎉🎉',
  'naïve café — déjà vu',
]
const LANGS = ['en', 'en', 'en', 'en', 'ja', 'pt', 'de', 'tr', 'ko', 'es']

/** A post somewhere in the previous 20 blocks. */
function somePost(s, k, salt) {
  const block = Math.max(0, Math.floor(k / 1000) - 1 - (s.r(k, salt) % 20))
  const post = eventAt(block, 600 + (s.r(k, salt + 1) % 120))
  const uri = `at://${s.did(s.account(post))}/app.bsky.feed.post/${s.rkey(post)}`
  return { cid: textCid(uri), uri }
}

function text(s, k) {
  const n = 2 + (s.r(k, 20) % 38)
  const out = []
  for (let i = 0; i < n; i++) out.push(WORDS[s.r(k + i * 65_537, 21) % WORDS.length])
  if (s.r(k, 22) % 4 === 0) out.push(OTHER[s.r(k, 23) % OTHER.length])
  return out.join(' ')
}

const blob = (s, k, salt) => ({
  $type: 'blob',
  ref: { $link: textCid(`${s.seed}/blob/${k}/${salt}`, 'raw') },
  mimeType: 'image/jpeg',
  size: 20_000 + (s.r(k, salt) % 900_000),
})

function onPost($type, createdAt, s, k) {
  const record = { $type, createdAt, subject: somePost(s, k, 4) }
  if (s.r(k, 6) % 8 === 0) {
    const repost = `at://${s.did(s.r(k, 7) % s.accounts)}/app.bsky.feed.repost/${s.rkey(k)}`
    record.via = { cid: textCid(`${s.seed}/via/${k}`), uri: repost }
  }
  return record
}

const onAccount = ($type, createdAt, s, k) => ({ $type, createdAt, subject: s.did(s.r(k, 8) % s.accounts) })

const profile = ($type, createdAt, s, k) => ({
  $type,
  avatar: blob(s, k, 9),
  createdAt,
  description: text(s, k),
  displayName: `Account ${s.account(k)}`,
})

const images = (s, k) => ({
  $type: 'app.bsky.embed.images',
  images: Array.from({ length: 1 + (s.r(k, 11) % 3) }, (_, i) => ({
    alt: '',
    aspectRatio: { height: 1500, width: 2000 },
    image: blob(s, k, 30 + i),
  })),
})

const card = (s, k) => ({
  $type: 'app.bsky.embed.external',
  external: {
    description: text(s, k + 1),
    thumb: blob(s, k, 33),
    title: text(s, k + 2),
    uri: `https://news.example.com/${s.r(k, 34)}`,
  },
})

function post($type, createdAt, s, k) {
  const shape = s.r(k, 10) % 100
  const embed = shape < 15 ? images(s, k) : shape < 28 ? card(s, k) : null
  return {
    $type,
    createdAt,
    ...(embed ? { embed } : {}),
    langs: [LANGS[s.r(k, 12) % LANGS.length]],
    ...(shape >= 55 ? { reply: { parent: somePost(s, k, 13), root: somePost(s, k, 15) } } : {}),
    text: text(s, k),
  }
}

const note = ($type, createdAt, s, k) => ({
  $type,
  createdAt,
  lang: 'en',
  score: s.r(k, 17) % 1000,
  status: ['draft', 'published', 'archived'][s.r(k, 18) % 3],
  tags: [],
  text: text(s, k),
  title: `Note ${k}`,
})

const MAKERS = {
  'app.bsky.feed.like': onPost,
  'app.bsky.feed.repost': onPost,
  'app.bsky.graph.follow': onAccount,
  'app.bsky.graph.block': onAccount,
  'app.bsky.actor.profile': profile,
  'app.bsky.feed.post': post,
}

/** JSON form of the record created or updated by event k; keys are in the order of a real Jetstream. */
export function streamRecord(synth, k, collection) {
  const createdAt = new Date(Math.floor(synth.timeUs(k) / 1000) - 150).toISOString()
  return (MAKERS[collection] ?? note)(collection, createdAt, synth, k)
}
