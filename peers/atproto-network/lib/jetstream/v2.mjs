// Jetstream v2: GET /xrpc/network.bsky.jetstream.subscribeEvents, server push only.
import { DICT_V2_ID } from '../zstd.mjs'
import { BadOptions, v2Options } from './options.mjs'
import { Subscriber } from './subscriber.mjs'
import { wantsZstd } from './v1.mjs'
import { reject } from '../websocket.mjs'

const LEXICON = 'network.bsky.jetstream.subscribeEvents'

export function subscribeV2(jetstream, req, url, socket, head) {
  const q = url.searchParams
  let options
  let cursor
  let compressed
  try {
    if (wantsZstd(req, q)) throw new BadOptions('compress is the /subscribe opt-in; use zstdDictionary=<id>')
    compressed = wantsDictionary(q.get('zstdDictionary'))
    options = v2Options(q)
    cursor = jetstream.log.resolveCursor(q.get('cursor'), { v2: true })
  } catch (err) {
    if (err instanceof BadOptions) return reject(socket, 400, { error: err.code, message: err.message })
    throw err
  }
  jetstream.v2Sockets.handleUpgrade(req, socket, head, (ws) => {
    ws.on('message', () => ws.close(1008, 'unexpected data message'))
    const sub = new Subscriber(jetstream, ws, { v2: true, options, compressed, index: cursor.index })
    if (cursor.clamped) sub.sendFrame(outdatedCursor(cursor.index + 1))
    sub.start()
  })
}

function wantsDictionary(raw) {
  if (!raw) return false
  const id = Number(raw)
  if (!Number.isInteger(id) || id < 1) throw new BadOptions('zstdDictionary must be a positive integer')
  if (id !== DICT_V2_ID)
    throw new BadOptions(
      `unknown zstd dictionary id ${id}; current dictionary id is ${DICT_V2_ID}`,
      'UnknownZstdDictionary',
    )
  return true
}

const frame = (payload) => Buffer.from(JSON.stringify({ $type: 'message', payload }))

const outdatedCursor = (seq) =>
  frame({
    $type: `${LEXICON}#info`,
    name: 'OutdatedCursor',
    message: `requested timestamp cursor below retention floor; starting at seq ${seq}`,
  })

/** The v2 text of an event of the log, made once. */
export function v2Frame(event) {
  if (event.v2) return event.v2
  const seconds = new Date(Math.floor(event.t / 1000)).toISOString().slice(0, 20)
  const time = `${seconds}${String(event.t % 1_000_000).padStart(6, '0')}Z`
  const payload = { $type: `${LEXICON}#${event.kind}`, seq: event.seq, did: event.did, time }
  if (event.kind === 'commit') Object.assign(payload, event.payload.commit)
  else payload[event.kind] = event.payload[event.kind]
  event.v2 = frame(payload)
  return event.v2
}
