// An ActivityPub server made with Fedify, for use as an independent counterpart
// in interoperability tests.  Binds to 127.0.0.1 only.  See README.md.
import http from 'node:http'
import https from 'node:https'
import fs from 'node:fs'
import { parseArgs } from 'node:util'
import { randomUUID } from 'node:crypto'
import { Temporal } from '@js-temporal/polyfill'
import {
  createFederation,
  MemoryKvStore,
  InProcessMessageQueue,
  createExponentialBackoffPolicy,
  generateCryptoKeyPair,
  exportJwk,
  importJwk,
  signRequest,
} from '@fedify/fedify'
import {
  Application,
  Person,
  Note,
  Create,
  Update,
  Delete,
  Follow,
  Accept,
  Reject,
  Undo,
  Like,
  Announce,
  Block,
  Move,
  Activity,
  Tombstone,
  Mention,
  Hashtag,
  Image,
  PropertyValue,
  Endpoints,
  PUBLIC_COLLECTION,
  isActor,
} from '@fedify/vocab'

globalThis.navigator ??= { userAgent: `Node.js/${process.versions.node}` } // Node 20 has none

const { values: opt } = parseArgs({
  options: {
    port: { type: 'string', default: '3001' },
    user: { type: 'string', default: 'bob' },
    origin: { type: 'string' }, // default http://127.0.0.1:PORT
    'first-knock': { type: 'string', default: 'draft' }, // draft | rfc9421
    'manual-approve': { type: 'boolean', default: false },
    'authorized-fetch': { type: 'boolean', default: false },
    'no-shared-inbox': { type: 'boolean', default: false },
    'fail-inbox': { type: 'string', default: '0' }, // answer 503 to the first N inbox POSTs
    'fail-status': { type: 'string', default: '503' },
    ed25519: { type: 'boolean', default: false }, // also publish an Ed25519 Multikey
    'rsa-bits': { type: 'string' }, // default: what Fedify makes, 4096
    keys: { type: 'string' }, // file for persistent keys
    'tls-cert': { type: 'string' },
    'tls-key': { type: 'string' },
    'allow-public-only': { type: 'boolean', default: false }, // SSRF guard ON (peer will refuse loopback)
    'watch-stdin': { type: 'boolean', default: false }, // exit when stdin closes (parent died)
  },
})
const tls = Boolean(opt['tls-cert'])
const origin = opt.origin ?? `${tls ? 'https' : 'http'}://127.0.0.1:${opt.port}`
const user = opt.user

// ---------------------------------------------------------------- state
const st = {
  name: user,
  summary: 'test peer',
  aliases: [], // actors that it says it was
  notes: new Map(), // id -> Note
  deleted: new Set(),
  followers: new Map(), // actor id -> {id, inboxId, endpoints}
  pending: new Map(), // actor id -> Follow
  following: new Map(), // actor id -> {state, followId}
  likes: new Map(),
  boosts: new Map(),
  blocks: new Map(),
  received: [], // verified activities
  http: [], // every inbox POST, raw
  failLeft: Number(opt['fail-inbox']),
}
let seq = 0
const waiters = new Set()
function record(kind, data) {
  const e = { seq: ++seq, at: new Date().toISOString(), kind, ...data }
  ;(kind === 'http' ? st.http : st.received).push(e)
  console.log(JSON.stringify(e))
  for (const w of [...waiters]) w()
  return e
}
const list = () => [...st.notes.values()].reverse()

