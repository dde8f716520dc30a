// `tail`: prints the events of a Jetstream as they come.
import { decompress, DICT_V1, DICT_V2, DICT_V2_ID } from '../zstd.mjs'
import { WebSocket } from '../websocket.mjs'
import { list } from './options.mjs'

export function tail(jetstream, opts) {
  const v2 = !!opts.v2
  const decode = (data) => (opts.compress ? decompress(data, v2 ? DICT_V2 : DICT_V1) : data).toString('utf8')
  const ws = new WebSocket(
    `${jetstream}${v2 ? '/xrpc/network.bsky.jetstream.subscribeEvents' : '/subscribe'}?${query(opts, v2)}`,
  )
  const wanted = opts.count ? Number(opts.count) : Infinity
  let printed = 0
  ws.on('message', (data) => {
    if (printed === wanted) return
    printed++
    process.stdout.write(decode(data) + '\n', () => printed === wanted && process.exit(0))
  })
  ws.on('error', (err) => {
    process.stderr.write(err.message + '\n')
    process.exit(1)
  })
  ws.on('close', (code, reason) => {
    process.stderr.write(`closed ${code} ${reason}\n`)
    process.exit(0)
  })
}

function query(opts, v2) {
  const q = new URLSearchParams()
  for (const c of list(opts.collections) ?? []) q.append(v2 ? 'collections' : 'wantedCollections', c)
  for (const d of list(opts.dids) ?? []) q.append(v2 ? 'dids' : 'wantedDids', d)
  if (opts.cursor != null) q.set('cursor', opts.cursor)
  if (opts.compress && v2) q.set('zstdDictionary', String(DICT_V2_ID))
  else if (opts.compress) q.set('compress', 'true')
  return q
}
