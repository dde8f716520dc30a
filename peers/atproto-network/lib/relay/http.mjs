// The relay's plain HTTP endpoints: hosts, repositories, and the parts of Jetstream v2 beside the stream.
import { clampInt, request, sendJson, xrpcError } from '../http.mjs'
import { DICT_V2, DICT_V2_ID } from '../zstd.mjs'

const REDIRECTED = ['getRepo', 'getLatestCommit', 'getRepoStatus', 'getRecord']
const WEBSOCKETS = [
  '/subscribe',
  '/xrpc/network.bsky.jetstream.subscribeEvents',
  '/xrpc/com.atproto.sync.subscribeRepos',
]

const hostName = (upstream) => new URL(upstream.pds.url).host
const hostStatus = (upstream) => (upstream.connected ? 'active' : 'offline')

/** path -> handler({ req, q }, res) */
export function relayRoutes(relay) {
  const health = (_request, res) => sendJson(res, 200, { status: 'ok' })
  const needsUpgrade = (_request, res) => xrpcError(res, 400, 'InvalidRequest', 'websocket upgrade required')
  const toPds = (request, res) => redirectToPds(relay, request, res)
  return {
    '/': (_request, res) => res.end('loopback relay, jetstream and collection directory\n'),
    '/_health': health,
    '/xrpc/_health': health,
    ...Object.fromEntries(WEBSOCKETS.map((path) => [path, needsUpgrade])),
    ...Object.fromEntries(REDIRECTED.map((name) => [`/xrpc/com.atproto.sync.${name}`, toPds])),
    '/xrpc/com.atproto.sync.listRepos': ({ q }, res) => listRepos(relay, q, res),
    '/xrpc/com.atproto.sync.listHosts': (_request, res) => listHosts(relay, res),
    '/xrpc/com.atproto.sync.getHostStatus': ({ q }, res) => getHostStatus(relay, q, res),
    '/xrpc/com.atproto.sync.requestCrawl': (_request, res) => res.end(),
    '/xrpc/network.bsky.jetstream.getZstdDictionary': ({ q }, res) => getZstdDictionary(q, res),
    '/xrpc/network.bsky.jetstream.planSnapshot': (_request, res) => planSnapshot(res),
    '/xrpc/network.bsky.jetstream.listSegments': (_request, res) => sendJson(res, 200, { segments: [] }),
  }
}

function redirectToPds(relay, { req, q }, res) {
  const pds = relay.hostOf.get(q.get('did'))
  if (!pds) return xrpcError(res, 404, 'RepoNotFound', 'account not found')
  res.writeHead(302, { location: pds.url + req.url })
  res.end()
}

/** Pages through the PDSes one after the other; the cursor is `<PDS number>|<that PDS's cursor>`. */
async function listRepos(relay, q, res) {
  const limit = clampInt(q.get('limit'), { min: 1, max: 1000, fallback: 500 })
  const [first, rest] = (q.get('cursor') ?? '0|').split('|')
  let host = Number(first) || 0
  let cursor = rest
  const repos = []
  while (host < relay.upstreams.length && repos.length < limit) {
    const query = new URLSearchParams({ limit: limit - repos.length, ...(cursor ? { cursor } : {}) })
    const answer = await request(
      'GET',
      `${relay.upstreams[host].pds.url}/xrpc/com.atproto.sync.listRepos?${query}`,
    )
    const page = answer.json()
    repos.push(...page.repos)
    cursor = page.repos.length ? (page.cursor ?? '') : ''
    if (!cursor) host++
  }
  sendJson(res, 200, { repos, ...(host < relay.upstreams.length ? { cursor: `${host}|${cursor}` } : {}) })
}

function listHosts(relay, res) {
  const accounts = [...relay.hostOf.values()]
  sendJson(res, 200, {
    hosts: relay.upstreams.map((u) => ({
      hostname: hostName(u),
      seq: u.cursor,
      accountCount: accounts.filter((pds) => pds === u.pds).length,
      status: hostStatus(u),
    })),
  })
}

function getHostStatus(relay, q, res) {
  const u = relay.upstreams.find((x) => hostName(x) === q.get('hostname'))
  if (!u) return xrpcError(res, 400, 'HostNotFound', 'unknown host')
  sendJson(res, 200, { hostname: hostName(u), seq: u.cursor, status: hostStatus(u) })
}

function getZstdDictionary(q, res) {
  if (q.has('id') && Number(q.get('id')) !== DICT_V2_ID)
    return xrpcError(
      res,
      404,
      'DictionaryNotFound',
      `no dictionary with id ${q.get('id')}; current dictionary id is ${DICT_V2_ID}`,
    )
  res.writeHead(200, {
    'content-type': 'application/octet-stream',
    etag: `"zstd-dict-${DICT_V2_ID}"`,
    'cache-control': 'public, max-age=31536000, immutable',
    'x-zstd-dictionary-id': String(DICT_V2_ID),
  })
  res.end(DICT_V2)
}

/** The archive is always empty: everything is in the replay window. */
function planSnapshot(res) {
  const stats = { segmentsExamined: 0, segmentsMatched: 0, blocksMatched: 0, entries: 0 }
  sendJson(res, 200, { plannedThroughSeq: 0, sealedTipSeq: 0, segments: [], stats })
}