// ---------------------------------------------------------------- keys
const keyAlgs = opt.ed25519 ? ['RSASSA-PKCS1-v1_5', 'Ed25519'] : ['RSASSA-PKCS1-v1_5']
let keyPairs
if (opt.keys && fs.existsSync(opt.keys)) {
  const saved = JSON.parse(fs.readFileSync(opt.keys, 'utf8'))
  keyPairs = await Promise.all(
    saved.map(async (k) => ({
      privateKey: await importJwk(k.privateKey, 'private'),
      publicKey: await importJwk(k.publicKey, 'public'),
    })),
  )
} else {
  // Keys of 4096 bits take a while; tests that are not about their size need not wait.
  const rsa = {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: Number(opt['rsa-bits']),
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  }
  const make = (a) =>
    a === rsa.name && opt['rsa-bits']
      ? crypto.subtle.generateKey(rsa, true, ['sign', 'verify'])
      : generateCryptoKeyPair(a)
  keyPairs = await Promise.all(keyAlgs.map(make))
  if (opt.keys) {
    fs.writeFileSync(
      opt.keys,
      JSON.stringify(
        await Promise.all(
          keyPairs.map(async (k) => ({
            privateKey: await exportJwk(k.privateKey),
            publicKey: await exportJwk(k.publicKey),
          })),
        ),
      ),
    )
  }
}

// ---------------------------------------------------------------- federation
const spec = opt['first-knock'] === 'rfc9421' ? 'rfc9421' : 'draft-cavage-http-signatures-12'
const federation = createFederation({
  kv: new MemoryKvStore(),
  queue: new InProcessMessageQueue(),
  origin,
  allowPrivateAddress: !opt['allow-public-only'],
  firstKnock: spec,
  userAgent: { software: 'activitypub-peer/1.0.0', url: new URL(origin) },
  outboxRetryPolicy: createExponentialBackoffPolicy({ initialDelay: { milliseconds: 500 }, maxAttempts: 8 }),
  onOutboxError: (e) => console.log(JSON.stringify({ kind: 'outbox-error', error: String(e) })),
})

// The instance actor is always readable without a signature, and signs every GET this
// server makes for itself: two servers with authorized fetch would else wait on each other.
const INSTANCE = 'instance.actor'
const guard = async (ctx, identifier) => {
  if (!opt['authorized-fetch'] || identifier === INSTANCE) return true
  const documentLoader = await ctx.getDocumentLoader({ identifier: INSTANCE })
  return (await ctx.getSignedKeyOwner({ documentLoader, contextLoader: ctx.contextLoader })) != null
}

federation
  .setActorDispatcher('/users/{identifier}', async (ctx, identifier) => {
    if (identifier === INSTANCE) {
      const keys = await ctx.getActorKeyPairs(identifier)
      return new Application({
        id: ctx.getActorUri(identifier),
        preferredUsername: INSTANCE,
        inbox: ctx.getInboxUri(identifier),
        outbox: ctx.getOutboxUri(identifier),
        manuallyApprovesFollowers: true,
        publicKey: keys[0].cryptographicKey,
        assertionMethods: keys.map((k) => k.multikey),
      })
    }
    return identifier === user ? makePerson(ctx) : null
  })
  .setKeyPairsDispatcher((_ctx, identifier) => ([user, INSTANCE].includes(identifier) ? keyPairs : []))
  .authorize(guard)

async function makePerson(ctx) {
  const identifier = user
  const keys = await ctx.getActorKeyPairs(identifier)
  return new Person({
    id: ctx.getActorUri(identifier),
    preferredUsername: user,
    name: st.name,
    summary: st.summary,
    url: new URL(`/@${user}`, origin),
    inbox: ctx.getInboxUri(identifier),
    outbox: ctx.getOutboxUri(identifier),
    followers: ctx.getFollowersUri(identifier),
    following: ctx.getFollowingUri(identifier),
    endpoints: opt['no-shared-inbox'] ? null : new Endpoints({ sharedInbox: ctx.getInboxUri() }),
    manuallyApprovesFollowers: opt['manual-approve'],
    discoverable: true,
    aliases: st.aliases.map((alias) => new URL(alias)),
    icon: new Image({ url: new URL('/avatar.png', origin), mediaType: 'image/png' }),
    attachments: [new PropertyValue({ name: 'Software', value: 'Fedify' })],
    publicKey: keys[0].cryptographicKey,
    assertionMethods: keys.map((k) => k.multikey),
    published: Temporal.Instant.from('2026-01-01T00:00:00Z'),
  })
}

