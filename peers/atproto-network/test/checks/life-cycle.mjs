// What happens to an account arrives as account and identity events.
import test from 'node:test'
import assert from 'node:assert/strict'
import { net, collect, get, subscribeUrl as sub, xrpc, NOTE } from '../support.mjs'

test('account life cycle reaches Jetstream', async () => {
  const [a] = await net.accounts.add(1, { handle: 'lifecycle.test', pds: 0 })
  const got = collect(
    sub(`?wantedDids=${a.did}`),
    (l) =>
      l.filter((e) => e.kind === 'account').length === 5 &&
      l.some((e) => e.kind === 'identity' && e.identity.handle === 'renamed.test'),
    {
      onOpen: async () => {
        await net.accounts.setStatus(a, 'deactivate')
        const r = await get(
          xrpc(a.pds.url, 'com.atproto.repo.listRecords', { repo: a.did, collection: NOTE }),
        )
        assert.equal(r.status, 400)
        await net.accounts.setStatus(a, 'activate')
        await net.accounts.setHandle(a, 'renamed.test')
        await net.accounts.setStatus(a, 'takedown')
        await net.accounts.setStatus(a, 'untakedown')
        await net.accounts.setStatus(a, 'delete')
      },
    },
  )
  const statuses = (await got)
    .filter((e) => e.kind === 'account')
    .map((e) => e.account.status ?? (e.account.active ? 'active' : 'inactive'))
  assert.deepEqual(statuses, ['deactivated', 'active', 'takendown', 'active', 'deleted'])
})
