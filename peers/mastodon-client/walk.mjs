// What somebody with a client of Mastodon does, with a library that is meant for it.
import assert from 'node:assert/strict'
import * as masto from 'masto'
import { signIn } from './sign-in.mjs'

const [url] = process.argv.slice(2)
const streaming = url.replace(/^http/, 'ws')

/** Registers somebody with the microblog itself. */
async function person(username) {
  const password = `the password of ${username}`
  const body = JSON.stringify({ username, email: `${username}@example.com`, password })
  const answer = await fetch(`${url}/social/auth/register`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  })
  assert.equal(answer.status, 201, await answer.text())
  const accessToken = await signIn(masto, url, username, password)
  return { accessToken, api: masto.createRestAPIClient({ url, accessToken }) }
}

/** Reads a stream from now on, and keeps what it says. */
function listen(stream) {
  const events = []
  const reading = async () => {
    for await (const event of stream) events.push(event)
  }
  reading().catch(() => {})
  return events
}

/** The first event that `is` it, or nothing if it does not come within that time. */
async function event(events, is, patienceMs = 20_000) {
  for (
    let end = Date.now() + patienceMs;
    Date.now() < end;
    await new Promise((resolve) => setTimeout(resolve, 20))
  ) {
    const found = events.find(is)
    if (found) return found
  }
}

const step = (text) => console.log(text)

const alice = (await person('alice')).api
const bobAccess = await person('bob')
const bob = bobAccess.api
step('signed in')

const instance = await alice.v2.instance.fetch()
assert.equal(instance.configuration.statuses.maxCharacters, 128)
assert.ok((await alice.v1.instance.fetch()).urls.streamingApi)
const me = await alice.v1.accounts.verifyCredentials()
assert.equal(me.acct, 'alice')
const changed = await alice.v1.accounts.updateCredentials({
  displayName: 'Alice',
  note: 'I walk.',
  fieldsAttributes: [{ name: 'Site', value: 'https://alice.example' }],
  source: { privacy: 'unlisted' },
})
assert.equal(changed.displayName, 'Alice')
assert.equal(changed.fields[0].name, 'Site')
assert.equal((await alice.v1.preferences.fetch())['posting:default:visibility'], 'unlisted')
step('profile')

const bobs = await bob.v1.accounts.verifyCredentials()
const relation = await bob.v1.accounts.$select(me.id).follow()
assert.equal(relation.following, true)
assert.equal((await bob.v1.accounts.relationships.fetch({ id: [me.id] }))[0].following, true)
assert.equal((await alice.v1.accounts.$select(me.id).followers.list())[0].acct, 'bob')
step('followed')

const socket = masto.createStreamingAPIClient({
  streamingApiUrl: streaming,
  accessToken: bobAccess.accessToken,
})
const home = listen(socket.user.subscribe())
const tagged = listen(socket.hashtag.subscribe({ tag: 'walking' }))
// Nothing says that a subscription is there but what it tells.
for (let ready = false; !ready;) {
  const probe = await bob.v1.statuses.create({ status: 'Is #walking heard?', visibility: 'public' })
  const isProbe = (it) => it.event === 'update' && it.payload.id === probe.id
  ready = (await event(home, isProbe, 1000)) && (await event(tagged, isProbe, 1000))
  await bob.v1.statuses.$select(probe.id).remove()
}

const post = { status: 'Hello @bob, I am #walking', visibility: 'public' }
const written = await alice.v1.statuses.create(post, {
  requestInit: { headers: { 'Idempotency-Key': 'once' } },
})
const again = await alice.v1.statuses.create(post, {
  requestInit: { headers: { 'Idempotency-Key': 'once' } },
})
assert.equal(again.id, written.id, 'what is sent twice is written once')
assert.match(written.content, /class="u-url mention"/)
assert.equal(written.tags[0].name, 'walking')
assert.equal(written.mentions[0].acct, 'bob')
const seen = await event(home, (it) => it.event === 'update' && it.payload.id === written.id)
assert.equal(seen.payload.account.acct, 'alice')
assert.ok(await event(tagged, (it) => it.event === 'update' && it.payload.id === written.id))
step('written and streamed')

