// The relay's firehose, its listings and the collection directory.
import test from 'node:test'
import assert from 'node:assert/strict'
import { decodeFrame, readCar } from '../../lib/car.mjs'
import { net, info, collect, get, xrpc, NOTE } from '../support.mjs'

test('firehose of the PDS and of the relay', async () => {
  for (const url of [`ws://127.0.0.1:${net.pdses[0].port}`, info.jetstream]) {
    const frames = await collect(
      `${url}/xrpc/com.atproto.sync.subscribeRepos?cursor=0`,
      (l) => l.some(([h]) => h.t === '#commit') && l.length >= 10,
      { decode: decodeFrame },
    )
    assert.deepEqual([...new Set(frames.map(([h]) => h.op))], [1])
    const [, commit] = frames.findLast(([h]) => h.t === '#commit')
    assert.ok(readCar(commit.blocks).blocks.has(commit.commit.toString()))
    const seqs = frames.map(([, b]) => b.seq)
    assert.deepEqual(
      seqs,
      [...seqs].sort((a, b) => a - b),
    )
  }
  const [[h, b]] = await collect(
    `${info.jetstream}/xrpc/com.atproto.sync.subscribeRepos?cursor=99999999`,
    (l) => l.length === 1,
    { decode: decodeFrame },
  )
  assert.deepEqual([h.op, b.error], [-1, 'FutureCursor'])
})

test('collection directory and relay listings', async () => {
  const dids = []
  let cursor
  do {
    const r = (
      await get(
        xrpc(info.relay, 'com.atproto.sync.listReposByCollection', {
          collection: NOTE,
          limit: 3,
          ...(cursor ? { cursor } : {}),
        }),
      )
    ).json()
    dids.push(...r.repos.map((x) => x.did))
    cursor = r.cursor
  } while (cursor)
  assert.deepEqual(
    dids.sort(),
    net.accounts.list
      .slice(0, 4)
      .map((a) => a.did)
      .sort(),
  )
  assert.equal(
    (await get(xrpc(info.relay, 'com.atproto.sync.listReposByCollection', { collection: 'x' }))).status,
    400,
  )
  assert.equal((await get(xrpc(info.relay, 'com.atproto.sync.listRepos'))).json().repos.length, 4)
  assert.equal((await get(xrpc(info.relay, 'com.atproto.sync.listHosts'))).json().hosts.length, 2)
  const redirect = await get(xrpc(info.relay, 'com.atproto.sync.getRepo', { did: dids[0] }))
  assert.equal(redirect.status, 302)
})
