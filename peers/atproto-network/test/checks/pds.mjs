// The reference PDS answers as it does elsewhere.
import test from 'node:test'
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { readCar, dagCbor } from '../../lib/car.mjs'
import { net, info, get, xrpc, NOTE } from '../support.mjs'

const crypto = createRequire(import.meta.url)('@atproto/crypto')

test('listRecords pages newest first; rate-limit headers', async () => {
  const a = net.accounts.list[1]
  const seen = []
  let cursor
  let pages = 0
  for (;;) {
    const r = await get(
      xrpc(a.pds.url, 'com.atproto.repo.listRecords', {
        repo: a.did,
        collection: NOTE,
        limit: 100,
        ...(cursor ? { cursor } : {}),
      }),
    )
    assert.equal(r.status, 200)
    assert.match(r.headers['ratelimit-policy'], /^\d+;w=\d+$/)
    const body = r.json()
    pages++
    seen.push(...body.records.map((x) => x.uri.split('/').pop()))
    cursor = body.cursor
    if (!cursor || body.records.length === 0) break
  }
  assert.equal(pages, 3) // 100 + 20 + empty
  assert.equal(seen.length, 120)
  assert.deepEqual(seen, [...seen].sort().reverse())
  const bad = await get(
    xrpc(a.pds.url, 'com.atproto.repo.listRecords', { repo: a.did, collection: NOTE, limit: 101 }),
  )
  assert.equal(bad.status, 400)
})

test('getRepo is a CAR with a signed commit', async () => {
  const a = net.accounts.list[0]
  const r = await get(xrpc(a.pds.url, 'com.atproto.sync.getRepo', { did: a.did }))
  assert.equal(r.headers['content-type'], 'application/vnd.ipld.car')
  const car = readCar(r.body)
  const commit = dagCbor.decode(car.blocks.get(car.roots[0].toString()))
  assert.equal(commit.version, 3)
  assert.equal(commit.did, a.did)
  const { sig, ...unsigned } = commit
  const doc = (await get(`${info.plc}/${a.did}`)).json()
  const ok = await crypto.verifySignature(
    'did:key:' + doc.verificationMethod[0].publicKeyMultibase,
    dagCbor.encode(unsigned),
    sig,
  )
  assert.ok(ok)
})

test('blobs', async () => {
  const a = net.accounts.list[0]
  const bytes = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  const { blob } = await net.repos.uploadBlob(a, bytes, 'image/png')
  assert.equal(blob.$type, 'blob')
  await net.repos.putRecord({
    account: a.did,
    collection: NOTE,
    record: { $type: NOTE, text: 'with image', image: blob, createdAt: new Date().toISOString() },
  })
  const r = await get(xrpc(a.pds.url, 'com.atproto.sync.getBlob', { did: a.did, cid: blob.ref.$link }))
  assert.equal(r.status, 200)
  assert.deepEqual(r.body, bytes)
})

test('service auth token', async () => {
  const a = net.accounts.list[0]
  const jwt = await net.accounts.session(a)
  const r = await get(
    xrpc(a.pds.url, 'com.atproto.server.getServiceAuth', {
      aud: 'did:web:localhost%3A3000',
      lxm: 'com.example.demo.createNote',
    }),
    { authorization: `Bearer ${jwt}` },
  )
  const [h, p, s] = r.json().token.split('.')
  const header = JSON.parse(Buffer.from(h, 'base64url'))
  const payload = JSON.parse(Buffer.from(p, 'base64url'))
  assert.equal(header.alg, 'ES256K')
  assert.deepEqual(
    [payload.iss, payload.aud, payload.lxm],
    [a.did, 'did:web:localhost%3A3000', 'com.example.demo.createNote'],
  )
  const doc = (await get(`${info.plc}/${a.did}`)).json()
  assert.ok(
    await crypto.verifySignature(
      'did:key:' + doc.verificationMethod[0].publicKeyMultibase,
      Buffer.from(`${h}.${p}`),
      Buffer.from(s, 'base64url'),
    ),
  )
})
