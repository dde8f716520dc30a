import { Button, Stack, Text } from '@mantine/core'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { api, client, type Schemas } from '@/api/client'
import { type Address, address, type Group, grouped, type Reference, references } from '@/api/links'
import { statusOf } from '@/api/problem'
import { confirm, done, useAct } from '@/components/act'
import { Copy, Id, Time } from '@/components/bits'
import { Card } from '@/components/card'
import { Fact, Facts } from '@/components/facts'

import { number, did as shortDid } from '@/components/format'
import { Json } from '@/components/json'
import { Name } from '@/components/name'
import { Page } from '@/components/page'
import { RecordLink } from '@/components/record-link'
import { Empty, Failed, Waiting } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'
import { RecordPicture } from './record-picture'
import { Flaw, Labels } from './record-table'
import { useCheck } from './validation'

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

/** So many that link to it are asked for in each collection. */
const ASKED = 50

function Whole({ at }: { at: Address }) {
  const { uri, rkey, collection } = at
  const navigate = useNavigate()
  const [act] = useAct()
  const record = api.useQuery('get', '/admin/records/record', { params: { query: { uri } } })
  const links = api.useQuery('get', '/admin/records/backlinks', {
    params: { query: { uri, limit: ASKED } },
  })
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
        record.data && (
          <Button variant="default" onClick={remove}>
            {p.remove}
          </Button>
        )
      }
    >
      {record.data ? (
        <>
          <Card title={p.facts}>
            <About of={record.data} />
          </Card>
          <Card title={p.json}>
            <Json value={record.data.record} label={uri} />
          </Card>
        </>
      ) : statusOf(record.error) === 404 ? (
        <Card>
          <Empty>{p.gone}</Empty>
        </Card>
      ) : record.error ? (
        <Failed error={record.error} retry={record.refetch} />
      ) : (
        <Waiting lines={8} />
      )}
      {links.data && !record.isPending ? (
        <Links uri={uri} incoming={grouped(links.data.collections)} record={record.data?.record} />
      ) : links.error ? (
        <Failed error={links.error} retry={links.refetch} />
      ) : (
        <Waiting lines={8} />
      )}
      <History uri={uri} />
    </Page>
  )
}

/** Whether a record is what its lexicon says, as far as that is known. */
function useStanding({ collection, invalid }: Schemas['Record']) {
  const { check, error, isSuccess } = useCheck(collection)
  if (invalid) return t.common.no
  if (error) return '–'
  if (!isSuccess || (check && !check.done)) return p.looking
  return check ? p.valid : p.off
}

function About({ of: record }: { of: Schemas['Record'] }) {
  const { did, collection, cid, indexed_at, labels, invalid } = record
  const standing = useStanding(record)
  return (
    <Stack>
      <Facts>
        <Fact name={p.author}>
          <Id value={did} />
        </Fact>
        <Fact name={p.collection}>
          <Link to="/records" search={{ collection }}>
            <Name>{collection}</Name>
          </Link>
        </Fact>
        <Fact name={p.cid}>{cid ? <Id value={cid} /> : p.noCid}</Fact>
        <Fact name={p.indexed}>
          <Time at={indexed_at} />
        </Fact>
        <Fact name={p.labels}>{labels.length > 0 ? <Labels labels={labels} did={did} /> : p.noLabels}</Fact>
        <Fact name={p.validation}>{standing}</Fact>
      </Facts>
      {invalid && <Flaw flaw={invalid} />}
    </Stack>
  )
}

interface LinksProps {
  uri: string
  incoming: Group[]
  record: unknown
}

function Links({ uri, incoming, record }: LinksProps) {
  const outgoing = references(record)
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
