import { Alert, Button, Skeleton, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { explain, isOff, missingPermission, statusOf } from '@/api/problem'
import { t } from '@/i18n'
import { Icon } from './icon'

/** As much of a query as it takes to show it. */
interface Asked<T> {
  data: T | undefined
  error: unknown
  isPending: boolean
  refetch: () => unknown
}

interface Props<T> {
  of: Asked<T>
  children: (data: T) => ReactNode
  /** How much room to keep until it is there, in lines. */
  lines?: number
}

/** Something of the server's: on its way, there, or refused. What is there stays when asking again fails. */
export function Resource<T>({ of, children, lines = 4 }: Props<T>) {
  if (of.data !== undefined) return <>{children(of.data)}</>
  if (of.isPending) return <Waiting lines={lines} />
  return <Failed error={of.error} retry={of.refetch} />
}

export function Waiting({ lines }: { lines: number }) {
  return (
    <Stack gap="xs" aria-busy="true" aria-label={t.common.loading}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={36} radius="sm" />
      ))}
    </Stack>
  )
}

export function Failed({ error, retry }: { error: unknown; retry?: () => unknown }) {
  if (isOff(error)) return <Empty>{t.common.off}</Empty>
  const missing = missingPermission(error)
  if (missing) return <Empty>{t.common.missingPermission(missing)}</Empty>
  const hopeless = [401, 403, 404].includes(statusOf(error) ?? 0)
  return (
    <Alert color="red" variant="light" icon={<Icon name="warning" />} role="alert">
      <Text size="sm" className="break">
        {explain(error, t.common.unreachable)}
      </Text>
      {retry && !hopeless && (
        <Button size="xs" variant="default" mt="xs" onClick={() => retry()}>
          {t.common.retry}
        </Button>
      )}
    </Alert>
  )
}

/** Says that there is nothing, and what to do about it. */
export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <Stack align="center" gap="sm" py="xl" px="md">
      <Text c="dimmed" size="sm" ta="center" maw="52ch">
        {children}
      </Text>
      {action}
    </Stack>
  )
}
