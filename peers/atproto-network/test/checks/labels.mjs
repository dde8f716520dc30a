// The labeler signs and serves labels.
import test from 'node:test'
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { decodeFrame, dagCbor, fromJson } from '../../lib/car.mjs'
import { net, info, collect, get, xrpc, NOTE } from '../support.mjs'

const crypto = createRequire(import.meta.url)('@atproto/crypto')

test('labels', async () => {
  const a = net.accounts.list[0]
  const uri = `at://${a.did}/${NOTE}/x`
  await net.labeler.apply([
    { uri, val: 'spam' },
    { uri: a.did, val: 'bot' },
  ])
  await net.labeler.apply([{ uri, val: 'spam', neg: true }])
  const ws = info.labeler.url.replace('http', 'ws')
  const frames = await collect(
    `${ws}/xrpc/com.atproto.label.subscribeLabels?cursor=0`,
    (l) => l.length === 2,
    { decode: decodeFrame },
  )
  const [h, b] = frames[0]
  assert.deepEqual(h, { op: 1, t: '#labels' })
  assert.equal(b.labels.length, 2)
  const { sig, ...unsigned } = b.labels[0]
  const doc = (await get(`${info.plc}/${info.labeler.did}`)).json()
  const key = doc.verificationMethod.find((v) => v.id.endsWith('#atproto_label'))
  assert.ok(await crypto.verifySignature('did:key:' + key.publicKeyMultibase, dagCbor.encode(unsigned), sig))
  const q = (
    await get(xrpc(info.labeler.url, 'com.atproto.label.queryLabels', { uriPatterns: `at://${a.did}/*` }))
  ).json()
  assert.equal(q.labels.length, 2)
  assert.ok(fromJson(q.labels[0].sig) instanceof Uint8Array)
})
