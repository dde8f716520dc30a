import { ActionIcon, Badge, type BadgeProps, Code, CopyButton, Text, Tooltip } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { t } from '@/i18n'
import { ago, short, did as shortDid } from './format'
import { Icon, type IconName } from './icon'

/** One clock for all times on the page. */
const clock = (() => {
  let now = Date.now()
  const listeners = new Set<() => void>()
  setInterval(() => {
    now = Date.now()
    for (const listener of listeners) listener()
  }, 10_000)
  return {
    now: () => now,
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
})()

/** How long ago, with the exact time for whoever wants it. */
export function Time({ at }: { at: string | null | undefined }) {
  const now = useSyncExternalStore(clock.subscribe, clock.now)
  if (!at)
    return (
      <Text span c="dimmed" size="sm">
        {t.common.never}
      </Text>
    )
  return (
    <time dateTime={at} title={at} className="nowrap">
      {ago(at, now)}
    </time>
  )
}

const TONES: Record<string, string> = {
  running: 'blue',
  pending: 'gray',
  paused: 'yellow',
  pausing: 'yellow',
  cancelling: 'yellow',
  cancelled: 'gray',
  completed: 'teal',
  active: 'teal',
  failed: 'red',
  error: 'red',
  warn: 'yellow',
  info: 'blue',
}

/** A word about how something is. */
export function Status({ value }: { value: string }) {
  return <Badge color={TONES[value] ?? 'gray'}>{value}</Badge>
}

export function Tag({ children, ...rest }: BadgeProps & { children: string }) {
  return (
    <Badge color="gray" {...rest}>
      {children}
    </Badge>
  )
}

/** An identifier, shortened, which can be copied whole. */
export function Id({ value, length, what }: { value: string; length?: number; what?: string }) {
  const text = value.startsWith('did:') ? shortDid(value) : short(value, length)
  return (
    <span className="id">
      <Code title={value}>{text}</Code>
      <Copy value={value} what={what ?? value} />
    </span>
  )
}

export function Copy({ value, what }: { value: string; what: string }) {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t.common.copied : t.common.copy}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            onClick={copy}
            aria-label={t.common.copyOf(what)}
          >
            <Icon name="copy" size={14} />
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  )
}

interface ToolProps {
  icon: IconName
  label: string
  onClick: () => void
  color?: string
  loading?: boolean
  disabled?: boolean
}

/** A button that is a drawing. */
export function Tool({ icon, label, onClick, color = 'gray', loading, disabled }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color={color}
        onClick={onClick}
        aria-label={label}
        loading={loading}
        disabled={disabled}
      >
        <Icon name={icon} size={16} />
      </ActionIcon>
    </Tooltip>
  )
}

/** A command or address to be copied. */
export function Snippet({ children, what }: { children: string; what: string }) {
  return (
    <div className="snippet">
      <code>{children}</code>
      <Copy value={children} what={what} />
    </div>
  )
}
