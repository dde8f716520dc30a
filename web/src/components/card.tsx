import { Group, Paper, Title } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  title?: string
  actions?: ReactNode
  children: ReactNode
  /** For tables, which bring their own. */
  flush?: boolean
}

/** A part of a page. */
export function Card({ title, actions, children, flush }: Props) {
  return (
    <Paper component="section" className="card" p={flush ? 0 : 'md'} aria-label={title}>
      {(title || actions) && (
        <Group justify="space-between" mb="sm" p={flush ? 'md' : 0} pb={0}>
          {title && <Title order={2}>{title}</Title>}
          {actions}
        </Group>
      )}
      {children}
    </Paper>
  )
}
