import { Badge, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { api, type Schemas } from '@/api/client'
import { statusOf } from '@/api/problem'
import { useWay } from '@/api/use-way'
import { wayOf } from '@/api/way'
import { Time } from '@/components/bits'
import { Card } from '@/components/card'
import { duration, number } from '@/components/format'
import { Page } from '@/components/page'
import { Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'
import { Cost } from './cost'
import { againAfter, Indexes, Progress } from './indexes'

const q = t.appview.queries

type Query = Schemas['Query']

/** All queries, what they are answered with, and what is slow. */
export default function Queries() {
  return (
    <Page title={t.nav.queries} intro={q.intro}>
      <All />
      <AllIndexes />
      <Slow />
    </Page>
  )
}

/** A query's page, at what it is answered with. */
function QueryLink({ nsid }: { nsid: string }) {
  return (
    <Link to="/lexicons/$id" params={{ id: nsid }} search={{ tab: 'how' }} className="break">
      {nsid}
    </Link>
  )
}

function All() {
  const queries = api.useQuery(
    'get',
    '/admin/queries',
    {},
    { refetchInterval: ({ state }) => againAfter(state.data?.flatMap(({ indexes }) => indexes)) },
  )
  return (
    <Card title={q.list} flush>
      <Resource of={queries}>
        {(all) => (
          <>
            <Table
              label={q.list}
              rows={all}
              id={({ nsid }) => nsid}
              empty={q.none}
              columns={[
                { title: q.query, cell: ({ nsid }) => <QueryLink nsid={nsid} /> },
                {
                  title: q.collection,
                  cell: ({ collection }) => (
                    <Link to="/records" search={{ collection }} className="break">
                      {collection}
                    </Link>
                  ),
                },
                { title: q.way, cell: ({ nsid }) => <Way nsid={nsid} /> },
                { title: q.indexes, cell: (query) => <Readiness of={query} /> },
                { title: q.calls, numeric: true, cell: ({ calls }) => number(calls) },
                { title: q.slowCalls, numeric: true, cell: ({ slow }) => number(slow) },
                { title: q.mean, numeric: true, cell: ({ calls, mean_ms }) => took(calls, mean_ms) },
                { title: q.longest, numeric: true, cell: ({ calls, longest_ms }) => took(calls, longest_ms) },
              ]}
            />
            {all.length > 0 && (
              <Text size="xs" c="dimmed" p="md">
                {q.callsHelp}
              </Text>
            )}
          </>
        )}
      </Resource>
    </Card>
  )
}

const took = (calls: number, ms: number) => (calls ? duration(ms / 1000) : '–')

/** How it is answered if nothing more is asked for than the lexicon demands. */
function Way({ nsid }: { nsid: string }) {
  const scripts = api.useQuery('get', '/admin/scripts')
  const scripted = scripts.data?.some(({ id }) => id === `xrpc.query:${nsid}`)
  const way = useWay(nsid, '', !scripted)
  if (scripted) return q.script
  if (way.data) return <Cost of={way.data}>{q.access[wayOf(way.data)]}</Cost>
  return statusOf(way.error) === 400 ? q.needs : q.unknownWay
}

function Readiness({ of: { indexes } }: { of: Query }) {
  if (indexes.length === 0) return '–'
  const ready = indexes.filter(({ state }) => state === 'ready').length
  const done = indexes.reduce((sum, { progress }) => sum + progress, 0) / indexes.length
  return (
    <>
      {q.ready(ready, indexes.length)}
      {ready < indexes.length && <Progress part={done} />}
    </>
  )
}

function AllIndexes() {
  const indexes = api.useQuery(
    'get',
    '/admin/indexes',
    {},
    { refetchInterval: ({ state }) => againAfter(state.data) },
  )
  return (
    <Card title={q.allIndexes} flush>
      <Resource of={indexes}>
        {(all) => (
          <>
            <Indexes indexes={all} label={q.allIndexes} empty={q.noIndexes} withCollection />
            {all.length > 0 && (
              <Text size="xs" c="dimmed" p="md">
                {q.rowsHelp}
              </Text>
            )}
          </>
        )}
      </Resource>
    </Card>
  )
}

function Slow() {
  const slow = api.useQuery('get', '/admin/queries/slow', {}, { refetchInterval: 10_000 })
  return (
    <Card title={q.slow} flush>
      <Resource of={slow}>
        {(all) => (
          <Table
            label={q.slow}
            rows={all}
            id={({ nsid, at, took_ms }) => `${nsid} ${at} ${took_ms}`}
            empty={q.noSlow}
            columns={[
              { title: q.query, cell: ({ nsid }) => <QueryLink nsid={nsid} /> },
              { title: q.took, numeric: true, cell: ({ took_ms }) => duration(took_ms / 1000) },
              {
                title: q.how,
                cell: ({ explained }) =>
                  explained ? (
                    <span className="break">
                      {[
                        q.access[wayOf(explained)],
                        explained.index_description,
                        explained.looked_at.length > 0 && `${q.lookedAt}: ${explained.looked_at.join(', ')}`,
                      ]
                        .filter(Boolean)
                        .join(' · ')}
                    </span>
                  ) : (
                    <Badge color="red">{q.stopped}</Badge>
                  ),
              },
              { title: q.when, cell: ({ at }) => <Time at={at} /> },
            ]}
          />
        )}
      </Resource>
    </Card>
  )
}
