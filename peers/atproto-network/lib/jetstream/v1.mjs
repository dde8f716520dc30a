// Jetstream v1: GET /subscribe, filters in the query string and in options_update messages.
import { BadOptions, v1Options } from './options.mjs'
import { Subscriber } from './subscriber.mjs'
import { reject } from '../websocket.mjs'

export const wantsZstd = (req, q) =>
  q.get('compress') === 'true' || String(req.headers['socket-encoding'] ?? '').includes('zstd')

export function subscribeV1(jetstream, req, url, socket, head) {
  const q = url.searchParams
  let options
  let cursor
  try {
    cursor = jetstream.log.resolveCursor(q.get('cursor'), { v2: false })
    options = v1Options({
      collections: q.getAll('wantedCollections'),
      dids: q.getAll('wantedDids'),
      maxSize: q.get('maxMessageSizeBytes'),
    })
  } catch (err) {
    if (err instanceof BadOptions) return reject(socket, 400, err.message)
    throw err
  }
  jetstream.v1Sockets.handleUpgrade(req, socket, head, (ws) => {
    const sub = new Subscriber(jetstream, ws, {
      v2: false,
      options,
      compressed: wantsZstd(req, q),
      index: cursor.index,
    })
    ws.on('message', (data, binary) => !binary && optionsUpdate(sub, data))
    if (q.get('requireHello') !== 'true') sub.start()
  })
}

/** Replaces all filters of the subscriber; the first one also starts a subscriber that said requireHello. */
function optionsUpdate(sub, data) {
  try {
    const message = JSON.parse(data.toString('utf8'))
    if (message === null || typeof message !== 'object') throw new Error('not an object')
    if (message.type !== 'options_update') return
    const { wantedCollections, wantedDids, maxMessageSizeBytes } = message.payload ?? {}
    sub.options = v1Options({
      collections: wantedCollections,
      dids: wantedDids,
      maxSize: maxMessageSizeBytes,
    })
  } catch (err) {
    const what =
      err instanceof BadOptions ? 'parse subscriber options' : 'unmarshal subscriber sourced message'
    return sub.ws.close(1000, `failed to ${what}: ${err.message}`.slice(0, 120))
  }
  if (!sub.started) sub.start()
}
