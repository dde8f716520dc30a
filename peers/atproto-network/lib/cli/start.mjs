// `start`: runs a network until it is told to stop.
import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Network } from '../network.mjs'
import { list, num, readLexicons } from './options.mjs'

const OWN_LEXICONS = fileURLToPath(new URL('../../lexicons', import.meta.url))
const LEXICON_ACCOUNT = 'lexicons.test'
const PARENT_CHECK_MS = 500

export async function start(opts) {
  const parent = process.ppid
  const starting = Network.start({
    basePort: num(opts.basePort),
    pds: num(opts.pds),
    seed: opts.seed,
    dataDir: opts.dataDir,
    rateLimits: !!opts.rateLimits,
    retain: num(opts.retain),
    lookbackHours: num(opts.lookbackHours),
    domains: list(opts.domains),
    maps: opts.map,
    labeler: !opts.noLabeler,
    dns: !opts.noDns,
  })
  stopOnSignal(starting)
  if (opts.exitWithParent) stopWithParent(parent)
  const network = await starting
  const seeded = await seed(network, opts)
  if (opts.lexicons) await publish(network, opts.lexicons === true ? OWN_LEXICONS : opts.lexicons)
  await network.relay.settle()
  const ready = JSON.stringify({ event: 'ready', ...network.info(), seeded })
  process.stdout.write(ready + '\n')
  if (opts.readyFile) fs.writeFileSync(opts.readyFile, ready)
}

/** A network that is still starting is finished first, so that nothing of it stays behind. */
function stopOnSignal(starting) {
  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    await (await starting).close()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
}

/** A parent that was killed cannot send a signal; its child is then adopted by another process. */
function stopWithParent(parent) {
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM')
  }, PARENT_CHECK_MS).unref()
}

/** Only what is missing: a network with a data directory may have its accounts already. */
async function seed(network, opts) {
  const wanted = num(opts.accounts) ?? 0
  const present = network.accounts.list.filter((a) => /^user\d+\./.test(a.handle)).length
  if (wanted <= present) return undefined
  return network.repos.seedContent({
    accounts: wanted - present,
    records: num(opts.records) ?? 0,
    collections: list(opts.collection),
  })
}

async function publish(network, dir) {
  if (!network.accounts.has(LEXICON_ACCOUNT)) await network.accounts.add(1, { handle: LEXICON_ACCOUNT })
  await network.repos.publishLexicons({ account: LEXICON_ACCOUNT, lexicons: readLexicons(dir) })
}
