import { Button, Group, Stack, Tabs, Text } from '@mantine/core'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { api, client, type Schemas } from '@/api/client'
import { confirm, done, useAct } from '@/components/act'
import { Id, Tag, Time } from '@/components/bits'
import { Card } from '@/components/card'
import { Fact, Facts } from '@/components/facts'

import { Json } from '@/components/json'
import { Name } from '@/components/name'
import { Page } from '@/components/page'
import { Empty, Resource, Waiting } from '@/components/resource'
import { t } from '@/i18n'
import { AddLexicon } from './add-lexicon'
import { kept } from './kept'
import { LexiconDocs } from './lexicon-docs'
import { TryIt } from './try-it'
import { Validation } from './validation'

const QueryWay = lazy(() => import('./query-way'))

const l = t.appview.lexicons

/** One lexicon: what it says, what it does here, and a place to try it. */
export default function Lexicon() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { tab = 'docs', where = '' } = useSearch({ strict: false }) as { tab?: string; where?: string }
  const navigate = useNavigate()
  const lexicon = api.useQuery('get', '/admin/lexicons/{id}', { params: { path: { id } } })
  const [act] = useAct()
  const remove = () =>
    confirm(
      t.common.confirmDelete(id),
      async () => {
        const path = { params: { path: { id } } }
        const gone =
          lexicon.data?.source === 'network'
            ? () => done(client.DELETE('/admin/network-lexicons/{nsid}', { params: { path: { nsid: id } } }))
            : () => done(client.DELETE('/admin/lexicons/{id}', path))
        if (await act(gone, t.common.deleted)) void navigate({ to: '/lexicons' })
      },
      l.removeHelp,
    )
  return (
    <Page
      title={id}
      back={{ to: '/lexicons', label: t.nav.lexicons }}
      actions={
        <Button variant="default" onClick={remove}>
          {t.common.delete}
        </Button>
      }
    >
      <Resource of={lexicon}>
        {(found) => (
          <Stack>
            <About lexicon={found} />
            <Tabs
              value={tab}
              onChange={(tab) => void navigate({ to: '.', search: { tab: tab ?? 'docs' }, replace: true })}
              keepMounted={false}
            >
              <Tabs.List mb="md">
                <Tabs.Tab value="docs">{l.docs}</Tabs.Tab>
                {isCallable(found) && <Tabs.Tab value="try">{l.tryIt}</Tabs.Tab>}
                {found.lexicon_type === 'query' && <Tabs.Tab value="how">{t.appview.queries.tab}</Tabs.Tab>}
                <Tabs.Tab value="scripts">{t.nav.scripts}</Tabs.Tab>
                <Tabs.Tab value="edit">{t.common.edit}</Tabs.Tab>
                <Tabs.Tab value="json">{t.common.json}</Tabs.Tab>
              </Tabs.List>
              <Tabs.Panel value="docs">
                <LexiconDocs lexicon={found.lexicon_json as Record<string, unknown>} />
              </Tabs.Panel>
              <Tabs.Panel value="try">
                <TryIt lexicon={found} />
              </Tabs.Panel>
              <Tabs.Panel value="how">
                <Suspense fallback={<Waiting lines={6} />}>
                  <QueryWay
                    lexicon={found}
                    asked={where}
                    ask={(where) => void navigate({ to: '.', search: { tab: 'how', where }, replace: true })}
                  />
                </Suspense>
              </Tabs.Panel>
              <Tabs.Panel value="scripts">
                <Scripts id={id} type={found.lexicon_type} />
              </Tabs.Panel>
              <Tabs.Panel value="edit">
                <Card>
                  <AddLexicon
                    source={JSON.stringify(found.lexicon_json, null, 2)}
                    target={found.target_collection ?? ''}
                    kept={kept(found)}
                    added={() => void navigate({ to: '.', search: { tab: 'docs' } })}
                  />
                </Card>
              </Tabs.Panel>
              <Tabs.Panel value="json">
                <Json value={found.lexicon_json} label={id} />
              </Tabs.Panel>
            </Tabs>
          </Stack>
        )}
      </Resource>
    </Page>
  )
}

const isCallable = ({ lexicon_type }: Schemas['Lexicon']) => ['query', 'procedure'].includes(lexicon_type)

function About({ lexicon }: { lexicon: Schemas['Lexicon'] }) {
  const { id, lexicon_type, revision, target_collection, authority_did, source, updated_at, token_cost } =
    lexicon
  return (
    <Card>
      <Facts>
        <Fact name={l.type}>
          <Tag>{lexicon_type}</Tag>
        </Fact>
        <Fact name={l.source}>
          {source === 'network' && authority_did ? <Id value={authority_did} /> : l.fromHere}
        </Fact>
        <Fact name={l.revision}>{revision}</Fact>
        <Fact name={l.changed}>
          <Time at={updated_at} />
        </Fact>
        {lexicon_type === 'record' && (
          <Fact name={t.nav.records}>
            <Link to="/records" search={{ collection: id }}>
              {l.seeRecords}
            </Link>
          </Fact>
        )}
        {target_collection && (
          <Fact name={l.target}>
            <Link to="/records" search={{ collection: target_collection }}>
              <Name>{target_collection}</Name>
            </Link>
          </Fact>
        )}
        {token_cost != null && <Fact name={l.cost}>{token_cost}</Fact>}
      </Facts>
      {lexicon_type === 'record' && <Validation lexicon={lexicon} />}
    </Card>
  )
}

/** The triggers that a lexicon of this type can have a script for. */
const triggers = (id: string, type: string) =>
  type === 'record'
    ? ['record.index', 'record.create', 'record.update', 'record.delete', 'labeler.apply'].map(
        (kind) => `${kind}:${id}`,
      )
    : type === 'query' || type === 'procedure'
      ? [`xrpc.${type}:${id}`]
      : []

function Scripts({ id, type }: { id: string; type: string }) {
  const scripts = api.useQuery('get', '/admin/scripts', { params: { query: { suffix: id } } })
  const wanted = triggers(id, type)
  if (wanted.length === 0) return <Empty>{l.noTriggers}</Empty>
  return (
    <Card>
      <Resource of={scripts}>
        {(found) => (
          <Stack gap="xs">
            {wanted.map((trigger) => (
              <Group key={trigger} justify="space-between">
                <Text size="sm" className="break">
                  {trigger}
                </Text>
                {found.some(({ id }) => id === trigger) ? (
                  <Link to="/scripts/$id" params={{ id: trigger }}>
                    {l.openScript}
                  </Link>
                ) : (
                  <Link to="/scripts/new" search={{ trigger }}>
                    {l.writeScript}
                  </Link>
                )}
              </Group>
            ))}
          </Stack>
        )}
      </Resource>
    </Card>
  )
}
