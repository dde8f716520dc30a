// Replays the recorded steps of the reference server; fails if an answer or an event differs from it and docs/sync.md does
// not say why: node replay.mjs URL
import { request } from 'node:http'
import { io } from 'socket.io-client'
import { frames } from './frames.mjs'
import { compare, conclude, shape } from './compare.mjs'
import { body, learn, steps, translate } from './recording.mjs'

const url = process.argv[2]
const HEARD = ['update', 'ephemeral', 'rpc-request', 'rpc-registered', 'rpc-unregistered', 'rpc-error']
// How long what was heard in the recording may take to come.
const PATIENCE = 3000
// Longer than a call that nobody answers.
const ANSWER = 40_000

const sockets = new Map()
let heard = []
setTimeout(() => {
  console.log('took too long')
  process.exit(1)
}, 300_000).unref()
// What the socket that is called does.
let callee = 'answers'

function connect({ socket: name, auth }) {
  const socket = io(url, {
    path: '/v1/updates',
    auth: translate(auth),
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  })
  for (const event of HEARD) socket.on(event, (data) => heard.push({ socket: name, event, args: [data] }))
  socket.on('rpc-request', ({ method, params }, answer) => {
    if (callee === 'unregisters') socket.emit('rpc-unregister', { method })
    else if (!method.endsWith(':slow')) answer(`cmVzdWx0OiA=${params}`)
  })
  sockets.set(name, socket)
  return new Promise((resolve) => {
    socket.on('connect', () => resolve({ result: 'connect' }))
    socket.on('connect_error', ({ message }) => resolve({ result: 'connect_error', error: { message } }))
  })
}

// When it is over, everything that was said before has been done, and everybody has heard of it.
async function settled() {
  const connected = [...sockets.values()].filter((socket) => socket.connected)
  const nothing = { sid: 'nope', metadata: '', expectedVersion: 0 }
  for (const socket of connected) await socket.timeout(ANSWER).emitWithAck('update-metadata', nothing)
  for (const socket of connected) await socket.timeout(ANSWER).emitWithAck('ping')
}

// A body that is announced and never sent.
function announce(method, path, headers, length) {
  return new Promise((resolve, reject) => {
    const asked = request(url + path, { method, headers: { ...headers, 'content-length': length } })
    asked.on('error', reject)
    asked.on('response', async (response) => {
      let text = ''
      for await (const chunk of response) text += chunk
      asked.destroy()
      resolve({ status: response.statusCode, text: async () => text })
    })
    asked.flushHeaders()
  })
}

async function http(step) {
  const { method, path, headers } = translate(step.request)
  const [, announced] = /^<(\d{9,}) bytes>$/.exec(step.request.rawBody ?? '') ?? []
  const sent = announced || method === 'GET' ? undefined : body(step.request)
  const type =
    sent && step.request.body && !headers?.['content-type'] ? { 'content-type': 'application/json' } : {}
  const response = announced
    ? await announce(method, path, headers, announced)
    : await fetch(url + path, { method, headers: { ...type, ...headers }, body: sent, redirect: 'manual' })
  const text = await response.text()
  let answer = text
  try {
    answer = JSON.parse(text)
  } catch {
    // A text, then.
  }
  learn(step.response.body, answer)
  compare(step, [step.response.status, shape(step.response.body)], [response.status, shape(answer)])
}

async function emit(step) {
  const socket = sockets.get(step.socket)
  const args = translate(step.args ?? [])
  if (step.ack === undefined) {
    socket.emit(step.event, ...args)
    await settled()
    return
  }
  callee = step.callee ?? 'answers'
  const ack = await socket
    .timeout(ANSWER)
    .emitWithAck(step.event, ...args)
    .catch(() => '<no ack>')
  learn(step.ack, ack)
  compare(step, shape(step.ack), shape(ack))
}

// Of events of one kind for one socket the order counts, otherwise it does not.
function events(list) {
  const name = ({ socket, event, args: [data] }) => `${socket} ${event} ${data?.body?.t ?? data?.type ?? ''}`
  const sorted = list.map((event, at) => ({ at, name: name(event), data: shape(event.args) }))
  sorted.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : one.at - other.at))
  return sorted.map(({ name, data }) => [name, data])
}

async function received(step) {
  const until = Date.now() + PATIENCE
  await settled()
  while (heard.length < step.events.length && Date.now() < until) await settled()
  const mine = events(heard)
  heard = []
  if (!step.forget) compare(step, events(step.events), mine)
}

for (const step of steps) {
  for (const name of step.first?.disconnect ?? []) sockets.get(name).disconnect()
  if (step.kind === 'http') await http(step)
  else if (step.kind === 'emit') await emit(step)
  else if (step.kind === 'received') await received(step)
  else if (step.kind === 'frames') compare(step, ...(await frames(url, step.frames.map(translate))))
  else if (step.kind === 'note') {
    const big = sockets.get('big')
    const gone = new Promise((resolve) => big.on('disconnect', resolve))
    big.emit('message', { sid: 'nope', message: 'x'.repeat(1_100_000) })
    compare(step, step.disconnect, await gone)
  } else {
    const { result, error } = await connect(step)
    compare(step, [step.result, step.error?.message], [result, error?.message])
    if (step.leaves) sockets.get(step.socket).disconnect()
  }
  if (step.forget) heard = []
}
process.exit(conclude(steps.length) ? 0 : 1)
