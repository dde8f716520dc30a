import { Button, Group, Modal, Select, Stack, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, client, type Schemas } from '@/api/client'
import { done, useAct } from '@/components/act'
import { Status, Time } from '@/components/bits'
import { Card } from '@/components/card'
import { number } from '@/components/format'
import { Page } from '@/components/page'
import { Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'
import { Missing } from './missing'

const b = t.appview.backfills

/** What a job is about, in words. */
export const about = ({ collections, did }: Schemas['Backfill']) =>
  [collections.length ? collections.join(', ') : b.everything, did].filter(Boolean).join(' · ')

export default function Backfills() {
  const jobs = api.useQuery('get', '/admin/backfill/status', {}, { refetchInterval: 2_000 })
  const [opened, { open, close }] = useDisclosure(false)
  const [act] = useAct()
  const forget = () => act(() => done(client.DELETE('/admin/backfill/details')), b.forgotten)
  return (
    <Page title={t.nav.backfills} intro={b.intro} actions={<Button onClick={open}>{b.start}</Button>}>
      <Card flush>
        <Resource of={jobs}>
          {(all) => (
            <Table
              label={t.nav.backfills}
              rows={all}
              id={({ id }) => id}
              empty={b.none}
              columns={[
                {
                  title: b.what,
                  cell: (job) => (
                    <Link to="/backfills/$id" params={{ id: job.id }} className="break">
                      {about(job)}
                    </Link>
                  ),
                },
                { title: b.status, cell: ({ status }) => <Status value={status} /> },
                { title: b.stage, cell: ({ stage }) => stage },
                {
                  title: b.repos,
                  numeric: true,
                  cell: ({ processed_repos, total_repos }) =>
                    `${number(processed_repos)} / ${number(total_repos)}`,
                },
                { title: b.records, numeric: true, cell: ({ total_records }) => number(total_records) },
                { title: b.failed, numeric: true, cell: ({ failed_repos }) => number(failed_repos) },
                { title: b.begun, cell: ({ created_at }) => <Time at={created_at} /> },
              ]}
            />
          )}
        </Resource>
      </Card>
      <Missing />
      <Group>
        <Button variant="default" size="xs" onClick={forget}>
          {b.forget}
        </Button>
      </Group>
      <Modal opened={opened} onClose={close} title={b.start}>
        <Start close={close} />
      </Modal>
    </Page>
  )
}

function Start({ close }: { close: () => void }) {
  const collections = api.useQuery('get', '/admin/records/collections')
  const [collection, setCollection] = useState<string | null>(null)
  const [accounts, setAccounts] = useState('')
  const [act, busy] = useAct()
  const navigate = useNavigate()
  const start = async (event: FormEvent) => {
    event.preventDefault()
    const dids = accounts.split(/\s+/).filter(Boolean)
    const body: Schemas['NewBackfill'] = {
      ...(collection ? { collection } : {}),
      ...(dids.length ? { scope: 'dids', dids } : {}),
    }
    let id = ''
    const begun = await act(async () => {
      id = (await done(client.POST('/admin/backfill', { body }))).id
    }, b.started)
    if (!begun) return
    close()
    void navigate({ to: '/backfills/$id', params: { id } })
  }
  return (
    <form onSubmit={start}>
      <Stack>
        <Select
          label={b.collection}
          placeholder={b.everything}
          data={collections.data?.collections ?? []}
          value={collection}
          onChange={setCollection}
          clearable
          searchable
        />
        <Textarea
          label={b.dids}
          description={b.didsHelp}
          value={accounts}
          onChange={(event) => setAccounts(event.currentTarget.value)}
          autosize
          minRows={3}
        />
        <Button type="submit" loading={busy}>
          {b.start}
        </Button>
      </Stack>
    </form>
  )
}
