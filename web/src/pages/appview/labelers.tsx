import { Button, Group, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { api, client, type Schemas } from '@/api/client'
import { confirm, done, useAct } from '@/components/act'
import { Id, Status, Time, Tool } from '@/components/bits'
import { Card } from '@/components/card'
import { Page } from '@/components/page'
import { Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'

const l = t.appview.labelers

export default function Labelers() {
  const labelers = api.useQuery('get', '/admin/labelers', {}, { refetchInterval: 5_000 })
  const [did, setDid] = useState('')
  const [act, busy] = useAct()
  const subscribe = async (event: FormEvent) => {
    event.preventDefault()
    if (await act(() => done(client.POST('/admin/labelers', { body: { did: did.trim() } })), l.subscribed))
      setDid('')
  }
  const change = (did: string, status: Schemas['LabelerStatus']) =>
    act(() => done(client.PATCH('/admin/labelers/{did}', { params: { path: { did } }, body: { status } })))
  const remove = (did: string) =>
    confirm(
      t.common.confirmDelete(did),
      () =>
        act(
          () => done(client.DELETE('/admin/labelers/{did}', { params: { path: { did } } })),
          t.common.deleted,
        ),
      l.removeHelp,
      l.remove,
    )
  return (
    <Page title={t.nav.labelers} intro={l.intro}>
      <Card>
        <form onSubmit={subscribe}>
          <Group align="end">
            <TextInput
              label={l.did}
              placeholder="did:plc:…"
              value={did}
              onChange={(event) => setDid(event.currentTarget.value)}
              required
              withAsterisk={false}
              w={{ base: '100%', xs: 380 }}
            />
            <Button type="submit" loading={busy}>
              {l.subscribe}
            </Button>
          </Group>
        </form>
      </Card>
      <Card flush>
        <Resource of={labelers}>
          {(all) => (
            <Table
              label={t.nav.labelers}
              rows={all}
              id={({ did }) => did}
              empty={l.none}
              columns={[
                { title: l.did, cell: ({ did }) => <Id value={did} /> },
                { title: l.status, cell: ({ status }) => <Status value={status} /> },
                { title: l.cursor, numeric: true, cell: ({ cursor }) => cursor ?? '–' },
                { title: l.since, cell: ({ created_at }) => <Time at={created_at} /> },
                {
                  title: t.common.actions,
                  bare: true,
                  cell: ({ did, status }) => (
                    <>
                      {status === 'paused' ? (
                        <Tool icon="play" label={l.resume} onClick={() => change(did, 'active')} />
                      ) : (
                        <Tool icon="pause" label={l.pause} onClick={() => change(did, 'paused')} />
                      )}
                      <Tool icon="trash" label={l.remove} onClick={() => remove(did)} />
                    </>
                  ),
                },
              ]}
            />
          )}
        </Resource>
      </Card>
    </Page>
  )
}
