// Jetstream v1 and v2: events, replay, filters, compression, refusals.
import test from 'node:test'
import assert from 'node:assert/strict'
import { tid } from '../../lib/time.mjs'
import { decompress, DICT_V1, DICT_V2, DICT_V2_ID } from '../../lib/zstd.mjs'
import { net, info, collect, get, subscribeUrl as sub, NOTE } from '../support.mjs'

test('records through Jetstream v1: create, update, delete', async () => {
  const a = net.accounts.list[2]
  const rkey = tid(Date.now() * 1000)
  const want = collect(
    sub(`?wantedCollections=${NOTE}&wantedDids=${a.did}`),
    (l) => l.filter((e) => e.kind === 'commit').length === 3,
    {
      onOpen: async () => {
        await net.repos.putRecord({
          account: a.did,
          collection: NOTE,
          rkey,
          record: { $type: NOTE, text: 'one', createdAt: new Date().toISOString() },
        })
        await net.repos.putRecord({
          account: a.did,
          action: 'update',
          collection: NOTE,
          rkey,
          record: { $type: NOTE, text: 'two', createdAt: new Date().toISOString() },
        })
        await net.repos.putRecord({ account: a.did, action: 'delete', collection: NOTE, rkey })
      },
    },
  )
  const list = (await want).filter((e) => e.kind === 'commit')
  assert.deepEqual(
    list.map((e) => e.commit.operation),
    ['create', 'update', 'delete'],
  )
  assert.equal(list[1].commit.record.text, 'two')
  assert.ok(list[0].commit.cid.startsWith('bafyrei'))
  assert.equal(list[2].commit.record, undefined)
  assert.ok(list[0].time_us < list[1].time_us && list[1].time_us < list[2].time_us)
})

test('Jetstream v1 replay, filters, options_update, requireHello, errors', async () => {
  const all = await collect(
    sub('?cursor=0'),
    (l) => l.length === net.relay.jetstream.log.events.filter((e) => e.kind !== 'sync').length,
  )
  assert.ok(all.some((e) => e.kind === 'identity') && all.some((e) => e.kind === 'account'))
  const mid = all[Math.floor(all.length / 2)].time_us
  const rest = await collect(sub(`?cursor=${mid}`), (l) => l.length === 2)
  assert.equal(rest[0].time_us, mid) // inclusive
  const commits = all.filter((e) => e.kind === 'commit').length
  assert.ok(commits >= 4 * 121)
  const prefix = await collect(
    sub('?cursor=0&wantedCollections=com.example.*'),
    (l) => l.filter((e) => e.kind === 'commit').length === commits,
  )
  assert.equal(prefix.length, all.length)
  const other = await collect(sub('?cursor=0&wantedCollections=app.bsky.*'), (l) => l.length === 8)
  assert.ok(other.every((e) => e.kind !== 'commit')) // identity and account pass every collection filter
  const hello = await collect(
    sub('?cursor=0&requireHello=true'),
    (l) => l.filter((e) => e.kind === 'commit').length === 3,
    {
      onOpen: (ws) =>
        ws.send(
          JSON.stringify({
            type: 'options_update',
            payload: {
              wantedDids: [net.accounts.list[3].did],
              wantedCollections: ['com.example.demo.profile', NOTE],
              maxMessageSizeBytes: 0,
            },
          }),
        ),
    },
  )
  assert.ok(hello.every((e) => e.did === net.accounts.list[3].did))
  await assert.rejects(
    collect(sub('?wantedCollections=nope'), () => true),
    { status: 400 },
  )
  await assert.rejects(
    collect(sub('?cursor=abc'), () => true),
    { status: 400 },
  )
  await assert.rejects(
    collect(
      sub('?' + Array.from({ length: 101 }, (_, i) => `wantedCollections=a.b.c${i}`).join('&')),
      () => true,
    ),
    { status: 400 },
  )
})

test('Jetstream compression: v1 and v2 dictionaries', async () => {
  const v1 = await collect(sub('?cursor=0&compress=true'), (l) => l.length === 20, {
    decode: (d) => JSON.parse(decompress(d, DICT_V1).toString('utf8')),
  })
  assert.equal(v1[0].kind, 'identity')
  const dict = await get(`${info.relay}/xrpc/network.bsky.jetstream.getZstdDictionary`)
  assert.deepEqual(dict.body, DICT_V2)
  const url = `${info.jetstream}/xrpc/network.bsky.jetstream.subscribeEvents`
  const v2 = await collect(`${url}?cursor=0&zstdDictionary=${DICT_V2_ID}`, (l) => l.length === 20, {
    decode: (d) => JSON.parse(decompress(d, dict.body).toString('utf8')),
  })
  assert.equal(v2[0].$type, 'message')
  assert.equal(v2[0].payload.seq, 1)
  assert.match(v2[0].payload.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  const resumed = await collect(
    `${url}?cursor=10&kinds=commit&collections=com.example.*`,
    (l) => l.length === 1,
  )
  assert.ok(resumed[0].payload.seq >= 10)
  await assert.rejects(
    collect(`${url}?wantedDids=x`, () => true),
    { status: 400, body: /InvalidRequest/ },
  )
  await assert.rejects(
    collect(`${url}?zstdDictionary=7`, () => true),
    { status: 400, body: /UnknownZstdDictionary/ },
  )
})
