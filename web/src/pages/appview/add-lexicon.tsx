import { Button, Checkbox, FileButton, Group, Select, Stack, Tabs, Text, TextInput } from '@mantine/core'
import { useMemo, useState } from 'react'
import { api, client, type Schemas } from '@/api/client'
import { done, tellError, useAct } from '@/components/act'
import { Code } from '@/components/code'
import { Json } from '@/components/json'
import { t } from '@/i18n'
import { check } from './lexicon-check'
import { SAMPLES, sample, targetOf } from './samples'

const l = t.appview.lexicons

/** Longer than any lexicon that makes sense; the server says so too. */
const LONGEST = 1_000_000

interface Props {
  /** What one begins with. */
  source?: string
  target?: string
  /** What else was said of it, and stays. */
  kept?: Partial<Schemas['NewLexicon']>
  added: (id: string) => void
}

/** A lexicon from a sample, a file, what somebody writes, or the network. */
export function AddLexicon({ source: given = '', target = '', kept = {}, added }: Props) {
  return (
    <Tabs defaultValue="write" keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="write">{l.write}</Tabs.Tab>
        <Tabs.Tab value="network">{l.network}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="write">
        <Write source={given} target={target} kept={kept} added={added} />
      </Tabs.Panel>
      <Tabs.Panel value="network">
        <FromNetwork added={added} />
      </Tabs.Panel>
    </Tabs>
  )
}

function Write({ source: given, target: givenTarget, kept, added }: Required<Props>) {
  const [source, setSource] = useState(given)
  const [target, setTarget] = useState(givenTarget)
  const [backfill, setBackfill] = useState(kept.backfill ?? true)
  const [act, busy] = useAct()
  const collections = api.useQuery('get', '/admin/records/collections')
  const { lexicon, problems } = useMemo(() => check(source), [source])
  const main = (lexicon?.defs as Record<string, { type?: string }> | undefined)?.main?.type
  const isMethod = main === 'query' || main === 'procedure'
  const take = (text: string, id = '') => {
    setSource(text)
    setTarget(targetOf(id, SAMPLES))
  }
  const store = async () => {
    const body: Schemas['NewLexicon'] = {
      ...kept,
      lexicon_json: lexicon as Record<string, never>,
      backfill,
    }
    if (isMethod && target) body.target_collection = target
    let id = ''
    const worked = await act(async () => {
      const stored = await done(client.POST('/admin/lexicons', { body }))
      id = stored.id
      for (const warning of stored.warnings ?? []) tellError(new Error(warning))
    }, l.stored)
    if (worked) added(id)
  }
  return (
    <Stack>
      <Group align="end">
        <Select
          label={l.sample}
          placeholder={l.chooseSample}
          data={SAMPLES}
          searchable
          onChange={(id) => id && void sample(id).then((text) => take(text, id))}
          w={{ base: '100%', xs: 300 }}
        />
        <FileButton
          accept="application/json,.json"
          onChange={(file) => file && file.size <= LONGEST && void file.text().then((text) => take(text))}
        >
          {(props) => (
            <Button variant="default" {...props}>
              {l.file}
            </Button>
          )}
        </FileButton>
      </Group>
      <Code value={source} onChange={setSource} language="json" label={l.editor} problems={problems} />
      {problems.length > 0 && (
        <Stack gap={2} role="status">
          {problems.slice(0, 5).map(({ line, message }) => (
            <Text key={`${line} ${message}`} size="sm" c="var(--mantine-color-error)">
              {l.problem(line, message)}
            </Text>
          ))}
        </Stack>
      )}
      {isMethod && (
        <Select
          label={l.target}
          description={l.targetHelp}
          data={[...new Set([...(collections.data?.collections ?? []), target].filter(Boolean))]}
          value={target || null}
          onChange={(value) => setTarget(value ?? '')}
          searchable
          allowDeselect={false}
          clearable
          maw={420}
        />
      )}
      {main === 'record' && (
        <Checkbox
          label={l.backfill}
          checked={backfill}
          onChange={(event) => setBackfill(event.currentTarget.checked)}
        />
      )}
      <Group>
        <Button onClick={store} loading={busy} disabled={!lexicon || problems.length > 0}>
          {l.store}
        </Button>
      </Group>
    </Stack>
  )
}

function FromNetwork({ added }: Pick<Props, 'added'>) {
  const [nsid, setNsid] = useState('')
  const [found, setFound] = useState<Schemas['PublishedLexicon']>()
  const [act, busy] = useAct()
  const look = () =>
    act(async () =>
      setFound(
        await done(
          client.GET('/admin/network-lexicons/resolve/{nsid}', { params: { path: { nsid: nsid.trim() } } }),
        ),
      ),
    )
  const store = async () => {
    const worked = await act(
      () => done(client.POST('/admin/network-lexicons', { body: { nsid: found?.nsid ?? nsid } })),
      l.stored,
    )
    if (worked && found) added(found.nsid)
  }
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {l.networkHelp}
      </Text>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void look()
        }}
      >
        <Group align="end">
          <TextInput
            label={l.nsid}
            placeholder="com.example.note"
            value={nsid}
            onChange={(event) => setNsid(event.currentTarget.value)}
            required
            w={{ base: '100%', xs: 320 }}
          />
          <Button type="submit" variant="default" loading={busy}>
            {l.look}
          </Button>
        </Group>
      </form>
      {found && (
        <>
          <Text size="sm">{l.publishedBy(found.type, found.authority_did)}</Text>
          <Json value={found.lexicon_json} label={found.nsid} />
          <Group>
            <Button onClick={store} loading={busy}>
              {l.follow}
            </Button>
          </Group>
        </>
      )}
    </Stack>
  )
}