federation
  .setFollowersDispatcher('/users/{identifier}/followers', (_c, id) =>
    id !== user
      ? null
      : {
          items: [...st.followers.values()].map((f) => ({
            id: new URL(f.id),
            inboxId: new URL(f.inboxId),
            endpoints: f.sharedInbox ? { sharedInbox: new URL(f.sharedInbox) } : null,
          })),
        },
  )
  .setCounter((_c, id) => (id === user ? st.followers.size : null))
federation
  .setFollowingDispatcher('/users/{identifier}/following', (_c, id) =>
    id !== user
      ? null
      : { items: [...st.following].filter(([, v]) => v.state === 'accepted').map(([k]) => new URL(k)) },
  )
  .setCounter((_c, id) =>
    id === user ? [...st.following.values()].filter((v) => v.state === 'accepted').length : null,
  )

const PAGE = 5
federation
  .setOutboxDispatcher('/users/{identifier}/outbox', (ctx, id, cursor) => {
    if (id !== user) return null
    const pub = list().filter((n) => n.toIds.some((u) => u.href === PUBLIC_COLLECTION.href))
    if (cursor == null) return null
    const off = Number(cursor)
    return {
      items: pub.slice(off, off + PAGE).map((n) => wrapCreate(ctx, n)),
      nextCursor: off + PAGE < pub.length ? String(off + PAGE) : null,
    }
  })
  .setFirstCursor(() => '0')
  .setCounter(() => list().filter((n) => n.toIds.some((u) => u.href === PUBLIC_COLLECTION.href)).length)

federation
  .setObjectDispatcher(Note, '/notes/{id}', (ctx, { id }) => {
    const uri = ctx.getObjectUri(Note, { id }).href
    const n = st.notes.get(uri)
    if (!n) return null
    const isPublic = [...n.toIds, ...n.ccIds].some((u) => u.href === PUBLIC_COLLECTION.href)
    return isPublic ? n : null
  })
  .authorize((ctx) => guard(ctx))

federation.setNodeInfoDispatcher('/nodeinfo/2.1', () => ({
  software: { name: 'activitypub-peer', version: '1.0.0' },
  protocols: ['activitypub'],
  services: { inbound: [], outbound: [] },
  openRegistrations: false,
  usage: { users: { total: 1 }, localPosts: st.notes.size, localComments: 0 },
}))

// ---------------------------------------------------------------- inbox
const sender = { identifier: user }
async function note(ctx, activity) {
  const json = await activity.toJsonLd({ contextLoader: ctx.contextLoader, format: 'compact' })
  record('activity', { type: json.type, id: json.id, actor: activity.actorId?.href, json })
}
async function recipientOf(ctx, idOrActor) {
  let a = idOrActor
  if (!isActor(a)) {
    const dl = await ctx.getDocumentLoader(sender)
    a = await ctx.lookupObject(typeof a === 'string' ? new URL(a) : a, { documentLoader: dl })
  }
  if (a == null || !isActor(a)) throw new Error('cannot resolve actor')
  return a
}
federation
  .setInboxListeners('/users/{identifier}/inbox', '/inbox')
  .setSharedKeyDispatcher(() => ({ identifier: INSTANCE }))
  .on(Follow, async (ctx, f) => {
    await note(ctx, f)
    if (f.objectId?.href !== ctx.getActorUri(user).href) return
    const dl = await ctx.getDocumentLoader(sender)
    const actor = await f.getActor({ ...ctx, documentLoader: dl, crossOrigin: 'trust' })
    if (st.blocks.has(actor.id.href)) return
    st.pending.set(actor.id.href, { follow: f, actor })
    if (!opt['manual-approve']) await answer(ctx, actor.id.href, true)
  })
  .on(Accept, async (ctx, a) => {
    await note(ctx, a)
    const rec = st.following.get(a.actorId?.href)
    if (rec) rec.state = 'accepted'
  })
  .on(Reject, async (ctx, a) => {
    await note(ctx, a)
    st.following.delete(a.actorId?.href)
    st.followers.delete(a.actorId?.href)
  })
  .on(Undo, async (ctx, u) => {
    await note(ctx, u)
    const o = await u.getObject({ ...ctx, crossOrigin: 'trust' })
    if (o instanceof Follow) st.followers.delete(u.actorId.href)
  })
  .on(Block, async (ctx, b) => {
    await note(ctx, b)
    st.followers.delete(b.actorId.href)
    st.following.delete(b.actorId.href)
  })
  .on(Activity, note)
  .onUnverifiedActivity(async (ctx, activity, reason) => {
    let json = null
    try {
      json = await activity.toJsonLd({ contextLoader: ctx.contextLoader })
    } catch {
      /* keep null */
    }
    record('rejected', { type: json?.type, id: activity.id?.href, reason, json })
  })
  .onError((_ctx, e) => console.log(JSON.stringify({ kind: 'inbox-error', error: String(e?.stack ?? e) })))

