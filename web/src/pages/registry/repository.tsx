import { Button, Group, Select, Stack, Tabs, Text, Textarea } from '@mantine/core'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api, client, type Schemas } from '@/api/client'
import { PAGED } from '@/api/paged'
import { useMe } from '@/app/session'
import { confirm, done, useAct } from '@/components/act'
import { Id, Snippet, Tag, Time, Tool } from '@/components/bits'
import { Card } from '@/components/card'
import { bytes, number } from '@/components/format'
import { Icon } from '@/components/icon'
import { More } from '@/components/more'
import { Page } from '@/components/page'
import { Empty, Resource } from '@/components/resource'
import { Rich } from '@/components/rich'
import { Table } from '@/components/table'
import { t } from '@/i18n'
import { nameOf } from './image'
import { Manifest } from './manifest'

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

function About({ of: { name: repository, mine, annotations } }: { of: Repository }) {
  const readme = api.useQuery('get', '/api/registry/repos/readme', { params: { query: { repository } } })
  const [editing, setEditing] = useState<string>()
  const [act, busy] = useAct()
  const save = async () => {
    const request = { params: { query: { repository } }, body: { description: editing ?? '' } }
    if (await act(() => done(client.PUT('/api/registry/repos/page', request)), t.common.saved))
      setEditing(undefined)
  }
  const entries = Object.entries(annotations)
  return (
    <div className="columns">
      <Card
        title={r.readme}
        actions={
          mine && (
            <Button variant="default" size="xs" onClick={() => setEditing(readme.data?.markdown ?? '')}>
              {t.common.edit}
            </Button>
          )
        }
      >
        {editing === undefined ? (
          <Resource of={readme}>
            {({ html }) => (html ? <Rich html={html} /> : <Empty>{r.noReadme}</Empty>)}
          </Resource>
        ) : (
          <Stack>
            <Textarea
              label={r.markdown}
              value={editing}
              onChange={(event) => setEditing(event.currentTarget.value)}
              autosize
              minRows={10}
              maxRows={30}
            />
            <Group>
              <Button onClick={save} loading={busy}>
                {t.common.save}
              </Button>
              <Button variant="default" onClick={() => setEditing(undefined)}>
                {t.common.cancel}
              </Button>
            </Group>
          </Stack>
        )}
      </Card>
      {entries.length > 0 && (
        <Card title={r.annotations} flush>
          <Table
            label={r.annotations}
            rows={entries}
            id={([key]) => key}
            empty=""
            columns={[
              { title: r.key, cell: ([key]) => <span className="break">{key}</span> },
              { title: r.value, cell: ([, value]) => <span className="break">{value}</span> },
            ]}
          />
        </Card>
      )}
    </div>
  )
}

function Tags({ of: { name: repository, mine } }: { of: Repository }) {
  const pages = api.useInfiniteQuery(
    'get',
    '/api/registry/repos/tags',
    { params: { query: { repository } } },
    PAGED,
  )
  const [act] = useAct()
  const remove = (tag: string) =>
    confirm(t.common.confirmDelete(tag), () =>
      act(
        () => done(client.DELETE('/api/registry/repos/tags', { params: { query: { repository, tag } } })),
        t.common.deleted,
      ),
    )
  return (
    <Card flush>
      <Resource of={pages}>
        {({ pages: all }) => (
          <Table
            label={r.tags}
            rows={all.flatMap(({ tags }) => tags)}
            id={({ name }) => name}
            empty={r.noTags}
            columns={[
              {
                title: r.tag,
                cell: ({ name }) => (
                  <Link to="." search={{ tab: 'image', reference: name }}>
                    {name}
                  </Link>
                ),
              },
              { title: r.digest, cell: ({ digest }) => <Id value={digest} /> },
              { title: r.platforms, cell: ({ platforms }) => platforms.join(', ') || '–' },
              { title: r.size, numeric: true, cell: ({ size }) => bytes(size) },
              { title: r.pushed, cell: ({ created_at }) => <Time at={created_at} /> },
              {
                title: t.common.actions,
                bare: true,
                cell: ({ name }) =>
                  mine && (
                    <Tool icon="trash" label={t.common.confirmDelete(name)} onClick={() => remove(name)} />
                  ),
              },
            ]}
          />
        )}
      </Resource>
      <More of={pages} />
    </Card>
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

function Manifests({ of: { name: repository, mine } }: { of: Repository }) {
  const pages = api.useInfiniteQuery(
    'get',
    '/api/registry/repos/manifests',
    { params: { query: { repository } } },
    PAGED,
  )
  const [act] = useAct()
  const remove = (digest: string) =>
    confirm(t.common.confirmDelete(digest), () =>
      act(
        () =>
          done(client.DELETE('/api/registry/repos/manifest', { params: { query: { repository, digest } } })),
        t.common.deleted,
      ),
    )
  return (
    <Card flush>
      <Resource of={pages}>
        {({ pages: all }) => (
          <Table
            label={r.manifests}
            rows={all.flatMap(({ manifests }) => manifests)}
            id={({ digest }) => digest}
            empty={r.noTags}
            columns={[
              {
                title: r.digest,
                cell: ({ digest }) => (
                  <Link to="." search={{ tab: 'image', reference: digest }}>
                    {digest.slice(7, 19)}
                  </Link>
                ),
              },
              { title: r.kind, cell: ({ kind }) => r.kinds[kind] },
              { title: r.platforms, cell: ({ platforms }) => platforms.join(', ') || '–' },
              { title: r.size, numeric: true, cell: ({ size }) => bytes(size) },
              { title: r.hold, cell: ({ hold }) => (hold ? <Id value={hold} /> : '–') },
              { title: r.pushed, cell: ({ created_at }) => <Time at={created_at} /> },
              {
                title: t.common.actions,
                bare: true,
                cell: ({ digest }) =>
                  mine && <Tool icon="trash" label={t.common.delete} onClick={() => remove(digest)} />,
              },
            ]}
          />
        )}
      </Resource>
      <More of={pages} />
    </Card>
  )
}
