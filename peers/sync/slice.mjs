// A walk through the relay with the real Socket.IO client: node slice.mjs URL
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import assert from 'node:assert/strict'
import { io } from 'socket.io-client'

const url = process.argv[2]

async function call(method, path, token, body) {
  const headers = {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(body && { 'content-type': 'application/json' }),
  }
  const response = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) })
  const text = await response.text()
  return { status: response.status, body: text && JSON.parse(text) }
}

async function login() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
  const challenge = randomBytes(32)
  const answer = await call('POST', '/v1/auth', null, {
    publicKey: raw.toString('base64'),
    challenge: challenge.toString('base64'),
    signature: sign(null, challenge, privateKey).toString('base64'),
  })
  assert.equal(answer.status, 200, JSON.stringify(answer))
  return answer.body.token
}

function connect(token, auth, transports = ['websocket']) {
  const socket = io(url, {
    path: '/v1/updates',
    auth: { token, ...auth },
    transports,
    forceNew: true,
    reconnection: false,
  })
  socket.updates = []
  socket.on('update', (update) => socket.updates.push(update))
  socket.ephemerals = []
  socket.on('ephemeral', (body) => socket.ephemerals.push(body))
  return new Promise((resolve, reject) => {
    socket.on('connect', () => resolve(socket))
    socket.on('connect_error', reject)
  })
}

async function until(what, condition) {
  const end = Date.now() + 20000
  while (!condition()) {
    assert.ok(Date.now() < end, `waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const token = await login()
const stranger = await login()
const user = await connect(token, { clientType: 'user-scoped' })
const poller = await connect(token, {}, ['polling'])
const created = await call('POST', '/v1/sessions', token, {
  tag: 'one',
  metadata: 'opaque',
  agentState: 'ignored',
})
assert.equal(created.status, 200, JSON.stringify(created))
const sid = created.body.session.id
const session = await connect(token, { clientType: 'session-scoped', sessionId: sid })
const foreign = await connect(stranger, { clientType: 'session-scoped', sessionId: sid })
const posted = await call('POST', `/v3/sessions/${sid}/messages`, token, {
  messages: [
    { localId: 'a', content: 'first' },
    { localId: 'b', content: 'second' },
    { localId: 'a', content: 'again' },
  ],
})
assert.equal(posted.status, 200, JSON.stringify(posted))
assert.deepEqual(
  posted.body.messages.map((message) => message.seq),
  [1, 2],
)
session.emit('message', { sid, message: 'third', localId: 'c' })
await until('three messages', () => user.updates.length >= 4 && poller.updates.length >= 4)
for (const socket of [user, poller]) {
  assert.deepEqual(
    socket.updates.map((update) => update.body.t),
    ['new-session', 'new-message', 'new-message', 'new-message'],
  )
  assert.deepEqual(
    socket.updates.map((update) => update.seq),
    [1, 2, 3, 4],
  )
}
assert.equal(user.updates[3].body.message.content.c, 'third')
assert.deepEqual(
  session.updates.map((update) => update.body.message.seq),
  [1, 2],
  'not what it sent itself',
)
assert.equal(foreign.updates.length, 0)
const won = await session.emitWithAck('update-metadata', { sid, metadata: 'new', expectedVersion: 0 })
assert.deepEqual(won, { result: 'success', version: 1, metadata: 'new' })
const lost = await user.emitWithAck('update-metadata', { sid, metadata: 'newer', expectedVersion: 0 })
assert.deepEqual(lost, { result: 'version-mismatch', version: 1, metadata: 'new' })
assert.deepEqual(
  await user.emitWithAck('update-metadata', { sid: 'nope', metadata: '', expectedVersion: 0 }),
  { result: 'error' },
)
session.on('rpc-request', (request, reply) => reply(`${request.method} ${request.params}`))
session.emit('rpc-register', { method: `${sid}:echo` })
assert.deepEqual(await user.emitWithAck('rpc-call', { method: `${sid}:echo`, params: 'hi' }), {
  ok: true,
  result: `${sid}:echo hi`,
})
session.emit('session-alive', { sid, time: Date.now(), thinking: true })
await until('activity', () => user.ephemerals.some((body) => body.type === 'activity' && body.thinking))
session.emit('session-end', { sid, time: Date.now() })
session.disconnect()
await until('the end', () => user.ephemerals.some((body) => body.type === 'activity' && !body.active))
await assert.rejects(connect('nonsense', {}), { message: 'Invalid authentication token' })
await assert.rejects(connect('', {}), { message: 'Missing authentication token' })
assert.deepEqual(await call('GET', '/v1/sessions'), {
  status: 401,
  body: { error: 'Missing authorization header' },
})
assert.equal((await call('GET', `/v3/sessions/${sid}/messages`, stranger)).status, 404)
const missed = await call('GET', '/v1/updates/since/1', token)
assert.deepEqual(
  missed.body.updates.map((update) => update.body.t),
  ['new-message', 'new-message', 'new-message', 'update-session'],
)
console.log('ok')
process.exit(0)
