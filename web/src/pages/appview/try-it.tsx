import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Schemas } from '@/api/client'
import { at } from '@/app/base'
import { Status } from '@/components/bits'
import { Card } from '@/components/card'
import { Code } from '@/components/code'
import { duration } from '@/components/format'
import { Json } from '@/components/json'
import { t } from '@/i18n'
import { limits, typeOf } from './lexicon-docs'

const l = t.appview.lexicons

interface Answer {
  status: number
  seconds: number
  headers: [string, string][]
  body: unknown
}

/** What is worth showing of the head of an answer. */
const HEADERS = /^(ratelimit-|retry-after|atproto-|content-type)/

/** What every list query takes, whatever its lexicon says. */
const ALWAYS = { limit: { type: 'integer' }, cursor: { type: 'string' }, uri: { type: 'string' } }

type Fields = Record<string, { type?: string; description?: string }>

/** Calls a method as a client would, in the name of whoever is signed in. */
export function TryIt({ lexicon }: { lexicon: Schemas['Lexicon'] }) {
  const { id, lexicon_type, lexicon_json } = lexicon
  const main = (
    lexicon_json as { defs?: { main?: { parameters?: { properties?: Fields; required?: string[] } } } }
  )?.defs?.main
  const isQuery = lexicon_type === 'query'
  const fields: Fields = { ...(isQuery ? ALWAYS : {}), ...main?.parameters?.properties }
  const [values, setValues] = useState<Record<string, string>>(isQuery ? { limit: '5' } : {})
  const [input, setInput] = useState('{\n  \n}')
  const [answer, setAnswer] = useState<Answer>()
  const [busy, setBusy] = useState(false)
  const call = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== ''))
    const path = `/xrpc/${encodeURIComponent(id)}${query.size ? `?${query}` : ''}`
    setAnswer(await ask(path, isQuery ? undefined : input))
    setBusy(false)
  }
  return (
    <div className="columns">
      <Card title={l.request}>
        <form onSubmit={call}>
          <Stack>
            {Object.entries(fields).map(([name, schema]) => (
              <TextInput
                key={name}
                label={name}
                description={[typeOf(schema), limits(schema), schema.description].filter(Boolean).join(' · ')}
                value={values[name] ?? ''}
                required={main?.parameters?.required?.includes(name) ?? false}
                onChange={({ currentTarget: { value } }) =>
                  setValues((before) => ({ ...before, [name]: value }))
                }
              />
            ))}
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

async function ask(path: string, input?: string): Promise<Answer> {
  const begun = performance.now()
  try {
    const response = await fetch(at(path), {
      method: input === undefined ? 'GET' : 'POST',
      body: input,
      headers: input === undefined ? {} : { 'content-type': 'application/json' },
    })
    const text = await response.text()
    const seconds = (performance.now() - begun) / 1000
    const headers = [...response.headers].filter(([name]) => HEADERS.test(name))
    return { status: response.status, seconds, headers, body: parsed(text) }
  } catch (error) {
    return { status: 0, seconds: (performance.now() - begun) / 1000, headers: [], body: String(error) }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
