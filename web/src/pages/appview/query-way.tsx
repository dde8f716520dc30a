import { Button, Group, Stack, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { api, type Schemas } from '@/api/client'
import { useWay } from '@/api/use-way'
import { costOf, type Explained, wayOf } from '@/api/way'
import { Card } from '@/components/card'
import { Fact, Facts } from '@/components/facts'

import { number } from '@/components/format'
import { Json } from '@/components/json'
import { Empty, Resource } from '@/components/resource'
import { Table } from '@/components/table'
import { t } from '@/i18n'
import { Cost } from './cost'
import { againAfter, Indexes } from './indexes'
import { ParameterFields } from './parameter-fields'
import { parametersOf, read, written } from './parameters'

const q = t.appview.queries

interface Props {
  lexicon: Schemas['Lexicon']
  /** What is asked for, as it stands in an address. */
  asked: string
  ask: (query: string) => void
}

/** What a query is answered with: for a call, and which indexes it has. */
export default function QueryWay({ lexicon, asked, ask }: Props) {
  const { id, target_collection, lexicon_json } = lexicon
  const scripts = api.useQuery('get', '/admin/scripts')
  const scripted = scripts.data?.some((script) => script.id === `xrpc.query:${id}`)
  if (!target_collection) return <Empty>{q.noTarget}</Empty>
  return (
    <Stack>
      <Text size="sm" c={scripted ? undefined : 'dimmed'}>
        {scripted ? q.scripted : q.tabIntro}
      </Text>
      <Form document={lexicon_json} asked={asked} ask={ask} />
      <Way nsid={id} query={asked} />
      <Meanings nsid={id} />
    </Stack>
  )
}

function Form({ document, asked, ask }: { document: unknown; asked: string; ask: (query: string) => void }) {
  const [values, setValues] = useState(read(asked))
  const parameters = parametersOf(document).filter(({ name }) => name !== 'cursor')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    ask(written(values))
  }
  return (
    <Card title={t.appview.lexicons.request}>
      <form onSubmit={submit}>
        <Stack>
          <ParameterFields parameters={parameters} values={values} onChange={setValues} columns={3} />
          <Group>
            <Button type="submit">{q.ask}</Button>
          </Group>
        </Stack>
      </form>
    </Card>
  )
}

function Way({ nsid, query }: { nsid: string; query: string }) {
  const way = useWay(nsid, query)
  return (
    <Card title={q.answer}>
      <div aria-live="polite">
        <Resource of={way} lines={6}>
          {(found) => (
            <Stack>
              <Told way={found} />
              <details>
                <summary>{q.raw}</summary>
                <Json value={found} label={q.raw} />
              </details>
            </Stack>
          )}
        </Resource>
      </div>
    </Card>
  )
}

/** The way, for somebody who reads. */
function Told({ way }: { way: Explained }) {
  const { index_description, order, looked_up, looked_at, candidates, sorts } = way
  const cost = costOf(way)
  const kind = wayOf(way)
  return (
    <>
      <div>
        <Cost of={way}>{q.costs[cost]}</Cost>
        <Text size="sm">{q.sentences[kind] ?? kind}</Text>
      </div>
      <Facts>
        <Fact name={q.index}>{index_description ?? q.noIndex}</Fact>
        <Fact name={q.order}>{order}</Fact>
        <Fact name={q.lookedUp} help={q.lookedUpHelp}>
          <Conditions of={looked_up} />
        </Fact>
        <Fact name={q.lookedAt} help={q.lookedAtHelp}>
          <Conditions of={looked_at} />
        </Fact>
        {candidates != null && (
          <Fact name={q.candidates} help={sorts ? q.sorts : undefined}>
            {number(candidates)}
          </Fact>
        )}
      </Facts>
      {cost === 'dear' && (
        <Text size="sm" c="dimmed">
          {q.advice}
        </Text>
      )}
    </>
  )
}

function Conditions({ of }: { of: string[] }) {
  if (of.length === 0) return q.nothing
  return of.map((condition) => (
    <code key={condition} className="condition">
      {condition}
    </code>
  ))
}

function Meanings({ nsid }: { nsid: string }) {
  const queries = api.useQuery(
    'get',
    '/admin/queries',
    {},
    { refetchInterval: ({ state }) => againAfter(state.data?.find((one) => one.nsid === nsid)?.indexes) },
  )
  return (
    <Resource of={queries}>
      {(all) => {
        const { parameters = [], indexes = [] } = all.find((one) => one.nsid === nsid) ?? {}
        return (
          <>
            <Card title={q.parameters} flush>
              <Table
                label={q.parameters}
                rows={parameters}
                id={({ name }) => name}
                empty={q.noParameters}
                columns={[
                  { title: t.appview.lexicons.name, cell: ({ name }) => <code>{name}</code> },
                  { title: q.meaning, cell: ({ meaning }) => <span className="break">{meaning}</span> },
                ]}
              />
            </Card>
            {indexes.length > 0 && (
              <Card title={q.asked} flush>
                <Indexes indexes={indexes} label={q.asked} empty={q.noIndexes} />
              </Card>
            )}
          </>
        )
      }}
    </Resource>
  )
}
