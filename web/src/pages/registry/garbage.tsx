import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { api, client, type Schemas } from '@/api/client'
import { done, useAct } from '@/components/act'
import { Status, Time } from '@/components/bits'
import { Card } from '@/components/card'
import { bytes, duration, number, did as shortDid } from '@/components/format'
import { Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'

const h = t.hold

type Run = Schemas['RegistryCollection']

/** How often is looked how far it is, and whether somebody else has begun, in milliseconds. */
const [BUSY, IDLE] = [1_000, 10_000]

/** Layers that no image needs: what is done about them, and what came of it. */
export function Garbage({ every, grace }: { every: number; grace: number }) {
  const found = api.useQuery(
    'get',
    '/admin/registry/collect',
    {},
    { refetchInterval: ({ state }) => (state.data?.running ? BUSY : IDLE) },
  )
  const [act, busy] = useAct()
  const begin = () => act(() => done(client.POST('/admin/registry/collect')), h.begun)
  const now = found.data?.collections.find(({ state }) => state === 'running')
  return (
    <Card
      title={h.garbage}
      flush
      actions={
        <Button variant="default" loading={busy} disabled={found.data?.running} onClick={() => void begin()}>
          {h.collect}
        </Button>
      }
    >
      <Stack gap="sm" px="md" pb="md">
        <Text size="sm" c="dimmed">
          {h.garbageHelp(every ? h.every(duration(every)) : h.onDemand, grace ? duration(grace) : h.noGrace)}
        </Text>
        {now && <Now of={now} expected={found.data?.expected ?? null} />}
      </Stack>
      <Resource of={found}>
        {({ collections }) => (
          <Table
            label={h.garbage}
            rows={collections}
            id={({ id }) => String(id)}
            empty={h.noCollections}
            columns={[
              { title: h.when, cell: ({ started_at }) => <Time at={started_at} /> },
              {
                title: h.state,
                cell: ({ state, error }) => (
                  <span title={error ?? undefined}>
                    <Status value={h.states[state]} />
                    {error && <span className="excerpt"> {error}</span>}
                  </span>
                ),
              },
              { title: h.looked, numeric: true, cell: ({ blobs }) => number(blobs) },
              { title: h.removed, numeric: true, cell: ({ garbage }) => number(garbage) },
              { title: h.freed, numeric: true, cell: ({ freed }) => bytes(freed) },
              { title: h.young, numeric: true, cell: ({ young }) => number(young) },
              { title: h.took, numeric: true, cell: took },
              {
                title: h.by,
                cell: ({ actor }) =>
                  actor ? (
                    <span title={actor}>{shortDid(actor)}</span>
                  ) : (
                    <Text span c="dimmed" size="sm">
                      {h.itself}
                    </Text>
                  ),
              },
            ]}
          />
        )}
      </Resource>
    </Card>
  )
}

const took = ({ started_at, ended_at }: Run) =>
  ended_at ? duration((Date.parse(ended_at) - Date.parse(started_at)) / 1000) : '–'

/** The one that is under way. */
function Now({ of: { blobs, garbage, freed }, expected }: { of: Run; expected: number | null }) {
  const share = expected ? Math.min((blobs / expected) * 100, 100) : 0
  const text = expected ? h.progress(number(blobs), number(expected)) : h.seen(number(blobs))
  return (
    <div aria-live="polite">
      <Group justify="space-between" mb={4}>
        <Text size="sm">{text}</Text>
        <Text size="sm">{h.freedSoFar(number(garbage), bytes(freed))}</Text>
      </Group>
      <Progress value={share} aria-label={text} striped={!expected} />
    </div>
  )
}
