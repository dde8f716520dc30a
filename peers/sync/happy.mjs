// The real Happy command line against the relay, with a phone made of Socket.IO's client: node happy.mjs URL
// It asks for the server to be killed and started again after so many seconds with the line `restart SECONDS`, and goes on
// when it reads a line.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import assert from 'node:assert/strict'
import { io } from 'socket.io-client'
import nacl from 'tweetnacl'
import { Cli, here } from './cli.mjs'
import { admission, b64, credentials, open, seal, unwrap } from './crypto.mjs'

const url = process.argv[2]
const cli = new Cli(url)
const until = (...args) => cli.until(...args)
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

async function call(method, path, token, body) {
  const headers = {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(body && { 'content-type': 'application/json' }),
  }
  const response = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) })
  const text = await response.text()
  assert.equal(response.status, 200, `${method} ${path}: ${response.status} ${text}`)
  return JSON.parse(text)
}

// The account on a phone, which hears everything.
class Phone {
  content = nacl.box.keyPair()
  updates = []
  ephemerals = []

  async connect() {
    this.token = (await call('POST', '/v1/auth', null, credentials())).token
    // Whenever it comes back it is told what it missed (docs/sync.md).
    const auth = (tell) =>
      tell({ token: this.token, clientType: 'user-scoped', since: this.updates.at(-1)?.seq })
    this.socket = io(url, { path: '/v1/updates', auth, transports: ['websocket'] })
    this.socket.on('update', (update) => this.updates.push(update))
    this.socket.on('ephemeral', (body) => this.ephemerals.push(body))
    await until('the phone', () => this.socket.connected)
  }

  call(method, path, body) {
    return call(method, path, this.token, body)
  }

  about(t, field, id) {
    return this.updates.filter(({ body }) => body.t === t && body[field] === id)
  }

  saw(type, id, active) {
    return this.ephemerals.some((body) => body.type === type && body.id === id && body.active === active)
  }

  rpc(method, params) {
    return this.socket.emitWithAck('rpc-call', { method, params })
  }
}

async function pair(phone) {
  const login = cli.runInTerminal('auth', 'login')
  await until('the question', () => /1/.test(login.text) && /mobile/i.test(login.text))
  login.stdin.write('1')
  const link = await until('the link', () => /happy:\/\/terminal\?([\w-]{43})/.exec(login.text)?.[1])
  const key = new Uint8Array(Buffer.from(link, 'base64url'))
  const asked = `/v1/auth/request/status?publicKey=${encodeURIComponent(b64(key))}`
  await until('the request', async () => (await call('GET', asked)).status === 'pending')
  assert.equal((await call('GET', asked)).supportsV2, true)
  const response = admission(key, phone.content.publicKey)
  await phone.call('POST', '/v1/auth/response', { publicKey: b64(key), response })
  await until('its word', () => /Authentication successful/.test(login.text))
  await login.ended
}

async function startDaemon(phone) {
  const before = phone.updates.length
  cli.run('daemon', 'start-sync')
  const made = await until('the machine', () =>
    phone.updates.slice(before).find(({ body }) => body.t === 'new-machine'),
  )
  const id = made.body.machineId
  await until('its state', () => phone.about('update-machine', 'machineId', id).length >= 3)
  await until('its life', () => phone.saw('machine-activity', id, true))
  const [machine] = await phone.call('GET', '/v1/machines')
  const key = unwrap(phone.content.secretKey, machine.dataEncryptionKey)
  assert.ok(open(key, machine.metadata).host)
  assert.equal(machine.daemonStateVersion, 2)
  return { id, key }
}

async function startSession(phone) {
  const agent = cli.run('acp', '--', 'node', join(here, 'fake-acp.mjs'))
  const id = await until('the session', () => /Happy Session ID: (\S+)/.exec(agent.text)?.[1])
  const { sessions } = await phone.call('GET', '/v1/sessions')
  const session = sessions.find((session) => session.id === id)
  const key = unwrap(phone.content.secretKey, session.dataEncryptionKey)
  assert.ok(open(key, session.metadata).path)
  assert.equal(phone.about('new-session', 'id', id).length, 1)
  await until('its state', () => phone.about('update-session', 'id', id).length >= 1)
  await until('its life', () => phone.saw('activity', id, true))
  return { id, key }
}