assert.equal((await bob.v1.timelines.home.list())[0].id, written.id)
assert.equal((await bob.v1.timelines.public.list({ local: true }))[0].id, written.id)
assert.equal((await bob.v1.timelines.tag.$select('walking').list())[0].id, written.id)
const told = await bob.v1.notifications.list()
assert.deepEqual(
  told.map((it) => it.type),
  ['mention'],
)
const reply = await bob.v1.statuses.create({ status: 'Mind the step', inReplyToId: written.id })
const context = await alice.v1.statuses.$select(written.id).context.fetch()
assert.deepEqual(
  context.descendants.map((it) => it.id),
  [reply.id],
)
assert.deepEqual(
  (await bob.v1.statuses.$select(reply.id).context.fetch()).ancestors.map((it) => it.id),
  [written.id],
)
step('replied')

assert.equal((await bob.v1.statuses.$select(written.id).favourite()).favourited, true)
const boost = await bob.v1.statuses.$select(written.id).reblog()
assert.equal(boost.reblog.id, written.id)
assert.equal((await bob.v1.statuses.$select(written.id).bookmark()).bookmarked, true)
assert.equal((await bob.v1.bookmarks.list())[0].id, written.id)
assert.equal((await bob.v1.favourites.list())[0].id, written.id)
assert.equal((await alice.v1.statuses.$select(written.id).favouritedBy.list())[0].acct, 'bob')
assert.equal((await alice.v1.statuses.$select(written.id).rebloggedBy.list())[0].acct, 'bob')
const kinds = (await alice.v1.notifications.list()).map((it) => it.type)
assert.deepEqual(kinds.sort(), ['favourite', 'follow', 'mention', 'reblog'])
assert.deepEqual(
  (await alice.v1.notifications.list({ types: ['follow'] })).map((it) => it.account.acct),
  ['bob'],
)
assert.equal((await alice.v2.notifications.list()).notificationGroups.length, 4)
await alice.v1.notifications.clear()
assert.deepEqual(await alice.v1.notifications.list(), [])
step('liked, boosted, kept, notified')

const found = await bob.v2.search.list({ q: 'walking' })
assert.equal(found.hashtags[0].name, 'walking')
assert.equal(found.statuses[0].id, written.id)
assert.equal((await bob.v2.search.list({ q: 'alice', type: 'accounts' })).accounts[0].id, me.id)
assert.equal((await bob.v1.accounts.lookup({ acct: 'alice' })).id, me.id)
step('found')

const edited = await alice.v1.statuses.$select(written.id).update({ status: 'Hello, I ran' })
assert.match(edited.content, /I ran/)
assert.ok(await event(home, (it) => it.event === 'status.update' && it.payload.id === written.id))
assert.equal((await alice.v1.statuses.$select(written.id).source.fetch()).text, 'Hello, I ran')
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const media = await alice.v2.media.create({
  file: new Blob([picture], { type: 'image/png' }),
  description: 'A dot',
})
const shown = await alice.v1.statuses.create({ status: 'Look', mediaIds: [media.id] })
assert.equal(shown.mediaAttachments[0].description, 'A dot')
assert.equal((await fetch(shown.mediaAttachments[0].url)).status, 200)
step('edited, with a picture')

const pages = []
for await (const page of alice.v1.accounts.$select(me.id).statuses.list({ limit: 1 }))
  pages.push(page.map((it) => it.id))
assert.deepEqual(pages.flat(), [shown.id, written.id], 'links lead from page to page to the end')
await alice.v1.markers.create({ home: { lastReadId: shown.id } })
assert.equal((await alice.v1.markers.fetch({ timeline: ['home'] })).home.lastReadId, shown.id)
step('paged')

await bob.v1.statuses.$select(written.id).unreblog()
await alice.v1.statuses.$select(written.id).remove()
assert.ok(await event(home, (it) => it.event === 'delete' && it.payload === written.id))
await assert.rejects(bob.v1.statuses.$select(written.id).fetch(), { statusCode: 404 })
const secret = await alice.v1.statuses.create({ status: 'Not for bob', visibility: 'direct' })
await assert.rejects(bob.v1.statuses.$select(secret.id).fetch(), { statusCode: 404 })
step('deleted, kept secret')

await alice.v1.accounts.$select(bobs.id).block()
assert.deepEqual(
  (await alice.v1.blocks.list()).map((it) => it.acct),
  ['bob'],
)
assert.equal((await bob.v1.accounts.relationships.fetch({ id: [me.id] }))[0].following, false)
await alice.v1.accounts.$select(bobs.id).unblock()
await bob.v1.accounts.$select(me.id).mute()
assert.equal((await bob.v1.mutes.list())[0].id, me.id)
step('blocked and muted')
socket.close()
console.log('all of it works')
