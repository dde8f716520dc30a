import { Button, Group, Select, Stack, Tabs, TextInput } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api, client } from '@/api/client'
import { PAGED } from '@/api/paged'
import { confirm, done, tell, useAct } from '@/components/act'
import { Time, Tool } from '@/components/bits'
import { Card } from '@/components/card'
import { number } from '@/components/format'
import { More } from '@/components/more'
import { Page } from '@/components/page'
import { Empty, Resource } from '@/components/resource'
import { t } from '@/i18n'
import { InvalidRecords } from './invalid-records'
import { RecordSearch } from './record-search'
import { Labels, RecordTable } from './record-table'
import { useCheck } from './validation'

const r = t.appview.records

type Asked = {
  collection?: string
  tab?: string
  /** The query to search with, and what it is given. */
  query?: string
  where?: string
}

/** What the index holds of a collection. */
export default function Records() {
  const { collection: wanted, ...asked } = useSearch({ strict: false }) as Asked
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
                  value && void navigate({ to: '/records', search: { collection: value, tab: asked.tab } })
                }
                searchable
                allowDeselect={false}
                maw={480}
              />
              {collection && <Collection key={collection} collection={collection} asked={asked} />}
            </Stack>
          )
        }
      </Resource>
    </Page>
  )
}

function Collection({ collection, asked }: { collection: string; asked: Asked }) {
  const navigate = useNavigate()
  const { check } = useCheck(collection)
  const { tab = 'all', query, where } = asked
  const go = (search: Asked) =>
    void navigate({ to: '/records', search: { collection, ...search }, replace: true })
  return (
    <Tabs value={tab} onChange={(tab) => go(tab === 'invalid' ? { tab } : {})} keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="all">{r.tabAll}</Tabs.Tab>
        <Tabs.Tab value="invalid">{check ? r.invalidCount(number(check.invalid)) : r.tabInvalid}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="all">
        <Stack>
          <RecordSearch
            collection={collection}
            query={query}
            where={where}
            ask={(query, where) => go({ query, where })}
          />
          {!query && <All collection={collection} />}
        </Stack>
      </Tabs.Panel>
      <Tabs.Panel value="invalid">
        <InvalidRecords collection={collection} />
      </Tabs.Panel>
    </Tabs>
  )
}

/** All records, newest first. */
function All({ collection }: { collection: string }) {
  const [text, setText] = useState('')
  const [act] = useAct()
  const pages = api.useInfiniteQuery(
    'get',
    '/admin/records',
    { params: { query: { collection, limit: 50 } } },
    PAGED,
  )
  const remove = (uri: string) =>
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
  const wanted = text.toLowerCase()
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
          <RecordTable
            label={t.nav.records}
            rows={all
              .flatMap(({ records }) => records)
              .filter((record) => !wanted || JSON.stringify(record).toLowerCase().includes(wanted))}
            empty={wanted ? r.noneMatch : r.none}
            more={[
              { title: r.labels, cell: ({ labels, did }) => <Labels labels={labels} did={did} /> },
              { title: r.indexed, cell: ({ indexed_at }) => <Time at={indexed_at} /> },
              {
                title: t.common.actions,
                bare: true,
                cell: ({ uri }) => <Tool icon="trash" label={r.removeOne} onClick={() => remove(uri)} />,
              },
            ]}
          />
        )}
      </Resource>
      <More of={pages} />
    </Card>
  )
}
