import { Button, Group, Select, Stack, Tabs, Text } from '@mantine/core'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { api, client, type Schemas } from '@/api/client'
import { useMe } from '@/app/session'
import { confirm, done, useAct } from '@/components/act'
import { Snippet, Tag, Time } from '@/components/bits'
import { bytes, number } from '@/components/format'
import { Icon } from '@/components/icon'
import { Page } from '@/components/page'
import { Resource } from '@/components/resource'
import { t } from '@/i18n'
import { nameOf } from './image'
import { Manifest } from './manifest'
import { About } from './repository-about'
import { Manifests } from './repository-manifests'
import { Tags } from './repository-tags'

const r = t.registry

type Repository = Schemas['RegistryRepository']

/** One repository: what it is, its tags, what an image is made of. */
export default function RepositoryPage() {
  const { _splat: repository = '' } = useParams({ strict: false }) as { _splat?: string }
  const { tab = 'about' } = useSearch({ strict: false }) as { tab?: string; reference?: string }
  const navigate = useNavigate()
  const query = { params: { query: { repository } } }
  const found = api.useQuery('get', '/api/registry/repos', query)
  return (
    <Page
      title={repository}
      back={{ to: '/registry', label: t.nav.images }}
      intro={found.data && (found.data.title || found.data.description)}
      actions={found.data && <Actions of={found.data} />}
    >
      <Resource of={found}>
        {(one) => (
          <Stack>
            <Facts of={one} />
            <Snippet what={r.pullCommand}>{one.pull}</Snippet>
            <Tabs
              value={tab}
              onChange={(tab) => void navigate({ to: '.', search: { tab: tab ?? 'about' }, replace: true })}
              keepMounted={false}
            >
              <Tabs.List mb="md">
                <Tabs.Tab value="about">{r.about}</Tabs.Tab>
                <Tabs.Tab value="tags">{r.tags}</Tabs.Tab>
                <Tabs.Tab value="image">{r.image}</Tabs.Tab>
                <Tabs.Tab value="manifests">{r.manifests}</Tabs.Tab>
              </Tabs.List>
              <Tabs.Panel value="about">
                <About of={one} />
              </Tabs.Panel>
              <Tabs.Panel value="tags">
                <Tags of={one} />
              </Tabs.Panel>
              <Tabs.Panel value="image">
                <Image of={one} />
              </Tabs.Panel>
              <Tabs.Panel value="manifests">
                <Manifests of={one} />
              </Tabs.Panel>
            </Tabs>
          </Stack>
        )}
      </Resource>
    </Page>
  )
}

function Actions({ of: { name: repository, starred, stars, mine } }: { of: Repository }) {
  const me = useMe()
  const [act, busy] = useAct()
  const navigate = useNavigate()
  const query = { params: { query: { repository } } }
  const star = () =>
    act(() =>
      done(starred ? client.DELETE('/api/registry/stars', query) : client.POST('/api/registry/stars', query)),
    )
  const remove = () =>
    confirm(
      t.common.confirmDelete(repository),
      async () => {
        const gone = await act(async () => {
          let more = true
          while (more) more = (await done(client.DELETE('/api/registry/repos', query))).more
        }, t.common.deleted)
        if (gone) void navigate({ to: '/registry' })
      },
      r.removeHelp,
    )
  return (
    <>
      <Button
        variant={starred ? 'filled' : 'default'}
        leftSection={<Icon name="star" size={16} />}
        loading={busy}
        disabled={!me.data}
        onClick={star}
        aria-pressed={starred}
      >
        {starred ? r.starredByMe : r.star} · {number(stars)}
      </Button>
      {mine && (
        <Button variant="default" onClick={remove}>
          {t.common.delete}
        </Button>
      )}
    </>
  )
}

function Facts({ of: { owner, stats, size, pushed_at, platforms, partial } }: { of: Repository }) {
  return (
    <Group gap="md">
      <Link to="/registry/u/$owner" params={{ owner: nameOf(owner) }}>
        {nameOf(owner)}
      </Link>
      <Text size="sm" c="dimmed">
        {r.pulls(stats.pulls)} · {bytes(size)} · {r.pushed} <Time at={pushed_at} />
      </Text>
      {platforms.map((platform) => (
        <Tag key={platform}>{platform}</Tag>
      ))}
      {partial && <Tag color="yellow">{r.partial}</Tag>}
    </Group>
  )
}

function Image({ of: { name: repository, tag, digest } }: { of: Repository }) {
  const { reference = tag ?? digest } = useSearch({ strict: false }) as { reference?: string }
  const navigate = useNavigate()
  const tags = api.useQuery('get', '/api/registry/repos/tags', {
    params: { query: { repository, limit: 100 } },
  })
  const manifest = api.useQuery('get', '/api/registry/repos/manifest', {
    params: { query: { repository, reference } },
  })
  const names = [...new Set([reference, ...(tags.data?.tags.map(({ name }) => name) ?? [])])]
  return (
    <Stack>
      <Select
        label={r.tagOrDigest}
        data={names}
        value={reference}
        onChange={(value) => value && void navigate({ to: '.', search: { tab: 'image', reference: value } })}
        searchable
        allowDeselect={false}
        maw={420}
      />
      <Resource of={manifest}>{(found) => <Manifest of={found} repository={repository} />}</Resource>
    </Stack>
  )
}
