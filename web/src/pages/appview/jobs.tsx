import { Select } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { api } from '@/api/client'
import { PAGED } from '@/api/paged'
import { Id, Status, Time } from '@/components/bits'
import { Card } from '@/components/card'
import { More } from '@/components/more'
import { Page } from '@/components/page'
import { Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'

const j = t.appview.jobs

const STATUSES = ['pending', 'running', 'paused', 'completed', 'failed', 'cancelled']

export default function Jobs() {
  const { status } = useSearch({ strict: false }) as { status?: string }
  const navigate = useNavigate()
  const pages = api.useInfiniteQuery(
    'get',
    '/admin/jobs',
    { params: { query: status ? { status } : {} } },
    {
      ...PAGED,
      refetchInterval: 5_000,
    },
  )
  return (
    <Page title={t.nav.jobs} intro={j.intro}>
      <Select
        aria-label={j.status}
        placeholder={t.common.any}
        data={STATUSES}
        value={status ?? null}
        onChange={(value) => void navigate({ to: '/jobs', search: value ? { status: value } : {} })}
        clearable
        maw={240}
      />
      <Card flush>
        <Resource of={pages}>
          {({ pages: all }) => (
            <Table
              label={t.nav.jobs}
              rows={all.flatMap(({ jobs }) => jobs)}
              id={({ id }) => id}
              empty={j.none}
              columns={[
                {
                  title: j.type,
                  cell: ({ id, job_type }) => (
                    <Link to="/jobs/$id" params={{ id }}>
                      {job_type}
                    </Link>
                  ),
                },
                { title: j.status, cell: ({ status }) => <Status value={status} /> },
                { title: j.by, cell: ({ created_by }) => <Id value={created_by} /> },
                {
                  title: j.attempts,
                  numeric: true,
                  cell: ({ attempts, max_attempts }) => `${attempts} / ${max_attempts}`,
                },
                { title: j.created, cell: ({ created_at }) => <Time at={created_at} /> },
                { title: j.finished, cell: ({ completed_at }) => <Time at={completed_at} /> },
              ]}
            />
          )}
        </Resource>
        <More of={pages} />
      </Card>
    </Page>
  )
}
