import { Alert, Button, Group, NativeSelect, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, type Schemas } from '@/api/client'
import { address } from '@/api/links'
import { answerOf } from '@/api/xrpc'
import { Card } from '@/components/card'
import { Json } from '@/components/json'
import { More } from '@/components/more'
import { Resource } from '@/components/resource'
import { t } from '@/i18n'
import { ParameterFields } from './parameter-fields'
import { type Parameter, parametersOf, read, written } from './parameters'
import { RecordTable, type Row } from './record-table'

const s = t.appview.records.search

type Query = Schemas['Query']

interface Props {
  collection: string
  /** The query that is searched with, and with what, as it stands in an address. */
  query?: string
  where?: string
  ask: (query?: string, where?: string) => void
}

/** A collection's records by fields and words, with the queries that there are for it. */
export function RecordSearch({ collection, query, where = '', ask }: Props) {
  const queries = api.useQuery('get', '/admin/queries')
  if (!queries.data) return null
  const all = queries.data.filter((one) => one.collection === collection)
  if (!all.some(({ parameters }) => parameters.length > 0) && !query)
    return <Declare collection={collection} />
  const chosen = all.find(({ nsid }) => nsid === query)
  return (
    <>
      <Card>
        <Stack>
          <NativeSelect
            label={s.with}
            value={query ?? ''}
            onChange={({ currentTarget }) => ask(currentTarget.value || undefined)}
            data={[{ value: '', label: s.none }, ...all.map(({ nsid }) => nsid)]}
            maw={480}
          />
          {chosen && <Form key={chosen.nsid} query={chosen} where={where} ask={ask} />}
        </Stack>
      </Card>
      {chosen && <Results key={`${chosen.nsid} ${where}`} query={chosen.nsid} where={where} />}
    </>
  )
}

const OWN = ['limit', 'cursor', 'uri']

interface FormProps {
  query: Query
  where: string
  ask: Props['ask']
}

function Form({ query, where, ask }: FormProps) {
  const lexicon = api.useQuery('get', '/admin/lexicons/{id}', { params: { path: { id: query.nsid } } })
  const [values, setValues] = useState(read(where))
  const meanings = new Map(query.parameters.map(({ name, meaning }) => [name, meaning]))
  const meansNothing = (name: string) => meanings.get(name)?.startsWith('nothing:') ?? false
  const says = ({ name, schema }: Parameter) => meanings.get(name) ?? schema.description ?? ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    ask(query.nsid, written(values))
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Resource of={lexicon}>
          {({ lexicon_json }) => (
            <ParameterFields
              parameters={parametersOf(lexicon_json).filter(
                ({ name }) => !OWN.includes(name) && !meansNothing(name),
              )}
              values={values}
              onChange={setValues}
              says={says}
              columns={3}
            />
          )}
        </Resource>
        {query.parameters
          .filter(({ name }) => meansNothing(name))
          .map(({ name, meaning }) => (
            <Text key={name} size="xs" c="dimmed" className="break">
              {s.ignored(name, meaning)}
            </Text>
          ))}
        <Group>
          <Button type="submit">{s.go}</Button>
          <Button
            variant="default"
            onClick={() => {
              setValues({})
              ask(query.nsid)
            }}
          >
            {s.clear}
          </Button>
          <Link
            to="/lexicons/$id"
            params={{ id: query.nsid }}
            search={{ tab: 'how', where: written(values) }}
            className="beside"
          >
            {s.how}
          </Link>
        </Group>
      </Stack>
    </form>
  )
}

/** A page of what the query answers: records, unless a script has another idea. */
interface Answered {
  records?: { uri?: unknown }[]
  cursor?: string
}

function Results({ query, where }: { query: string; where: string }) {
  const pages = useInfiniteQuery({
    queryKey: ['xrpc', query, where],
    queryFn: async ({ pageParam }) => {
      const asked = new URLSearchParams(where)
      asked.set('limit', '50')
      if (pageParam) asked.set('cursor', pageParam)
      return (await answerOf(query, String(asked))) as Answered
    },
    initialPageParam: '',
    getNextPageParam: ({ cursor }) => (typeof cursor === 'string' ? cursor : undefined),
  })
  return (
    <Card title={s.results} flush>
      <Resource of={pages} lines={8}>
        {({ pages: all }) =>
          all.every(isList) ? (
            <RecordTable label={s.results} rows={all.flatMap(rows)} empty={s.nothing} />
          ) : (
            <Stack p="md">
              <Text size="sm">{s.other}</Text>
              <Json value={all[0]} label={s.results} />
            </Stack>
          )
        }
      </Resource>
      <More of={pages} />
    </Card>
  )
}

const isList = ({ records }: Answered) =>
  Array.isArray(records) && records.every((one) => typeof one?.uri === 'string' && address(one.uri))

const rows = ({ records = [] }: Answered): Row[] =>
  records.flatMap(({ uri, ...record }) => {
    const found = address(String(uri))
    return found ? [{ ...found, record }] : []
  })

/** What to do where nothing can be searched yet. */
function Declare({ collection }: { collection: string }) {
  return (
    <Alert variant="light" color="gray" title={s.declare} className="told">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{s.declareHelp}</Text>
        <Button
          size="xs"
          variant="default"
          renderRoot={(props) => <Link to="/lexicons/new" search={{ query: collection }} {...props} />}
        >
          {s.draft}
        </Button>
      </Stack>
    </Alert>
  )
}
