import { Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { api, type Schemas } from '@/api/client'
import { PAGED } from '@/api/paged'
import { isOff } from '@/api/problem'
import { Id, Tag } from '@/components/bits'
import { Card } from '@/components/card'
import { Fact, Facts } from '@/components/facts'
import { bytes, number, did as shortDid } from '@/components/format'
import { More } from '@/components/more'
import { Page } from '@/components/page'
import { Empty, Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'
import { Crew } from './crew'
import { Garbage } from './garbage'

const h = t.hold

type Hold = Schemas['RegistryHold']

/** The hold of this server, for whoever runs it. */
export default function HoldPage() {
  const hold = api.useQuery('get', '/admin/registry/hold', {}, { refetchInterval: 10_000, retry: false })
  if (isOff(hold.error))
    return (
      <Page title={t.nav.hold} intro={h.intro}>
        <Card>
          <Empty>{h.off}</Empty>
        </Card>
      </Page>
    )
  return (
    <Page title={t.nav.hold} intro={h.intro}>
      <Resource of={hold} lines={8}>
        {(found) => (
          <>
            <Figures of={found} />
            <Usage />
            <Crew tiers={found.tiers} />
            <Garbage every={found.collects_every} grace={found.grace} />
            <div className="columns">
              <About of={found} />
              <Tiers of={found.tiers} />
            </div>
          </>
        )}
      </Resource>
    </Page>
  )
}

function Figures({ of: { stored, needed, open_uploads } }: { of: Hold }) {
  const tiles = [
    [
      h.stored,
      stored ? bytes(stored.bytes) : '–',
      stored ? h.storedNote(number(stored.blobs)) : h.notCounted,
    ],
    [h.needed, bytes(needed.bytes), h.neededNote(number(needed.blobs))],
    [h.owners, number(needed.owners), h.ownersNote],
    [h.uploads, number(open_uploads), h.uploadsNote],
  ]
  return (
    <div className="tiles">
      {tiles.map(([name, value, note]) => (
        <div key={name} className="tile">
          <div className="name">{name}</div>
          <div className="value">{value}</div>
          <div className="note">{note}</div>
        </div>
      ))}
    </div>
  )
}

/** Somebody, by the name that people know. */
export function Owner({ did, handle }: { did: string; handle: string | null }) {
  return (
    <Link to="/registry/u/$owner" params={{ owner: handle ?? did }} title={did} className="break">
      {handle ?? shortDid(did)}
    </Link>
  )
}

function Usage() {
  const pages = api.useInfiniteQuery('get', '/admin/registry/usage', {}, PAGED)
  return (
    <Card title={h.usage} flush>
      <Resource of={pages}>
        {({ pages: all }) => {
          const rows = all.flatMap(({ usage }) => usage)
          const most = Math.max(1, ...rows.map(({ bytes: size }) => size))
          return (
            <Table
              label={h.usage}
              rows={rows}
              id={({ did }) => did}
              empty={h.noUsage}
              columns={[
                { title: h.owner, cell: ({ did, handle }) => <Owner did={did} handle={handle} /> },
                { title: h.layers, numeric: true, cell: ({ blobs }) => number(blobs) },
                {
                  title: h.size,
                  numeric: true,
                  cell: ({ bytes: used, limit }) =>
                    limit == null ? bytes(used) : h.of(bytes(used), bytes(limit)),
                },
                {
                  title: h.room,
                  bare: true,
                  cell: (row) => <Bar {...row} most={most} />,
                },
              ]}
            />
          )
        }}
      </Resource>
      <More of={pages} />
    </Card>
  )
}

/** Of the room that they have, or beside whoever has most. */
function Bar({ bytes: used, limit, most }: Schemas['RegistryUsage'] & { most: number }) {
  const share = Math.min(used / Math.max(limit ?? most, 1), 1)
  return (
    <span className="room">
      <svg className="meter" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect width={Math.max(share * 100, 0.5)} height="4" data-limited={limit == null ? undefined : ''} />
      </svg>
      {limit != null && used >= limit ? <Tag color="red">{h.full}</Tag> : null}
    </span>
  )
}

function About({ of }: { of: Hold }) {
  const { did, url, captain, is_public, allow_all_crew, storage } = of
  const facts = [
    [h.name, <Id key="did" value={did} what={h.name} />],
    [h.address, url],
    [h.captain, <Owner key="captain" did={captain.did} handle={captain.handle} />],
    [h.pull, is_public ? h.public : h.private],
    [h.push, allow_all_crew ? h.everybodyPushes : h.crewPushes],
    [h.storage, h.storages[storage as keyof typeof h.storages] ?? storage],
  ] as const
  return (
    <Card title={h.about}>
      <Stack gap="sm">
        <Facts>
          {facts.map(([name, value]) => (
            <Fact key={name} name={name}>
              {value}
            </Fact>
          ))}
        </Facts>
        <Text size="xs" c="dimmed">
          {h.configured}
        </Text>
      </Stack>
    </Card>
  )
}

function Tiers({ of }: { of: Schemas['RegistryTier'][] }) {
  return (
    <Card title={h.tiers} flush>
      <Table
        label={h.tiers}
        rows={of}
        id={({ name }) => name}
        empty={h.noTiers}
        columns={[
          {
            title: h.tier,
            cell: ({ name, is_default }) => (
              <>
                {name} {is_default && <Tag>{h.defaultTier}</Tag>}
              </>
            ),
          },
          { title: h.room, numeric: true, cell: ({ quota }) => bytes(quota) },
        ]}
      />
    </Card>
  )
}
