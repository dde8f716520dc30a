import { Button, Drawer, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api, client, type Schemas } from '@/api/client'
import { PAGED } from '@/api/paged'
import { confirm, done, tell, useAct } from '@/components/act'
import { Id, Tag, Time, Tool } from '@/components/bits'
import { Card } from '@/components/card'
import { Json } from '@/components/json'
import { More } from '@/components/more'
import { Page } from '@/components/page'
import { Empty, Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'

const r = t.appview.records

type Record = Schemas['Record']

/** What the index holds of a collection. */
export default function Records() {
  const { collection: wanted } = useSearch({ strict: false }) as { collection?: string }
  const navigate = useNavigate()
  const collections = api.useQuery('get', '/admin/records/collections')
  const collection = wanted ?? collections.data?.collections[0]
  return (
    <Page title={t.nav.records} intro={r.intro}>
      <Resource of={collections}>
        {({ collections: all }) =>
          all.length === 0 && !collection ? (
            <Card>
              <Empty
                action={
                  <Button component={Link} to="/lexicons/new">
                    {t.appview.lexicons.add}
                  </Button>
                }
              >
                {r.noCollection}
              </Empty>
            </Card>
          ) : (
            <Stack>
              <Select
                label={t.system.overview.collection}
                data={[...new Set([...all, collection ?? ''].filter(Boolean))]}
                value={collection ?? null}
                onChange={(value) =>
                  value && void navigate({ to: '/records', search: { collection: value } })
                }
                searchable
                allowDeselect={false}
                maw={480}
              />
              {collection && <Collection key={collection} collection={collection} />}
            </Stack>
          )
        }
      </Resource>
    </Page>
  )
}

function Collection({ collection }: { collection: string }) {
  const [text, setText] = useState('')
  const [open, setOpen] = useState<Record>()
  const [act] = useAct()
  const pages = api.useInfiniteQuery(
    'get',
    '/admin/records',
    { params: { query: { collection, limit: 50 } } },
    PAGED,
  )
  const remove = ({ uri }: Record) =>
    confirm(t.common.confirmDelete(uri), () =>
      act(() => done(client.DELETE('/admin/records', { params: { query: { uri } } })), t.common.deleted),
    )
  const removeAll = () =>
    confirm(
      t.common.confirmDelete(collection),
      () =>
        act(async () => {
          const path = { params: { query: { collection } } }
          const { deleted } = await done(client.DELETE('/admin/records/collection', path))
          tell(r.removed(deleted))
        }),
      r.removeAllHelp,
    )
  const shown = (record: Record) => !text || JSON.stringify(record).toLowerCase().includes(text.toLowerCase())
  return (
    <Card flush>
      <Group p="md" pb={0} justify="space-between">
        <TextInput
          aria-label={r.filter}
          placeholder={r.filter}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          w={{ base: '100%', xs: 320 }}
        />
        <Button variant="default" size="xs" onClick={removeAll}>
          {r.removeAll}
        </Button>
      </Group>
      <Resource of={pages} lines={8}>
        {({ pages: all }) => (
          <Table
            label={t.nav.records}
            rows={all.flatMap(({ records }) => records).filter(shown)}
            id={({ uri }) => uri}
            empty={r.none}
            columns={[
              {
                title: r.record,
                cell: (record) => (
                  <button type="button" className="link" onClick={() => setOpen(record)}>
                    {record.rkey}
                  </button>
                ),
              },
              { title: r.author, cell: ({ did }) => <Id value={did} /> },
              { title: r.content, cell: ({ record }) => <span className="excerpt">{excerpt(record)}</span> },
              { title: r.labels, cell: (record) => <Labels of={record} /> },
              { title: r.indexed, cell: ({ indexed_at }) => <Time at={indexed_at} /> },
              {
                title: t.common.actions,
                bare: true,
                cell: (record) => <Tool icon="trash" label={r.removeOne} onClick={() => remove(record)} />,
              },
            ]}
          />
        )}
      </Resource>
      <More of={pages} />
      <Drawer
        opened={!!open}
        onClose={() => setOpen(undefined)}
        title={open?.uri}
        position="right"
        size="lg"
        classNames={{ title: 'break' }}
      >
        {open && <Details record={open} />}
      </Drawer>
    </Card>
  )
}

/** What distinguishes a record at a glance: its values, without its type. */
function excerpt(record: unknown): string {
  const { $type: _, ...rest } = record as { [name: string]: unknown }
  const text = Object.entries(rest)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ')
  return text.length > 160 ? `${text.slice(0, 160)}…` : text
}

const SEVERE = /^(porn|sexual|nudity|graphic-media|gore|nsfl|!hide|!takedown)/

function Labels({ of: { labels, did } }: { of: Record }) {
  if (labels.length === 0) return '–'
  return labels.map(({ src, val }) => (
    <Tag
      key={`${src} ${val}`}
      color={SEVERE.test(val) ? 'red' : val.startsWith('!') ? 'yellow' : 'gray'}
      variant={src === did ? 'outline' : 'light'}
    >
      {val}
    </Tag>
  ))
}

/** `at://` strings anywhere in a record. */
function references(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value === 'string' && value.startsWith('at://')) found.add(value)
  else if (typeof value === 'object' && value)
    for (const inner of Object.values(value)) references(inner, found)
  return found
}

function Details({ record }: { record: Record }) {
  const linked = [...references(record.record)]
  return (
    <Stack>
      <Group gap="xs">
        <Id value={record.did} />
        {record.cid && <Id value={record.cid} />}
        <Labels of={record} />
      </Group>
      <Json value={record.record} label={record.uri} />
      {linked.length > 0 && (
        <div>
          <Text size="sm" fw={600}>
            {r.linked}
          </Text>
          {linked.map((uri) => (
            <Text key={uri} size="sm" className="break">
              <Link to="/records" search={{ collection: uri.split('/')[3] ?? '' }}>
                {uri}
              </Link>
            </Text>
          ))}
        </div>
      )}
    </Stack>
  )
}
