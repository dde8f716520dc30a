// DIDs and handles resolve by every way the protocol knows.
import test from 'node:test'
import assert from 'node:assert/strict'
import dgram from 'node:dgram'
import { net, info, get, xrpc } from '../support.mjs'

test('PLC directory', async () => {
  const a = net.accounts.list[0]
  const r = await get(`${info.plc}/${a.did}`)
  assert.equal(r.status, 200)
  const doc = r.json()
  assert.equal(doc.id, a.did)
  assert.equal(doc.alsoKnownAs[0], `at://${a.handle}`)
  assert.equal(doc.verificationMethod[0].type, 'Multikey')
  assert.equal(doc.service[0].serviceEndpoint, a.pds.url)
  assert.equal((await get(`${info.plc}/did:plc:aaaaaaaaaaaaaaaaaaaaaaaa`)).status, 404)
  assert.equal((await get(`${info.plc}/${a.did}/log/audit`)).json().length, 1)
  assert.ok((await get(`${info.plc}/export`)).text().split('\n').length >= 5)
})

test('handles: PDS, DNS over UDP, DNS over HTTPS, well-known', async () => {
  const a = net.accounts.list[1]
  assert.equal(
    (await get(xrpc(a.pds.url, 'com.atproto.identity.resolveHandle', { handle: a.handle }))).json().did,
    a.did,
  )
  assert.equal((await get(`${a.pds.url}/.well-known/atproto-did`, { host: a.handle })).text(), a.did)
  const doh = (await get(`${info.doh}?name=_atproto.${a.handle}&type=TXT`)).json()
  assert.equal(doh.Answer[0].data, `"did=${a.did}"`)
  const q = Buffer.concat([
    Buffer.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
    ...`_atproto.${a.handle}`.split('.').map((l) => Buffer.concat([Buffer.from([l.length]), Buffer.from(l)])),
    Buffer.from([0, 0, 16, 0, 1]),
  ])
  const socket = dgram.createSocket('udp4')
  const answer = await new Promise((resolve) => {
    socket.on('message', resolve)
    socket.send(q, net.dnsServer.port, '127.0.0.1')
  })
  socket.close()
  assert.ok(answer.includes(`did=${a.did}`))
  assert.equal(answer[3] & 15, 0)
})
