import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { api, client, type Schemas } from '@/api/client'
import { useEvents } from '@/api/live'
import { PAGED } from '@/api/paged'
import { done, useAct } from '@/components/act'
import { Id, Status, Tag } from '@/components/bits'
import { Card } from '@/components/card'
import { number } from '@/components/format'
import { More } from '@/components/more'
import { Page } from '@/components/page'
import { Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'
import { about } from './backfills'

const b = t.appview.backfills

type Job = Schemas['Backfill']

interface Happening {
  type: string
  did?: string
  pds_endpoint?: string
  records_fetched?: number
  stage?: string
  status?: string
}

/** How many lines of what happens are kept. */
const KEPT = 100

export default function Backfill() {
  const { id } = useParams({ strict: false }) as { id: string }
  const job = api.useQuery(
    'get',
    '/admin/backfill/{id}',
    { params: { path: { id } } },
    { refetchInterval: 3_000 },
  )
  return (
    <Page
      title={job.data ? b.title(about(job.data)) : t.nav.backfills}
      back={{ to: '/backfills', label: t.nav.backfills }}
      actions={job.data && <Controls job={job.data} />}
    >
      <Resource of={job}>
        {(found) => (
          <Stack>
            <Card>
              <Stack gap="xs">
                <Group gap="xs">
                  <Status value={found.status} />
                  <Tag>{found.stage}</Tag>
                  <Tag>{found.mode}</Tag>
                  <Text size="sm" c="dimmed">
                    {b.cause} {found.cause}
                  </Text>
                </Group>
                <Progress
                  value={found.total_repos ? (found.processed_repos / found.total_repos) * 100 : 0}
                  animated={found.status === 'running'}
                  aria-label={b.repos}
                />
                <Text size="sm">
                  {b.progress(number(found.processed_repos), number(found.total_repos))} ·{' '}
                  {number(found.total_records)} {b.records}
                </Text>
                {found.error && <Alert color="red">{found.error}</Alert>}
              </Stack>
            </Card>
            <div className="columns">
              <Hosts id={id} />
              <Log id={id} running={['running', 'pausing', 'cancelling'].includes(found.status)} />
            </div>
            <Errors id={id} />
          </Stack>
        )}
      </Resource>
    </Page>
  )
}

function Controls({ job: { id, status, failed_repos } }: { job: Job }) {
  const [act, busy] = useAct()
  const path = { params: { path: { id } } }
  return (
    <>
      {status === 'running' && (
        <Button
          variant="default"
          loading={busy}
          onClick={() => act(() => done(client.POST('/admin/backfill/{id}/pause', path)))}
        >
          {b.pause}
        </Button>
      )}
      {status === 'paused' && (
        <Button
          loading={busy}
          onClick={() => act(() => done(client.POST('/admin/backfill/{id}/resume', path)))}
        >
          {b.resume}
        </Button>
      )}
      {['running', 'paused'].includes(status) && (
        <Button
          variant="default"
          onClick={() => act(() => done(client.POST('/admin/backfill/{id}/cancel', path)))}
        >
          {b.cancel}
        </Button>
      )}
      {failed_repos > 0 && (
        <Button
          variant="default"
          onClick={() => act(() => done(client.POST('/admin/backfill/{id}/retry-failed', path)), b.retried)}
        >
          {b.retryFailed}
        </Button>
      )}
    </>
  )
}

function Hosts({ id }: { id: string }) {
  const hosts = api.useQuery(
    'get',
    '/admin/backfill/{id}/pds-summary',
    { params: { path: { id } } },
    { refetchInterval: 3_000 },
  )
  return (
    <Card title={b.hosts} flush>
      <Resource of={hosts}>
        {({ pds_endpoints }) => (
          <Table
            label={b.hosts}
            rows={pds_endpoints}
            id={({ pds_endpoint }) => pds_endpoint}
            empty={b.noHosts}
            columns={[
              { title: b.host, cell: ({ pds_endpoint }) => <span className="break">{pds_endpoint}</span> },
              {
                title: b.done,
                numeric: true,
                cell: ({ completed_repos, total_repos }) =>
                  `${number(completed_repos)} / ${number(total_repos)}`,
              },
              { title: b.records, numeric: true, cell: ({ total_records }) => number(total_records) },
            ]}
          />
        )}
      </Resource>
    </Card>
  )
}

/** What happens while somebody looks. */
function Log({ id, running }: { id: string; running: boolean }) {
  const queries = useQueryClient()
  const [lines, setLines] = useState<Happening[]>([])
  useEvents<Happening>(
    running ? `/admin/backfill/${encodeURIComponent(id)}/events` : null,
    'event',
    (event) => {
      if (event.type === 'job_completed') void queries.invalidateQueries()
      if (['job_counters', 'job_snapshot'].includes(event.type)) return
      setLines((before) => [event, ...before].slice(0, KEPT))
    },
  )
  return (
    <Card title={b.log}>
      <div className="log" role="log" aria-label={b.log}>
        {lines.length === 0 && (
          <Text size="sm" c="dimmed">
            {b.noLog}
          </Text>
        )}
        {lines.map((line, index) => (
          <div key={lines.length - index}>
            {[
              line.type.replaceAll('_', ' '),
              line.stage,
              line.status,
              line.did,
              line.pds_endpoint,
              line.records_fetched,
            ]
              .filter((part) => part !== undefined)
              .join(' · ')}
          </div>
        ))}
      </div>
    </Card>
  )
}

function Errors({ id }: { id: string }) {
  const pages = api.useInfiniteQuery(
    'get',
    '/admin/backfill/{id}/errors',
    { params: { path: { id } } },
    PAGED,
  )
  return (
    <Card title={b.errors} flush>
      <Resource of={pages}>
        {({ pages: all }) => (
          <Table
            label={b.errors}
            rows={all.flatMap(({ errors }) => errors)}
            id={({ did }) => did}
            empty={b.noErrors}
            columns={[
              { title: b.account, cell: ({ did }) => <Id value={did} /> },
              {
                title: b.host,
                cell: ({ pds_endpoint }) => <span className="break">{pds_endpoint ?? '–'}</span>,
              },
              { title: b.reason, cell: ({ reason }) => <span className="break">{reason}</span> },
            ]}
          />
        )}
      </Resource>
      <More of={pages} />
    </Card>
  )
}
