import { Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { explain, missingPermission } from '@/api/problem'
import { t } from '@/i18n'
import { overlays } from './overlays'

export function tell(message: string, color?: string) {
  notifications.show({ message, color, withCloseButton: true })
}

export function tellError(error: unknown) {
  const missing = missingPermission(error)
  tell(missing ? t.common.missingPermission(missing) : explain(error, t.common.unreachable), 'red')
}

/** The answer of a call, or what was refused as an exception. */
export async function done<T, E>(call: Promise<{ data?: T; error?: E; response: Response }>): Promise<T> {
  const { data, error, response } = await call
  if (error !== undefined || !response.ok) throw error
  return data as T
}

/**
 * Does something once at a time, says how it went, and has everything asked for again that may have changed. Resolves to whether it
 * worked.
 */
export function useAct() {
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  const act = useCallback(
    async (work: () => Promise<unknown>, success?: string) => {
      setBusy(true)
      try {
        await work()
        await queries.invalidateQueries()
        if (success) tell(success)
        return true
      } catch (error) {
        tellError(error)
        return false
      } finally {
        setBusy(false)
      }
    },
    [queries],
  )
  return [act, busy] as const
}

/** Asks before what cannot be undone. */
export function confirm(
  title: string,
  work: () => unknown,
  text = t.common.cannotUndo,
  label = t.common.delete,
) {
  void overlays().then(() =>
    modals.openConfirmModal({
      title,
      children: <Text size="sm">{text}</Text>,
      labels: { confirm: label, cancel: t.common.cancel },
      confirmProps: { color: 'red' },
      onConfirm: () => void work(),
    }),
  )
}
