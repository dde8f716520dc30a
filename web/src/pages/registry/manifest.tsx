import { Alert, Group, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { api, type Schemas } from '@/api/client'
import { Id, Snippet, Tag, Time } from '@/components/bits'
import { Card } from '@/components/card'
import { bytes, short } from '@/components/format'
import { Json } from '@/components/json'
import { Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'
import { parts } from './layers'

const r = t.registry

type Found = Schemas['RegistryManifest']

/** A manifest taken apart. */
export function Manifest({ of, repository }: { of: Found; repository: string }) {
  const { kind, size, created_at, hold, tags, layers, manifests, config, raw } = of
  return (
    <Stack>
      <Group gap="xs">
        <Id value={of.digest} />
        <Tag>{r.kinds[kind]}</Tag>
        {tags.map((tag) => (
          <Tag key={tag} color="teal">
            {tag}
          </Tag>
        ))}
        <Text size="sm" c="dimmed">
          {bytes(size)} · <Time at={created_at} /> · {of.media_type}
        </Text>
      </Group>
      {!hold.here && hold.did && <Alert color="yellow">{r.elsewhere(hold.did)}</Alert>}
      {manifests.length > 0 && <Platforms of={manifests} />}
      {layers.length > 0 && <Layers of={layers} />}
      {config && <Config of={config} />}
      <Referrers repository={repository} digest={of.digest} />
      {raw && (
        <Card title={r.raw}>
          <Json value={raw} label={t.common.json} />
        </Card>
      )}
    </Stack>
  )
}

/** Layers beside each other, as wide as they are heavy, and the list of them. */
function Layers({ of }: { of: Schemas['RegistryLayer'][] }) {
  const shapes = parts(of.map(({ size }) => size))
  const total = of.reduce((sum, { size }) => sum + size, 0)
  return (
    <Card title={r.layers(of.length, bytes(total))}>
      <svg
        className="layers"
        viewBox="0 0 1000 40"
        preserveAspectRatio="none"
        role="img"
        aria-label={r.picture}
      >
        {shapes.map(({ from, width }, index) => (
          <rect
            key={of[index]?.digest ?? index}
            x={from * 1000}
            width={Math.max(width * 1000 - 2, 1)}
            height="40"
            data-tone={index % 4}
          >
            <title>{`${of[index]?.command ?? short(of[index]?.digest ?? '')} – ${bytes(of[index]?.size ?? 0)}`}</title>
          </rect>
        ))}
      </svg>
      <ol className="layer-list">
        {of.map(({ digest, size, command, title, media_type }) => (
          <li key={digest}>
            <code className="break">{command ?? title ?? media_type}</code>
            <span className="nowrap">
              {bytes(size)} <Id value={digest} length={10} />
            </span>
          </li>
        ))}
      </ol>
    </Card>
  )
}

function Platforms({ of }: { of: Schemas['RegistryIndexEntry'][] }) {
  return (
    <Card title={r.platforms} flush>
      <Table
        label={r.platforms}
        rows={of}
        id={({ digest }) => digest}
        empty=""
        columns={[
          {
            title: r.platform,
            cell: ({ digest, platform, os_version }) => (
              <Link to="." search={{ tab: 'image', reference: digest }}>
                {[platform ?? short(digest), os_version].filter(Boolean).join(' ')}
              </Link>
            ),
          },
          { title: r.digest, cell: ({ digest }) => <Id value={digest} /> },
          { title: r.size, numeric: true, cell: ({ size }) => bytes(size) },
          { title: r.attestations, cell: ({ attestations }) => attestations.length || '–' },
        ]}
      />
    </Card>
  )
}

function Config({ of }: { of: Schemas['RegistryImageConfig'] }) {
  const { entrypoint, cmd, env, exposed_ports, user, working_dir, labels, history } = of
  const lines: [string, string][] = [
    [r.entrypoint, entrypoint.join(' ')],
    [r.cmd, cmd.join(' ')],
    [r.user, user ?? ''],
    [r.folder, working_dir ?? ''],
    [r.ports, exposed_ports.join(', ')],
    [r.env, env.join('\n')],
    [
      r.labels,
      Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join('\n'),
    ],
    [r.history, history.map(({ command }) => command ?? '').join('\n')],
  ]
  return (
    <Card title={r.config}>
      <Stack gap="xs">
        {lines.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <Text size="xs" c="dimmed">
                  {name}
                </Text>
                <Snippet what={name}>{value}</Snippet>
              </div>
            ),
        )}
      </Stack>
    </Card>
  )
}

function Referrers({ repository, digest }: { repository: string; digest: string }) {
  const found = api.useQuery('get', '/api/registry/repos/referrers', {
    params: { query: { repository, digest } },
  })
  if (!found.data?.referrers.length) return null
  return (
    <Card title={r.referrers} flush>
      <Resource of={found}>
        {({ referrers }) => (
          <Table
            label={r.referrers}
            rows={referrers}
            id={({ digest }) => digest}
            empty=""
            columns={[
              { title: r.kind, cell: ({ artifact_type, media_type }) => artifact_type ?? media_type },
              { title: r.digest, cell: ({ digest }) => <Id value={digest} /> },
              { title: r.size, numeric: true, cell: ({ size }) => bytes(size) },
            ]}
          />
        )}
      </Resource>
    </Card>
  )
}
