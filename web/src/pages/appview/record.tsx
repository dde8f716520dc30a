import { Button, SimpleGrid, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { api, client, type Schemas } from '@/api/client'
import { type Address, address, type Group, grouped, type Reference, references } from '@/api/links'
import { type Known, useLook } from '@/api/look'
import { missingPermission } from '@/api/problem'
import { confirm, done, useAct } from '@/components/act'
import { Copy, Id, Time } from '@/components/bits'
import { Card } from '@/components/card'
import { number, did as shortDid } from '@/components/format'
import { Json } from '@/components/json'
import { Page } from '@/components/page'
import { RecordLink } from '@/components/record-link'
import { Empty, Failed, Waiting } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'
import { RecordPicture } from './record-picture'
import { Flaw, Labels } from './record-table'
import { useFlaw } from './use-flaw'

const r = t.appview.records
const p = r.page

/** One record: what it says, what is said of it, what links to it. */
export default function RecordPage() {
  const { did, collection, rkey } = useParams({ strict: false })
  const found = address(`${did}/${collection}/${rkey}`)
  const back = { to: `/records`, label: p.back }
  if (!found)
    return (
      <Page title={r.record} back={back}>
        <Card>
          <Empty>{p.notUri}</Empty>
        </Card>
      </Page>
    )
  return <Whole key={found.uri} at={found} />
}

/** What a list of records has told of one already. */
function useRemembered({ uri }: Address): Schemas['Record'] | undefined {
  const lists = useQueryClient().getQueriesData<{ pages?: { records?: Schemas['Record'][] }[] }>({
    queryKey: ['get', '/admin/records'],
  })
  for (const [, data] of lists)
    for (const page of data?.pages ?? [])
      for (const record of page.records ?? []) if (record.uri === uri) return record
  return undefined
}

function Whole({ at }: { at: Address }) {
  const { uri, rkey, collection } = at
  const navigate = useNavigate()
  const [act] = useAct()
  const collections = api.useQuery('get', '/admin/records/collections')
  const look = useLook(at, collections.data?.collections)
  const remembered = useRemembered(at)
  const error = collections.error ?? look.error
  const record = look.data ? look.data.row?.record : remembered?.record
  const remove = () =>
    confirm(t.common.confirmDelete(uri), async () => {
      const gone = () => done(client.DELETE('/admin/records', { params: { query: { uri } } }))
      if (await act(gone, t.common.deleted)) void navigate({ to: '/records', search: { collection } })
    })
  return (
    <Page
      title={rkey}
      intro={
        <>
          <code className="break">{uri}</code> <Copy value={uri} what={uri} />
        </>
      }
      back={{ to: '/records', label: p.back }}
      actions={
        record !== undefined && (
          <Button variant="default" onClick={remove}>
            {p.remove}
          </Button>
        )
      }
    >
      <Card title={p.facts}>
        <Facts at={at} known={look.data} remembered={remembered} />
      </Card>
      {record !== undefined ? (
        <Card title={p.json}>
          <Json value={record} label={uri} />
        </Card>
      ) : look.data ? (
        <Card>
          <Empty>{p.gone}</Empty>
        </Card>
      ) : null}
      {look.data ? (
        <Links uri={uri} known={look.data} />
      ) : error ? (
        <Refused error={error} retry={look.refetch} />
      ) : (
        <Waiting lines={8} />
      )}
      <History uri={uri} />
    </Page>
  )
}

function Refused({ error, retry }: { error: unknown; retry: () => unknown }) {
  const missing = missingPermission(error)
  return missing ? (
    <Card title={p.links}>
      <Empty>{p.needs(missing)}</Empty>
    </Card>
  ) : (
    <Failed error={error} retry={retry} />
  )
}

interface FactsProps {
  at: Address
  known: Known | undefined
  remembered: Schemas['Record'] | undefined
}

function Facts({ at, known, remembered }: FactsProps) {
  const { did, collection } = at
  const { state, flaw, looked } = useFlaw(at, remembered?.invalid)
  const cid = known?.row?.cid ?? remembered?.cid
  const indexed = known?.row?.indexed_at ?? remembered?.indexed_at
  const labels = known?.labels ?? remembered?.labels
  return (
    <Stack>
      <SimpleGrid cols={{ base: 2, md: 3 }} component="dl" className="facts">
        <Fact name={p.author}>
          <Id value={did} />
        </Fact>
        <Fact name={p.collection}>
          <Link to="/records" search={{ collection }}>
            {collection}
          </Link>
        </Fact>
        <Fact name={p.cid}>{cid ? <Id value={cid} /> : p.noCid}</Fact>
        <Fact name={p.indexed}>{indexed ? <Time at={indexed} /> : '–'}</Fact>
        <Fact name={p.labels}>
          {labels?.length ? <Labels labels={labels} did={did} /> : labels ? p.noLabels : '–'}
        </Fact>
        <Fact name={p.validation}>
          {
            {
              off: p.off,
              looking: p.looking,
              valid: p.valid,
              unlisted: p.unlisted(number(looked)),
              invalid: t.common.no,
              unknown: '–',
            }[state]
          }
        </Fact>
      </SimpleGrid>
      {flaw && <Flaw flaw={flaw} />}
    </Stack>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="break">{children}</dd>
    </div>
  )
}

function Links({ uri, known }: { uri: string; known: Known }) {
  const incoming = grouped(known.links)
  const outgoing = references(known.row?.record)
  return (
    <>
      <Card title={p.links}>
        {incoming.length + outgoing.length > 0 ? (
          <RecordPicture uri={uri} incoming={incoming} outgoing={outgoing} />
        ) : (
          <Empty>{p.noLinks}</Empty>
        )}
      </Card>
      {incoming.length > 0 && <Incoming groups={incoming} />}
      {outgoing.length > 0 && <Outgoing references={outgoing} />}
    </>
  )
}

/** So many are shown at once; the others on demand. */
const SHOWN = 8

function Incoming({ groups }: { groups: Group[] }) {
  return (
    <Card title={p.incoming}>
      <ul className="groups">
        {groups.map(({ collection, path, uris, more }) => (
          <li key={`${collection} ${path}`}>
            <Text size="sm" component="div" className="break">
              <strong>{collection}</strong> <code>{path}</code>{' '}
              <span className="quiet">{more ? p.atLeast(number(uris.length)) : number(uris.length)}</span>
            </Text>
            <Several uris={uris.slice(0, SHOWN)} />
            {uris.length > SHOWN && (
              <details>
                <summary>{p.moreBelow(number(uris.length - SHOWN))}</summary>
                <Several uris={uris.slice(SHOWN)} />
              </details>
            )}
          </li>
        ))}
      </ul>
    </Card>
  )
}

function Several({ uris }: { uris: string[] }) {
  return (
    <span className="several">
      {uris.map((uri) => (
        <RecordLink key={uri} uri={uri}>
          {address(uri)?.rkey ?? uri} <span className="quiet">{shortDid(address(uri)?.did ?? '')}</span>
        </RecordLink>
      ))}
    </span>
  )
}

function Outgoing({ references }: { references: Reference[] }) {
  return (
    <Card title={p.outgoing} flush>
      <Table
        label={p.outgoing}
        rows={references}
        id={({ path, uri }) => `${path} ${uri}`}
        empty={p.noOutgoing}
        columns={[
          { title: p.path, cell: ({ path }) => <code className="break">{path}</code> },
          {
            title: p.target,
            cell: ({ uri }) => (
              <RecordLink uri={uri} className="break">
                {uri}
              </RecordLink>
            ),
          },
        ]}
      />
    </Card>
  )
}

/** What the event log has of it, if it has anything. */
function History({ uri }: { uri: string }) {
  const events = api.useQuery('get', '/admin/events', { params: { query: { subject: uri, limit: 20 } } })
  const all = events.data?.events ?? []
  if (all.length === 0) return null
  return (
    <Card title={p.history} flush>
      <Table
        label={p.history}
        rows={all}
        id={({ id }) => id}
        empty=""
        columns={[
          { title: p.what, cell: ({ event_type }) => event_type },
          {
            title: t.common.details,
            cell: ({ detail }) => <span className="excerpt">{JSON.stringify(detail)}</span>,
          },
          { title: p.when, cell: ({ created_at }) => <Time at={created_at} /> },
        ]}
      />
    </Card>
  )
}