async function answer(ctx, actorId, ok) {
  const p = st.pending.get(actorId)
  if (!p) throw new Error('no pending follow from ' + actorId)
  st.pending.delete(actorId)
  const me = ctx.getActorUri(user)
  if (ok) {
    st.followers.set(actorId, {
      id: actorId,
      inboxId: p.actor.inboxId.href,
      sharedInbox: p.actor.endpoints?.sharedInbox?.href,
    })
  }
  const C = ok ? Accept : Reject
  await ctx.sendActivity(
    sender,
    p.actor,
    new C({
      id: new URL(`${me.href}#${ok ? 'accept' : 'reject'}/${randomUUID()}`),
      actor: me,
      object: p.follow,
    }),
  )
}
function wrapCreate(ctx, n) {
  return new Create({
    id: new URL(n.id.href + '/activity'),
    actor: ctx.getActorUri(user),
    object: n,
    tos: n.toIds,
    ccs: n.ccIds,
    published: n.published,
  })
}

// ---------------------------------------------------------------- commands
const lookupAcct = async (handle) => {
  // Fedify resolves acct: over https only; loopback tests need the scheme of this peer.
  const h = handle.replace(/^@/, '').replace(/^acct:/, '')
  const host = h.slice(h.lastIndexOf('@') + 1)
  const url = `${tls ? 'https' : 'http'}://${host}/.well-known/webfinger?resource=${encodeURIComponent('acct:' + h)}`
  const r = await fetch(url, { headers: { accept: 'application/jrd+json' } })
  if (!r.ok) throw new Error(`webfinger ${r.status} for ${h}`)
  const jrd = await r.json()
  const l = jrd.links?.find((x) => x.rel === 'self' && /activity\+json|ld\+json/.test(x.type ?? ''))
  if (!l) throw new Error('webfinger answer has no self link')
  return { jrd, href: l.href }
}
const resolve = async (target) => (/^https?:/.test(target) ? target : (await lookupAcct(target)).href)
const escapeHtml = (s) =>
  s.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c])

