import { lazy, Suspense } from 'react'

const Editor = lazy(() => import('./editor'))

export interface CodeProps {
  value: string
  onChange?: (value: string) => void
  language: 'json' | 'lua'
  label: string
  /** Lines to be marked, with what is wrong there. */
  problems?: { line: number; message: string }[]
  /** Words that are offered while one writes. */
  words?: { label: string; detail?: string; info?: string }[]
}

/** An editor, fetched when one is needed. */
export function Code(props: CodeProps) {
  return (
    <Suspense fallback={<div className="editor" aria-busy="true" />}>
      <Editor {...props} />
    </Suspense>
  )
}
