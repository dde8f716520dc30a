import { Button, FileButton, Group, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import type { Schemas } from '@/api/client'
import { at } from '@/app/base'
import { done, tell, useAct } from '@/components/act'
import { t } from '@/i18n'
import { Drafts, KINDS, LARGEST, MOST, send as sendPictures, useDrafts } from './drafts'
import { social } from './session'

const s = t.social

/** As many characters as a thought may have, until the server has said how many. */
const LONGEST = 128

/** How long a thought may be: the server tells everybody's clients. */
function useLongest(): number {
  const instance = useQuery({
    queryKey: ['social', 'instance'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => (await fetch(at('/api/v2/instance'))).json(),
  })
  return instance.data?.configuration?.statuses?.max_characters ?? LONGEST
}

interface Props {
  inReplyTo?: string
  placeholder?: string
}

/** Where one writes. */
export function Compose({ inReplyTo, placeholder = s.whatsUp }: Props) {
  const [content, setContent] = useState('')
  const [warning, setWarning] = useState<string>()
  const [visibility, setVisibility] = useState('public')
  const drafts = useDrafts()
  const [act, busy] = useAct()
  const left = useLongest() - [...content].length
  const isEmpty = !content.trim() && drafts.all.length === 0
  const add = (files: File[]) => {
    if (files.some(({ size }) => size > LARGEST)) tell(s.settings.tooLarge, 'red')
    drafts.add(files.filter(({ size }) => size <= LARGEST))
  }
  const send = async () => {
    if (isEmpty || left < 0 || busy) return
    const body: Omit<Schemas['NewThought'], 'attachmentIds'> = {
      content,
      visibility,
      ...(inReplyTo ? { inReplyToId: inReplyTo } : {}),
      ...(warning ? { contentWarning: warning, sensitive: true } : {}),
    }
    const publish = async () => {
      const attachmentIds = await sendPictures(drafts.all)
      await done(social.POST('/social/thoughts', { body: { ...body, attachmentIds } }))
    }
    if (!(await act(publish))) return
    setContent('')
    drafts.clear()
    setWarning(undefined)
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    void send()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send()
  }
  return (
    <form className="thought" onSubmit={onSubmit} aria-label={placeholder}>
      <Stack gap="xs">
        {warning !== undefined && (
          <TextInput
            aria-label={s.warning}
            placeholder={s.warning}
            value={warning}
            onChange={(event) => setWarning(event.currentTarget.value)}
          />
        )}
        <Textarea
          aria-label={placeholder}
          placeholder={placeholder}
          value={content}
          onChange={(event) => setContent(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          autosize
          minRows={2}
          maxRows={12}
        />
        <Drafts of={drafts} />
        <Group justify="space-between">
          <Group gap="xs">
            <Select
              aria-label={s.whoReads}
              size="xs"
              w={130}
              data={Object.entries(s.visibilities).map(([value, label]) => ({ value, label }))}
              value={visibility}
              onChange={(value) => value && setVisibility(value)}
              allowDeselect={false}
            />
            <Button
              size="xs"
              variant="subtle"
              color="gray"
              aria-pressed={warning !== undefined}
              onClick={() => setWarning(warning === undefined ? '' : undefined)}
            >
              {s.addWarning}
            </Button>
            <FileButton multiple accept={KINDS} onChange={add} inputProps={{ 'aria-label': s.addPictures }}>
              {(props) => (
                <Button
                  size="xs"
                  variant="subtle"
                  color="gray"
                  disabled={drafts.all.length >= MOST}
                  {...props}
                >
                  {s.addPictures}
                </Button>
              )}
            </FileButton>
          </Group>
          <Group gap="xs" ml="auto">
            <Text size="xs" c={left < 0 ? 'var(--mantine-color-error)' : 'dimmed'} aria-live="polite">
              {left}
            </Text>
            <Button type="submit" size="xs" loading={busy} disabled={isEmpty || left < 0}>
              {s.write}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  )
}
