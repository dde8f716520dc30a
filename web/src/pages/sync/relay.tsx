import { api, client, type Schemas } from '@/api/client'
import { statusOf } from '@/api/problem'
import { confirm, done, tell, useAct } from '@/components/act'
import { Id, Tag, Time, Tool } from '@/components/bits'
import { Card } from '@/components/card'
import { bytes, number } from '@/components/format'
import { Page } from '@/components/page'
import { Empty, Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'

const s = t.sync

type Account = Schemas['RelayAccount']

const iso = (micros: number | null | undefined) =>
  micros == null ? null : new Date(micros / 1000).toISOString()

const sum = (accounts: Account[], value: (account: Account) => number) =>
  accounts.reduce((all, account) => all + value(account), 0)

/** What a blind relay can know: who is there, and how much they have. */
export default function Relay() {
  const accounts = api.useQuery('get', '/admin/relay/accounts', {}, { refetchInterval: 10_000, retry: false })
  const [act] = useAct()
  const revoke = ({ id, username }: Account) =>
    confirm(
      s.revokeOf(username ?? id),
      () =>
        act(async () => {
          const path = { params: { path: { id } } }
          const { revoked } = await done(client.POST('/admin/relay/accounts/{id}/revoke-tokens', path))
          tell(s.revoked(revoked))
        }),
      s.revokeHelp,
      s.revoke,
    )
  if (statusOf(accounts.error) === 404)
    return (
      <Page title={t.nav.relay} intro={s.intro}>
        <Card>
          <Empty>{s.off}</Empty>
        </Card>
      </Page>
    )
  return (
    <Page title={t.nav.relay} intro={s.intro}>
      <Resource of={accounts}>
        {({ accounts: all }) => (
          <>
            <div className="tiles">
              {[
                [s.accounts, number(all.length)],
                [s.machines, number(sum(all, ({ machines }) => machines))],
                [s.sessions, number(sum(all, ({ sessions }) => sessions))],
                [s.messages, number(sum(all, ({ messages }) => messages))],
                [s.room, bytes(sum(all, ({ bytes }) => bytes))],
              ].map(([name, value]) => (
                <div key={name} className="tile">
                  <div className="name">{name}</div>
                  <div className="value">{value}</div>
                </div>
              ))}
            </div>
            <Card flush title={s.newest}>
              <Table
                label={s.newest}
                rows={all}
                id={({ id }) => id}
                empty={s.none}
                columns={[
                  { title: s.account, cell: ({ id, username }) => username ?? <Id value={id} /> },
                  {
                    title: s.state,
                    cell: ({ imported, deleted }) =>
                      deleted ? <Tag color="red">{s.deleted}</Tag> : imported ? <Tag>{s.imported}</Tag> : '–',
                  },
                  { title: s.machines, numeric: true, cell: ({ machines }) => number(machines) },
                  { title: s.sessions, numeric: true, cell: ({ sessions }) => number(sessions) },
                  { title: s.messages, numeric: true, cell: ({ messages }) => number(messages) },
                  { title: s.room, numeric: true, cell: ({ bytes: size }) => bytes(size) },
                  { title: s.tokens, numeric: true, cell: ({ tokens }) => number(tokens) },
                  { title: s.used, cell: ({ last_used_at }) => <Time at={iso(last_used_at)} /> },
                  {
                    title: t.common.actions,
                    bare: true,
                    cell: (account) => (
                      <Tool
                        icon="key"
                        label={s.revoke}
                        disabled={!account.tokens}
                        onClick={() => revoke(account)}
                      />
                    ),
                  },
                ]}
              />
            </Card>
          </>
        )}
      </Resource>
    </Page>
  )
}
