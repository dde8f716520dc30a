import { SegmentedControl, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { api } from '@/api/client'
import { PAGED } from '@/api/paged'
import { Time } from '@/components/bits'
import { Card } from '@/components/card'
import { number } from '@/components/format'
import { More } from '@/components/more'
import { Name } from '@/components/name'
import { Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'

const m = t.appview.missing

const STATES = ['quarantined', 'failed', 'retrying', 'absent'] as const
type State = (typeof STATES)[number]

/** What is not here of the past, and why, whichever job or message found that out. */
export function Missing() {
  const [state, setState] = useState<State>('quarantined')
  const pages = api.useInfiniteQuery(
    'get',
    '/admin/backfill/missing',
    { params: { query: { state, limit: 50 } } },
    { ...PAGED, refetchInterval: 10_000 },
  )
  const counts = pages.data?.pages[0]?.counts
  return (
    <Card title={m.title} flush>
      <Stack gap="xs" p="md">
        <Text size="sm" c="dimmed">
          {m.intro}
        </Text>
        <SegmentedControl
          aria-label={m.title}
          value={state}
          onChange={setState}
          data={STATES.map((value) => ({
            value,
            label: counts ? `${m.states[value]} ${number(counts[value])}` : m.states[value],
          }))}
        />
        <Text size="sm">{m.about[state]}</Text>
      </Stack>
      <Resource of={pages} lines={4}>
        {({ pages: all }) => (
          <Table
            label={m.states[state]}
            rows={all.flatMap(({ missing }) => missing)}
            id={({ did, collection }) => `${did} ${collection}`}
            empty={m.none}
            columns={[
              { title: m.account, cell: ({ did }) => <Name>{did}</Name> },
              { title: m.collection, cell: ({ collection }) => <Name>{collection}</Name> },
              { title: m.reason, cell: ({ reason }) => reason },
              { title: m.since, cell: ({ since }) => <Time at={since} /> },
              { title: m.next, cell: ({ next_try_at }) => next_try_at && <Time at={next_try_at} /> },
            ]}
          />
        )}
      </Resource>
      <More of={pages} />
    </Card>
  )
}
