import { Alert, Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { client, type Schemas } from '@/api/client'
import { done, tell, useAct } from '@/components/act'
import { Status } from '@/components/bits'
import { Card } from '@/components/card'
import { Code } from '@/components/code'
import { bytes, number } from '@/components/format'
import { Json } from '@/components/json'
import { t } from '@/i18n'
import { BEGINNINGS, WORDS } from './script-words'

const s = t.appview.scripts

interface Props {
  /** The kind of trigger, such as `record.index`. */
  kind: string
  /** What it is for; empty while nobody has said. */
  trigger: string
  script?: Schemas['Script']
  stored: (id: string) => void
}

/** Where a script is written and tried. */
export function Workbench({ kind, trigger, script, stored }: Props) {
  const [body, setBody] = useState(script?.body ?? BEGINNINGS[kind.split('.')[0] ?? ''] ?? '')
  const [description, setDescription] = useState(script?.description ?? '')
  const [trial, setTrial] = useState<Schemas['ScriptTestResult']>()
  const [act, busy] = useAct()
  const store = async () => {
    const request = { id: trigger, body, ...(description ? { description } : {}) }
    if (await act(() => done(client.POST('/admin/scripts', { body: request })), s.stored)) stored(trigger)
  }
  const problems = trial?.error ? [{ line: trial.line ?? 1, message: trial.error }] : []
  return (
    <div className="columns">
      <Card>
        <Stack>
          {script?.file && <Alert color="yellow">{s.fromFile(script.file)}</Alert>}
          <Code
            value={body}
            onChange={setBody}
            language="lua"
            label={s.editor}
            words={WORDS}
            problems={problems}
          />
          <TextInput
            label={s.description}
            value={description}
            maxLength={300}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <Group>
            <Button onClick={store} loading={busy} disabled={!trigger || !!script?.file}>
              {s.store}
            </Button>
          </Group>
        </Stack>
      </Card>
      <Trial kind={kind} trigger={trigger} body={body} tried={setTrial} trial={trial} />
    </div>
  )
}

interface TrialProps {
  kind: string
  trigger: string
  body: string
  trial: Schemas['ScriptTestResult'] | undefined
  tried: (result: Schemas['ScriptTestResult']) => void
}

function Trial({ kind, trigger, body, trial, tried }: TrialProps) {
  const [uri, setUri] = useState('')
  const [event, setEvent] = useState('')
  const [act, busy] = useAct()
  const isAboutRecords = kind.startsWith('record.')
  const run = () => {
    let given: Record<string, never> | undefined
    try {
      if (event.trim()) given = JSON.parse(event)
    } catch {
      return tell(s.badEvent, 'red')
    }
    const request: Schemas['ScriptTest'] = {
      body,
      ...(uri ? { uri } : {}),
      ...(given ? { event: given } : {}),
    }
    return act(async () => {
      const path = { params: { path: { id: trigger } }, body: request }
      tried(await done(client.POST('/admin/scripts/{id}/test', path)))
    })
  }
  return (
    <Card title={s.trial}>
      <Stack>
        <Text size="sm" c="dimmed">
          {s.trialHelp}
        </Text>
        {isAboutRecords ? (
          <TextInput
            label={s.uri}
            description={s.uriHelp}
            placeholder="at://"
            value={uri}
            onChange={({ currentTarget }) => setUri(currentTarget.value)}
          />
        ) : (
          <Textarea
            label={s.event}
            description={s.eventHelp}
            value={event}
            onChange={({ currentTarget }) => setEvent(currentTarget.value)}
            autosize
            minRows={2}
          />
        )}
        <Group>
          <Button variant="default" onClick={run} loading={busy} disabled={!trigger}>
            {s.run}
          </Button>
        </Group>
        <div aria-live="polite">{trial && <Outcome trial={trial} />}</div>
      </Stack>
    </Card>
  )
}

function Outcome({ trial }: { trial: Schemas['ScriptTestResult'] }) {
  const { error, line, source_line, outcome, result, record, log, elapsed_us, instructions, memory_bytes } =
    trial
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Status value={error ? 'error' : (outcome ?? 'completed')} />
        <Text size="sm" c="dimmed">
          {s.took(`${(elapsed_us / 1000).toFixed(2)} ms`, number(instructions), bytes(memory_bytes))}
        </Text>
      </Group>
      {error && (
        <Alert color="red" title={line ? s.failedAt(line) : undefined}>
          <Text size="sm" className="break">
            {error}
          </Text>
          {source_line && <code>{source_line}</code>}
        </Alert>
      )}
      {!error && <Json value={record ?? result} label={s.result} />}
      <Text size="sm" fw={600}>
        {s.log}
      </Text>
      <div className="log">{log.length ? log.join('\n') : s.noLog}</div>
    </Stack>
  )
}
