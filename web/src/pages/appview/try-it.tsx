import { Button, Group, Stack, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Schemas } from '@/api/client'
import { type Answer, call } from '@/api/xrpc'
import { Status } from '@/components/bits'
import { Card } from '@/components/card'
import { Code } from '@/components/code'
import { duration } from '@/components/format'
import { Json } from '@/components/json'
import { t } from '@/i18n'
import { ParameterFields } from './parameter-fields'
import { type Parameter, parametersOf, type Values, written } from './parameters'

const l = t.appview.lexicons

/** What every list query takes, whatever its lexicon says. */
const ALWAYS: Parameter[] = ['limit', 'cursor', 'uri'].map((name) => ({
  name,
  schema: { type: name === 'limit' ? 'integer' : 'string' },
  required: false,
}))

/** Calls a method as a client would, in the name of whoever is signed in. */
export function TryIt({ lexicon }: { lexicon: Schemas['Lexicon'] }) {
  const { id, lexicon_type, lexicon_json } = lexicon
  const isQuery = lexicon_type === 'query'
  const declared = parametersOf(lexicon_json)
  const always = ALWAYS.filter(({ name }) => isQuery && declared.every((one) => one.name !== name))
  const [values, setValues] = useState<Values>(isQuery ? { limit: ['5'] } : {})
  const [input, setInput] = useState('{\n  \n}')
  const [answer, setAnswer] = useState<Answer>()
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setAnswer(await call(id, written(values), isQuery ? undefined : input))
    setBusy(false)
  }
  return (
    <div className="columns">
      <Card title={l.request}>
        <form onSubmit={submit}>
          <Stack>
            <ParameterFields parameters={[...always, ...declared]} values={values} onChange={setValues} />
            {!isQuery && <Code value={input} onChange={setInput} language="json" label={l.input} />}
            <Group>
              <Button type="submit" loading={busy}>
                {l.call}
              </Button>
            </Group>
          </Stack>
        </form>
      </Card>
      <Card title={l.answer}>
        {answer ? (
          <Stack gap="xs">
            <Group gap="xs">
              <Status value={String(answer.status)} />
              <Text size="sm" c="dimmed">
                {duration(answer.seconds)}
              </Text>
            </Group>
            {answer.headers.map(([name, value]) => (
              <Text key={name} size="xs" c="dimmed" className="break">
                {name}: {value}
              </Text>
            ))}
            <Json value={answer.body} label={l.answer} />
          </Stack>
        ) : (
          <Text size="sm" c="dimmed">
            {l.noAnswer}
          </Text>
        )}
      </Card>
    </div>
  )
}