// Says something and waits until the agent has repeated it and its turn has ended.
async function talk(phone, session, text) {
  const said = () => phone.about('new-message', 'sid', session.id).map(({ body }) => body.message)
  const before = said().length
  const message = {
    role: 'user',
    content: { type: 'text', text },
    meta: { sentFrom: 'ios', permissionMode: 'default' },
  }
  const messages = [{ localId: randomUUID(), content: seal(session.key, message) }]
  await phone.call('POST', `/v3/sessions/${session.id}/messages`, { messages })
  await until('the whole turn', () => said().length >= before + 5)
  const contents = said()
    .slice(before)
    .map(({ content }) => open(session.key, content.c))
  assert.ok(JSON.stringify(contents[2]).includes(`echo ${text}`), JSON.stringify(contents))
  assert.deepEqual(
    said().map(({ seq }) => seq),
    said().map((_, index) => index + 1),
    'without gaps, in order',
  )
  assert.equal(new Set(said().map(({ localId }) => localId)).size, said().length)
  return contents.slice(1).map((content) => content.content?.ev?.t ?? content.content?.data?.type)
}

async function bash(phone, scope) {
  const answer = await phone.rpc(`${scope.id}:bash`, seal(scope.key, { command: 'echo hi', cwd: here }))
  assert.equal(answer.ok, true, JSON.stringify(answer))
  const { success, stdout, exitCode } = open(scope.key, answer.result)
  assert.deepEqual([success, stdout, exitCode], [true, 'hi\n', 0])
}

try {
  const phone = new Phone()
  await phone.connect()
  await pair(phone)
  const status = cli.run('auth', 'status')
  await status.ended
  assert.match(status.text, /Authenticated/)
  console.log('1 paired in a terminal, auth status')

  const machine = await startDaemon(phone)
  console.log('2 daemon')
  const session = await startSession(phone)
  console.log('3 session')
  const turn = await talk(phone, session, 'hello')
  assert.deepEqual(turn, ['turn-start', 'text', 'turn-end', 'ready'])
  console.log(`4 messages: ${turn.join(' ')}`)

  await bash(phone, session)
  await bash(phone, machine)
  const outside = await phone.rpc(`${session.id}:readFile`, seal(session.key, { path: '/etc/hostname' }))
  assert.deepEqual(
    [outside.ok, open(session.key, outside.result).success],
    [true, false],
    'outside of its folder',
  )
  console.log('5 rpc')
  const missing = await phone.rpc(`${session.id}:nope`, seal(session.key, {}))
  assert.deepEqual(missing, { ok: false, error: 'RPC method not available' })
  console.log('6 no such method')

  const list = cli.run('daemon', 'list')
  await list.ended
  assert.ok(list.text.includes(session.id), list.text)
  console.log('7 daemon list')

  console.log('restart 30')
  await lines.next()
  // Said at once, before any socket is back: the command line reads it when it is.
  assert.deepEqual(await talk(phone, session, 'while you were away'), turn)
  await until('the phone again', () => phone.socket.connected)
  // A call waits a while for whoever is coming back.
  for (const scope of [session, machine]) {
    await until(
      'its return',
      async () => (await phone.rpc(`${scope.id}:bash`, seal(scope.key, { command: 'true', cwd: here }))).ok,
    )
    await bash(phone, scope)
  }
  assert.deepEqual(await talk(phone, session, 'again'), turn)
  console.log('10 the same after half a minute without a server')

  const killed = await phone.rpc(`${session.id}:killSession`, seal(session.key, {}))
  assert.equal(killed.ok, true, JSON.stringify(killed))
  await until('the end of the session', () => phone.saw('activity', session.id, false))
  await until('its last words', async () => {
    const { sessions } = await phone.call('GET', '/v1/sessions')
    return (
      open(session.key, sessions.find(({ id }) => id === session.id).metadata).lifecycleState === 'archived'
    )
  })
  console.log('8 session killed')

  const stopped = await phone.rpc(`${machine.id}:stop-daemon`, seal(machine.key, {}))
  assert.equal(stopped.ok, true, JSON.stringify(stopped))
  await until("the machine's end", () => phone.saw('machine-activity', machine.id, false))
  const left = await phone.call('GET', `/v1/machines/${machine.id}`)
  assert.equal(open(machine.key, left.machine.daemonState).status, 'shutting-down')
  console.log('9 daemon stopped')
  console.log('ok')
} finally {
  cli.close()
}
process.exit(0)
