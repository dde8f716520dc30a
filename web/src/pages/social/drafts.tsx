import { TextInput } from '@mantine/core'
import { useCallback, useEffect, useRef, useState } from 'react'
import { done } from '@/components/act'
import { Tool } from '@/components/bits'
import { t } from '@/i18n'
import { social } from './session'

const s = t.social

export const KINDS = 'image/png,image/jpeg,image/gif,image/webp'

/** As large as the server takes them, in bytes. */
export const LARGEST = 2 * 1024 * 1024

/** Pictures of one thought. */
export const MOST = 4

/** A picture that is not sent yet. */
interface Draft {
  key: number
  file: File
  /** For the page only. */
  url: string
  description: string
  /** Once the server has it, in case what comes after it fails. */
  sent?: string
}

let keys = 0

/** The pictures that one has chosen. */
export function useDrafts() {
  const [all, setAll] = useState<Draft[]>([])
  const latest = useRef(all)
  latest.current = all
  useEffect(() => () => forget(latest.current), [])
  const add = useCallback((files: File[]) => {
    setAll((before) => {
      const chosen = files.slice(0, MOST - before.length)
      const drafts = chosen.map((file) => ({
        key: keys++,
        file,
        url: URL.createObjectURL(file),
        description: '',
      }))
      return [...before, ...drafts]
    })
  }, [])
  const describe = (key: number, description: string) =>
    setAll((before) =>
      // What was sent with other words is sent again.
      before.map((one) => (one.key === key ? { ...one, description, sent: undefined } : one)),
    )
  const remove = (key: number) =>
    setAll((before) => {
      forget(before.filter((one) => one.key === key))
      return before.filter((one) => one.key !== key)
    })
  const clear = () => {
    forget(all)
    setAll([])
  }
  return { all, add, describe, remove, clear }
}

const forget = (drafts: Draft[]) => {
  for (const { url } of drafts) URL.revokeObjectURL(url)
}

/** Sends what is not sent yet, one after the other; what they are called then. */
export async function send(drafts: Draft[]): Promise<string[]> {
  const ids: string[] = []
  for (const draft of drafts) {
    if (!draft.sent) {
      const body = new FormData()
      body.append('description', draft.description)
      body.append('file', draft.file)
      const sent = social.POST('/social/media', {
        body: body as never,
        bodySerializer: (form) => form as never,
      })
      draft.sent = (await done(sent)).id
    }
    ids.push(draft.sent)
  }
  return ids
}

/** How they look, and what is said of each for those who do not see it. */
export function Drafts({ of: { all, describe, remove } }: { of: ReturnType<typeof useDrafts> }) {
  if (all.length === 0) return null
  return (
    <ul className="drafts">
      {all.map(({ key, url, file, description }) => (
        <li key={key}>
          <img src={url} alt={file.name} />
          <TextInput
            size="xs"
            flex={1}
            aria-label={s.describe(file.name)}
            placeholder={s.describeHelp}
            value={description}
            onChange={(event) => describe(key, event.currentTarget.value)}
            maxLength={1500}
          />
          <Tool icon="close" label={s.leaveOut(file.name)} onClick={() => remove(key)} />
        </li>
      ))}
    </ul>
  )
}
