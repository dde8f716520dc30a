import { Button, Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { api } from '@/api/client'
import { REMEMBERED, useLive } from '@/api/live'
import { busiest, lag, type Moment, rates } from '@/api/rates'
import { Time } from '@/components/bits'
import { Card } from '@/components/card'
import { bytes, compact, duration, number, rate } from '@/components/format'
import { Page } from '@/components/page'
import { Empty, Resource } from '@/components/resource'
import { Spark } from '@/components/spark'
import { Table } from '@/components/table'
import { t } from '@/i18n'

const o = t.system.overview

/** Every so many milliseconds the counts are asked for again. */
const AGAIN = 5_000

/** Rates are told over so many seconds: fewer would flicker. */
const OVER = 10

const average = (values: number[]) =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1)

/** What is going on: what comes in, what is behind, what went wrong. */
export default function Overview() {
  const live = useLive(true)
  const stats = api.useQuery('get', '/admin/stats', {}, { refetchInterval: AGAIN })
  const setUp = stats.data?.total_records === 0
  return (
    <Page title={t.nav.overview} actions={<Pulse connected={live.connected} />}>
      <Tiles moments={live.moments} />
      <Card title={o.incoming}>
        <Incoming moments={live.moments} />
      </Card>
      <div className="columns">
        <Card title={o.collections} flush>
          <Resource of={stats}>
            {({ collections }) => (
              <Table
                label={o.collections}
                rows={[...collections].sort((a, b) => b.count - a.count)}
                id={({ collection }) => collection}
                empty={
                  <Empty
                    action={
                      setUp && (
                        <Button component={Link} to="/setup">
                          {o.begin}
                        </Button>
                      )
                    }
                  >
                    {o.noCollections}
                  </Empty>
                }
                columns={[
                  {
                    title: o.collection,
                    cell: ({ collection }) => (
                      <Link to="/records" search={{ collection }} className="break">
                        {collection}
                      </Link>
                    ),
                  },
                  { title: o.records, numeric: true, cell: ({ count }) => number(count) },
                  {
                    title: o.perSecond,
                    numeric: true,
                    cell: ({ collection }) => rate(average(rates(live.moments.slice(-OVER), collection))),
                  },
                ]}
              />
            )}
          </Resource>
        </Card>
        <Troubles />
      </div>
    </Page>
  )
}

function Pulse({ connected }: { connected: boolean }) {
  return (
    <span className="pulse" data-off={connected ? undefined : ''}>
      {connected ? t.common.live : t.common.reconnecting}
    </span>
  )
}

function Tiles({ moments }: { moments: Moment[] }) {
  const stats = api.useQuery('get', '/admin/stats', {}, { refetchInterval: AGAIN })
  const backfills = api.useQuery('get', '/admin/backfill/status', {}, { refetchInterval: AGAIN })
  const letters = api.useQuery('get', '/admin/dead-letters/count', {}, { refetchInterval: AGAIN })
  const jobs = api.useQuery(
    'get',
    '/admin/jobs',
    { params: { query: { status: 'running' } } },
    { refetchInterval: AGAIN },
  )
  const storage = api.useQuery('get', '/admin/storage', {}, { refetchInterval: 60_000 })
  const last = moments.at(-1)
  const behind = lag(last, Date.now())
  const running = backfills.data?.filter(({ status }) => status === 'running').length
  const size = (tier: string) => {
    const found = storage.data?.tiers.find(({ name }) => name === tier)
    return found ? bytes(found.bytes) : '–'
  }
  const shown = (value: number | undefined) => (value === undefined ? '–' : compact(value))
  return (
    <div className="tiles">
      <Tile to="/records" name={o.records} value={shown(stats.data?.total_records)} />
      <Tile
        to="/records"
        name={o.rate}
        value={moments.length ? rate(average(rates(moments.slice(-OVER)))) : '–'}
        note={o.overSeconds(OVER)}
      />
      <Tile
        to="/events?category=jetstream"
        name={o.lag}
        value={behind === null ? '–' : duration(behind)}
        note={
          last?.open_gaps ? o.gaps(last.open_gaps) : !last ? '' : behind === null ? o.notFollowed : o.noGaps
        }
      />
      <Tile to="/backfills" name={o.backfills} value={shown(running)} note={o.running} />
      <Tile to="/jobs?status=running" name={o.jobs} value={shown(jobs.data?.jobs.length)} note={o.running} />
      <Tile to="/dead-letters" name={o.deadLetters} value={shown(letters.data?.count)} note={o.unresolved} />
      <Tile to="/settings" name={o.durable} value={size('state')} note={o.durableNote} />
      <Tile to="/settings" name={o.rebuildable} value={size('index')} note={o.rebuildableNote} />
      <Tile
        to="/settings"
        name={o.disk}
        value={storage.data?.free_bytes == null ? '–' : bytes(storage.data.free_bytes)}
        note={o.free}
      />
    </div>
  )
}

interface TileProps {
  to: string
  name: string
  value: string
  note?: string
}

function Tile({ to, name, value, note }: TileProps) {
  const [path, query] = to.split('?')
  return (
    <Link to={path ?? to} search={Object.fromEntries(new URLSearchParams(query))} className="tile">
      <div className="name">{name}</div>
      <div className="value">{value}</div>
      <div className="note">{note}</div>
    </Link>
  )
}

function Incoming({ moments }: { moments: Moment[] }) {
  const values = rates(moments)
  const busy = busiest(moments, OVER).slice(0, 6)
  const most = busy[0]?.rate ?? 1
  return (
    <>
      <Spark values={values} room={REMEMBERED} label={o.chart(rate(values.at(-1) ?? 0), REMEMBERED)} />
      <div className="busy">
        {busy.map(({ collection, rate: each }) => (
          <Link key={collection} to="/records" search={{ collection }} className="busy-row">
            <span className="break">{collection}</span>
            <svg className="meter" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
              <rect width={(each / most) * 100} height="4" />
            </svg>
            <span className="nowrap">{o.eachSecond(rate(each))}</span>
          </Link>
        ))}
        {busy.length === 0 && (
          <Text size="sm" c="dimmed">
            {moments.length ? o.quiet : t.common.loading}
          </Text>
        )}
      </div>
    </>
  )
}

function Troubles() {
  const query = { severity: 'warn,error', limit: 8 }
  const events = api.useQuery('get', '/admin/events', { params: { query } }, { refetchInterval: AGAIN })
  return (
    <Card
      title={o.troubles}
      flush
      actions={
        <Group>
          <Link to="/events" search={{ severity: 'warn,error' }}>
            {t.common.all}
          </Link>
        </Group>
      }
    >
      <Resource of={events}>
        {({ events }) => (
          <Table
            label={o.troubles}
            rows={events}
            id={({ id }) => id}
            empty={o.noTroubles}
            columns={[
              { title: o.what, cell: ({ event_type }) => event_type },
              { title: o.about, cell: ({ subject }) => <span className="break">{subject}</span> },
              { title: o.when, cell: ({ created_at }) => <Time at={created_at} /> },
            ]}
          />
        )}
      </Resource>
    </Card>
  )
}