const commands = {
  async lookup(ctx, { target, as }) {
    // as: "instance.actor" signs with the instance actor
    const href = await resolve(target)
    const dl = await ctx.getDocumentLoader(as ? { identifier: as } : sender)
    const o = await ctx.lookupObject(new URL(href), { documentLoader: dl })
    return o && (await o.toJsonLd({ contextLoader: ctx.contextLoader }))
  },
  async webfinger(_ctx, { target }) {
    return (await lookupAcct(target)).jrd
  },
  // GET a URL, optionally signed (authorized fetch); the raw answer comes back
  async fetch(
    ctx,
    {
      url,
      signed = true,
      accept = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
      headers = {},
    },
  ) {
    let req = new Request(url, { headers: { accept, ...headers }, redirect: 'manual' })
    if (signed) {
      const [k] = await ctx.getActorKeyPairs(user)
      req = await signRequest(req, k.privateKey, k.keyId, { spec })
    }
    const r = await fetch(req)
    const text = await r.text()
    let body = text
    try {
      body = JSON.parse(text)
    } catch {
      /* text */
    }
    return {
      status: r.status,
      contentType: r.headers.get('content-type'),
      vary: r.headers.get('vary'),
      location: r.headers.get('location'),
      body,
    }
  },
  // walk a collection to its end and return the ids
  async collection(ctx, { url, max = 500 }) {
    const seen = []
    let pages = 0
    let next = url
    while (next && seen.length < max && pages < 100) {
      const { body, status } = await commands.fetch(ctx, { url: next })
      if (status !== 200) throw new Error(`${next}: ${status}`)
      const items = [].concat(body.orderedItems ?? body.items ?? [])
      seen.push(...items.map((i) => (typeof i === 'string' ? i : i.id)))
      if (/Collection$/.test(body.type) && body.first) {
        next = typeof body.first === 'string' ? body.first : body.first.id
        if (typeof body.first !== 'string' && body.first.orderedItems) {
          seen.push(...body.first.orderedItems.map((i) => i.id ?? i))
          next = body.first.next
        }
      } else {
        pages++
        next = body.next
      }
    }
    return { pages, items: seen }
  },
  async follow(ctx, { target, queue }) {
    const actor = await recipientOf(ctx, await resolve(target))
    const me = ctx.getActorUri(user)
    const id = `${me.href}#follow/${randomUUID()}`
    st.following.set(actor.id.href, { state: 'pending', followId: id })
    await ctx.sendActivity(sender, actor, new Follow({ id: new URL(id), actor: me, object: actor.id }), {
      immediate: !queue,
    })
    return { id, actor: actor.id.href }
  },
  async unfollow(ctx, { target, queue }) {
    const actor = await recipientOf(ctx, await resolve(target))
    const me = ctx.getActorUri(user)
    const rec = st.following.get(actor.id.href)
    st.following.delete(actor.id.href)
    await ctx.sendActivity(
      sender,
      actor,
      new Undo({
        id: new URL(`${me.href}#undo/${randomUUID()}`),
        actor: me,
        object: new Follow({
          id: new URL(rec?.followId ?? `${me.href}#follow/unknown`),
          actor: me,
          object: actor.id,
        }),
      }),
      { immediate: !queue },
    )
    return { actor: actor.id.href }
  },
  async accept(ctx, { actor }) {
    await answer(ctx, actor, true)
    return {}
  },
  async reject(ctx, { actor }) {
    await answer(ctx, actor, false)
    return {}
  },
  // visibility: public | unlisted | followers | direct
  async post(
    ctx,
    {
      content,
      html,
      visibility = 'public',
      inReplyTo,
      mentions = [],
      tags = [],
      summary,
      sensitive = false,
      queue,
      published,
    },
  ) {
    const id = ctx.getObjectUri(Note, { id: randomUUID() })
    const me = ctx.getActorUri(user),
      fol = ctx.getFollowersUri(user)
    const who = await Promise.all(mentions.map(async (m) => recipientOf(ctx, await resolve(m))))
    const whoIds = who.map((a) => a.id)
    const [tos, ccs] = {
      public: [[PUBLIC_COLLECTION], [fol, ...whoIds]],
      unlisted: [[fol], [PUBLIC_COLLECTION, ...whoIds]],
      followers: [[fol], whoIds],
      direct: [whoIds, []],
    }[visibility]
    const n = new Note({
      id,
      url: id,
      attribution: me,
      content: html ?? `<p>${escapeHtml(content)}</p>`,
      tos,
      ccs,
      published: published ? Temporal.Instant.from(published) : Temporal.Now.instant(),
      replyTarget: inReplyTo ? new URL(inReplyTo) : null,
      summary: summary ?? null,
      sensitive,
      tags: [
        ...who.map((a) => new Mention({ href: a.id, name: `@${a.preferredUsername}@${a.id.host}` })),
        ...tags.map((t) => new Hashtag({ href: new URL(`/tags/${t}`, origin), name: `#${t}` })),
      ],
    })
    st.notes.set(id.href, n)
    const act = wrapCreate(ctx, n)
    if (visibility !== 'direct')
      await ctx.sendActivity(sender, 'followers', act, { immediate: !queue, preferSharedInbox: true })
    if (who.length) await ctx.sendActivity(sender, who, act, { immediate: !queue })
    return { id: id.href, activity: act.id.href }
  },
  async update(ctx, { id, content, queue }) {
    const old = st.notes.get(id)
    if (!old) throw new Error('no such note')
    const n = old.clone({ content: `<p>${escapeHtml(content)}</p>`, updated: Temporal.Now.instant() })
    st.notes.set(id, n)
    await ctx.sendActivity(
      sender,
      'followers',
      new Update({
        id: new URL(`${id}#update/${randomUUID()}`),
        actor: ctx.getActorUri(user),
        object: n,
        tos: n.toIds,
        ccs: n.ccIds,
      }),
      { immediate: !queue },
    )
    return {}
  },
  async delete(ctx, { id, queue }) {
    const n = st.notes.get(id)
    if (!n) throw new Error('no such note')
    st.notes.delete(id)
    st.deleted.add(id)
    await ctx.sendActivity(
      sender,
      'followers',
      new Delete({
        id: new URL(`${id}#delete`),
        actor: ctx.getActorUri(user),
        object: new Tombstone({ id: new URL(id) }),
        to: PUBLIC_COLLECTION,
      }),
      { immediate: !queue },
    )
    return {}
  },
  async profile(ctx, { name, summary, alsoKnownAs, queue }) {
    if (name) st.name = name
    if (summary) st.summary = summary
    if (alsoKnownAs) st.aliases = alsoKnownAs
    const me = await makePerson(ctx)
    await ctx.sendActivity(
      sender,
      'followers',
      new Update({
        id: new URL(`${me.id.href}#update/${randomUUID()}`),
        actor: me.id,
        object: me,
        to: PUBLIC_COLLECTION,
      }),
      { immediate: !queue },
    )
    return {}
  },
  async like(ctx, { object, queue }) {
    return react(ctx, Like, st.likes, object, queue)
  },
  async unlike(ctx, { object, queue }) {
    return unreact(ctx, Like, st.likes, object, queue)
  },
  async announce(ctx, { object, queue }) {
    return react(ctx, Announce, st.boosts, object, queue)
  },
  async unannounce(ctx, { object, queue }) {
    return unreact(ctx, Announce, st.boosts, object, queue)
  },
  async block(ctx, { target, queue }) {
    const actor = await recipientOf(ctx, await resolve(target))
    const me = ctx.getActorUri(user)
    const b = new Block({ id: new URL(`${me.href}#block/${randomUUID()}`), actor: me, object: actor.id })
    st.blocks.set(actor.id.href, b)
    st.followers.delete(actor.id.href)
    await ctx.sendActivity(sender, actor, b, { immediate: !queue })
    return { id: b.id.href }
  },
  async unblock(ctx, { target, queue }) {
    const actor = await recipientOf(ctx, await resolve(target))
    const me = ctx.getActorUri(user)
    const b = st.blocks.get(actor.id.href)
    st.blocks.delete(actor.id.href)
    await ctx.sendActivity(
      sender,
      actor,
      new Undo({ id: new URL(`${me.href}#undo/${randomUUID()}`), actor: me, object: b }),
      { immediate: !queue },
    )
    return {}
  },
  async move(ctx, { target, queue }) {
    const me = ctx.getActorUri(user)
    await ctx.sendActivity(
      sender,
      'followers',
      new Move({ id: new URL(`${me.href}#move`), actor: me, object: me, target: new URL(target) }),
      { immediate: !queue },
    )
    return {}
  },
  async 'delete-actor'(ctx, { queue } = {}) {
    const me = ctx.getActorUri(user)
    await ctx.sendActivity(
      sender,
      'followers',
      new Delete({ id: new URL(`${me.href}#delete`), actor: me, object: me, to: PUBLIC_COLLECTION }),
      { immediate: !queue },
    )
    return {}
  },
  // POST any JSON to any inbox, signed by this peer's key.  For negative tests:
  //   keyId, date, omitDigest, badDigest, unsigned, contentType, body(after signing)
  async raw(
    ctx,
    {
      inbox,
      activity,
      spec: s = spec,
      unsigned = false,
      keyId,
      date,
      badDigest,
      tamper,
      contentType = 'application/activity+json',
    },
  ) {
    const [k] = await ctx.getActorKeyPairs(user)
    const body = JSON.stringify(activity)
    const headers = { 'content-type': contentType }
    let req = new Request(inbox, { method: 'POST', headers, body })
    if (!unsigned)
      req = await signRequest(req, k.privateKey, keyId ? new URL(keyId) : k.keyId, {
        spec: s,
        ...(date ? { currentTime: Temporal.Instant.from(date) } : {}),
      })
    const h = Object.fromEntries(req.headers)
    if (badDigest) {
      if (h.digest) h.digest = 'SHA-256=' + Buffer.alloc(32).toString('base64')
      if (h['content-digest']) h['content-digest'] = 'sha-256=:' + Buffer.alloc(32).toString('base64') + ':'
    }
    const { request } = await rawPost(inbox, h, tamper ? JSON.stringify(tamper) : body)
    return request
  },
  async 'fail-inbox'(_ctx, { count }) {
    st.failLeft = count
    return {}
  },
  async state(ctx) {
    return {
      actor: ctx.getActorUri(user).href,
      handle: `@${user}@${new URL(origin).host}`,
      spec,
      followers: [...st.followers.keys()],
      pending: [...st.pending.keys()],
      following: [...st.following].map(([k, v]) => ({ actor: k, ...v })),
      notes: [...st.notes.keys()],
      received: st.received.length,
      inboxPosts: st.http.length,
    }
  },
}
function rawPost(url, headers, body) {
  // plain node client: sends Date/Host exactly as signed (fetch() would drop forbidden headers)
  return new Promise((ok, bad) => {
    const u = new URL(url)
    const r = (u.protocol === 'https:' ? https : http).request(
      u,
      {
        method: 'POST',
        headers: { ...headers, host: headers.host ?? u.host, 'content-length': Buffer.byteLength(body) },
      },
      (res) => {
        let t = ''
        res.setEncoding('utf8')
        res.on('data', (d) => (t += d))
        res.on('end', () =>
          ok({ request: { status: res.statusCode, headers: res.headers, body: t, sent: headers } }),
        )
      },
    )
    r.on('error', bad)
    r.end(body)
  })
}
async function ownerOf(ctx, object) {
  const dl = await ctx.getDocumentLoader(sender)
  const o = await ctx.lookupObject(new URL(object), { documentLoader: dl })
  if (!o) throw new Error('cannot fetch ' + object)
  return recipientOf(ctx, o.attributionId)
}
async function react(ctx, C, map, object, queue) {
  const me = ctx.getActorUri(user)
  const owner = await ownerOf(ctx, object)
  const a = new C({
    id: new URL(`${me.href}#${C.name.toLowerCase()}/${randomUUID()}`),
    actor: me,
    object: new URL(object),
    ...(C === Announce
      ? {
          to: PUBLIC_COLLECTION,
          ccs: [ctx.getFollowersUri(user), owner.id],
          published: Temporal.Now.instant(),
        }
      : {}),
  })
  map.set(object, a)
  await ctx.sendActivity(sender, owner, a, { immediate: !queue })
  if (C === Announce)
    await ctx.sendActivity(sender, 'followers', a, { immediate: !queue, excludeBaseUris: [owner.id] })
  return { id: a.id.href, deliveredTo: owner.inboxId.href }
}
async function unreact(ctx, C, map, object, queue) {
  const me = ctx.getActorUri(user)
  const a = map.get(object)
  if (!a) throw new Error('nothing to undo')
  map.delete(object)
  const owner = await ownerOf(ctx, object)
  await ctx.sendActivity(
    sender,
    owner,
    new Undo({ id: new URL(`${me.href}#undo/${randomUUID()}`), actor: me, object: a }),
    { immediate: !queue },
  )
  return {}
}

