// The stream in blocks of 1000 events: which event creates what, and which one a delete removes.

/** Ranges of the permuted slot number within a block of 1000 events. */
const SLOTS = [
  [600, 'app.bsky.feed.like', 'create'],
  [720, 'app.bsky.feed.post', 'create'],
  [800, 'app.bsky.graph.follow', 'create'],
  [860, 'app.bsky.feed.repost', 'create'],
  [940, 'app.bsky.feed.like', 'delete'],
  [955, 'app.bsky.graph.follow', 'delete'],
  [970, 'app.bsky.feed.post', 'delete'],
  [980, 'app.bsky.feed.repost', 'delete'],
  [990, 'app.bsky.actor.profile', 'update'],
  [994, 'app.bsky.graph.block', 'create'],
  [997, 'com.example.demo.note', 'create'],
  [998, 'com.example.demo.note', 'update'],
  [999, null, 'identity'],
  [1000, null, 'account'],
]

/** collection -> [first slot of its creates, how many] */
const CREATES = {
  'app.bsky.feed.like': [0, 600],
  'app.bsky.feed.post': [600, 120],
  'app.bsky.graph.follow': [720, 80],
  'app.bsky.feed.repost': [800, 60],
  'com.example.demo.note': [994, 3],
}

/** collection -> first slot of its deletes */
const DELETES = {
  'app.bsky.feed.like': 860,
  'app.bsky.graph.follow': 940,
  'app.bsky.feed.post': 955,
  'app.bsky.feed.repost': 970,
}

const INVERSE = 953 // 617 * 953 = 1 (mod 1000)
const DELETE_LAG = 3 // blocks

/** { collection, operation } of event k: what its permuted slot stands for. */
export function kindOf(k) {
  const slot = slotOf(k)
  const [, collection, operation] = SLOTS.find(([end]) => slot < end)
  return { collection, operation }
}

const slotOf = (k) => ((k % 1000) * 617 + 211) % 1000

/** Event number of permuted slot `slot` of block `block`. */
export const eventAt = (block, slot) => block * 1000 + (((slot - 211 + 1000) * INVERSE) % 1000)

/** The create event removed (or edited) by event k, possibly negative: a record older than the stream. */
export function targetOf(k, collection) {
  const block = Math.floor(k / 1000) - DELETE_LAG
  const [base, count] = CREATES[collection]
  if (!(collection in DELETES)) return eventAt(block, base)
  return eventAt(block, base + (((slotOf(k) - DELETES[collection]) * 7 + 3) % count))
}
