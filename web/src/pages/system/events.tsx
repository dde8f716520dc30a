import { Drawer, Group, MultiSelect, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api, type Schemas } from '@/api/client'
import { PAGED } from '@/api/paged'
import { Id, Status, Time } from '@/components/bits'
import { Card } from '@/components/card'
import { Json } from '@/components/json'
import { More } from '@/components/more'
import { Page } from '@/components/page'
import { Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'

const e = t.system.events

const CATEGORIES = [
  ...[
    'lexicon',
    'record',
    'script',
    'backfill',
    'jetstream',
    'labeler',
    'user',
    'auth',
    'api_key',
    'api_client',
  ],
  ...['setting', 'service_auth', 'job', 'dead_letter', 'delegation'],
]

export default function Events() {
  const search = useSearch({ strict: false }) as { severity?: string; category?: string }
  const navigate = useNavigate()
  const [subject, setSubject] = useState('')
  const [about] = useDebouncedValue(subject, 300)
  const [open, setOpen] = useState<Schemas['Event']>()
  const query = {
    ...(search.severity ? { severity: search.severity } : {}),
    ...(search.category ? { category: search.category } : {}),
    ...(about ? { subject: about } : {}),
  }
  const pages = api.useInfiniteQuery(
    'get',
    '/admin/events',
    { params: { query } },
    {
      ...PAGED,
      refetchInterval: 5_000,
    },
  )
  const choose = (name: 'severity' | 'category') => (values: string[]) =>
    void navigate({ to: '/events', search: { ...search, [name]: values.join(',') || undefined } })
  const list = (value: string | undefined) => value?.split(',').filter(Boolean) ?? []
  return (
    <Page title={t.nav.events} intro={e.intro}>
      <Group align="end">
        <MultiSelect
          label={e.severity}
          data={['info', 'warn', 'error']}
          value={list(search.severity)}
          onChange={choose('severity')}
          clearable
          w={{ base: '100%', xs: 220 }}
        />
        <MultiSelect
          label={e.category}
          data={CATEGORIES}
          value={list(search.category)}
          onChange={choose('category')}
          searchable
          clearable
          w={{ base: '100%', xs: 260 }}
        />
        <TextInput
          label={e.subject}
          value={subject}
          onChange={(event) => setSubject(event.currentTarget.value)}
          w={{ base: '100%', xs: 240 }}
        />
      </Group>
      <Card flush>
        <Resource of={pages}>
          {({ pages: all }) => (
            <Table
              label={t.nav.events}
              rows={all.flatMap(({ events }) => events)}
              id={({ id }) => id}
              empty={e.none}
              columns={[
                {
                  title: e.what,
                  cell: (event) => (
                    <button type="button" className="link" onClick={() => setOpen(event)}>
                      {event.event_type}
                    </button>
                  ),
                },
                { title: e.severity, cell: ({ severity }) => <Status value={severity} /> },
                { title: e.subject, cell: ({ subject }) => <span className="break">{subject ?? '–'}</span> },
                { title: e.actor, cell: ({ actor_did }) => (actor_did ? <Id value={actor_did} /> : '–') },
                { title: e.when, cell: ({ created_at }) => <Time at={created_at} /> },
              ]}
            />
          )}
        </Resource>
        <More of={pages} />
      </Card>
      <Drawer
        opened={!!open}
        onClose={() => setOpen(undefined)}
        title={open?.event_type}
        position="right"
        size="lg"
      >
        {open && <Json value={open} label={open.event_type} />}
      </Drawer>
    </Page>
  )
}