// ---------------------------------------------------------------- http server
async function handle(req, res) {
  const chunks = []
  for await (const c of req) chunks.push(c)
  const body = Buffer.concat(chunks)
  const url = new URL(req.url, origin)
  const json = (status, v) => {
    res.writeHead(status, { 'content-type': 'application/json' })
    res.end(JSON.stringify(v, null, 1))
  }
  const ctx = federation.createContext(new URL(origin))
  try {
    if (url.pathname.startsWith('/_peer/')) {
      const name = url.pathname.slice(7)
      if (name === 'received' || name === 'http') {
        const src = name === 'http' ? st.http : st.received
        const after = Number(url.searchParams.get('after') ?? 0),
          type = url.searchParams.get('type')
        const pick = () =>
          src.filter((e) => e.seq > after && (!type || [].concat(e.type ?? []).includes(type)))
        const deadline = Date.now() + Number(url.searchParams.get('wait') ?? 0)
        while (pick().length === 0 && Date.now() < deadline) {
          await new Promise((r) => {
            const w = () => {
              waiters.delete(w)
              r()
            }
            waiters.add(w)
            setTimeout(w, Math.max(1, deadline - Date.now()))
          })
        }
        return json(200, pick())
      }
      if (!(name in commands)) return json(404, { error: 'no such command', commands: Object.keys(commands) })
      const args = body.length ? JSON.parse(body) : {}
      return json(200, (await commands[name](ctx, args)) ?? null)
    }
    if (url.pathname === '/avatar.png') {
      res.writeHead(200, { 'content-type': 'image/png' })
      return res.end(
        Buffer.from(
          'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
          'base64',
        ),
      )
    }
    const isInbox = req.method === 'POST' && /\/inbox$/.test(url.pathname)
    let httpEntry
    if (isInbox) {
      let parsed = null
      try {
        parsed = JSON.parse(body)
      } catch {
        /* not json */
      }
      httpEntry = record('http', {
        path: url.pathname,
        type: parsed?.type,
        headers: req.headers,
        json: parsed,
      })
      if (st.failLeft > 0) {
        st.failLeft--
        httpEntry.status = Number(opt['fail-status'])
        return json(httpEntry.status, { error: 'induced failure' })
      }
    }
    if (st.deleted.has(url.href)) {
      res.writeHead(410)
      return res.end()
    }
    const response = await federation.fetch(
      new Request(url, {
        method: req.method,
        headers: req.headers,
        body: ['GET', 'HEAD'].includes(req.method) ? undefined : body,
      }),
      {
        onNotFound: () => new Response('not found', { status: 404 }),
        onNotAcceptable: () =>
          new Response('this peer has no HTML; ask for application/activity+json', {
            status: 406,
            headers: { vary: 'Accept' },
          }),
        onUnauthorized: () => new Response('signature required', { status: 401 }),
      },
    )
    if (httpEntry) httpEntry.status = response.status
    const out = Buffer.from(await response.arrayBuffer())
    res.writeHead(response.status, Object.fromEntries(response.headers))
    res.end(out)
  } catch (e) {
    json(500, { error: String(e?.message ?? e), cause: e?.cause ? String(e.cause) : undefined })
  }
}
const server = tls
  ? https.createServer(
      { cert: fs.readFileSync(opt['tls-cert']), key: fs.readFileSync(opt['tls-key']) },
      handle,
    )
  : http.createServer(handle)
server.listen(Number(opt.port), '127.0.0.1', () =>
  console.log(
    JSON.stringify({
      kind: 'ready',
      origin,
      actor: `${origin}/users/${user}`,
      handle: `@${user}@${new URL(origin).host}`,
      pid: process.pid,
      node: process.version,
    }),
  ),
)
if (opt['watch-stdin']) process.stdin.resume().on('end', () => process.exit(0))
for (const s of ['SIGINT', 'SIGTERM']) process.on(s, () => process.exit(0))
