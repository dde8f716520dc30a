import { type ReactNode, useEffect, useRef, useState } from 'react'

interface Props {
  className?: string
  summary: ReactNode
  opened?: boolean
  /** Whether somebody came for it. */
  wanted?: boolean
  onOpen?: () => void
  children: ReactNode
}

/** What is not drawn before it is looked at. */
export function Opens({ className, summary, opened = false, wanted = false, onOpen, children }: Props) {
  const [open, setOpen] = useState(opened)
  const details = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    if (opened) setOpen(true)
  }, [opened])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only where one comes to
  useEffect(() => {
    if (wanted) details.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <details
      ref={details}
      className={className}
      open={open}
      onToggle={(event) => {
        const now = event.currentTarget.open
        if (now === open) return
        setOpen(now)
        if (now) onOpen?.()
      }}
    >
      <summary>{summary}</summary>
      {open && children}
    </details>
  )
}
