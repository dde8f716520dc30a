import { Badge } from '@mantine/core'
import { costOf, type Explained } from '@/api/way'

const TONES = { cheap: 'teal', bounded: 'blue', dear: 'yellow' }

/** A word about a way to an answer, in the colour of what it costs. */
export function Cost({ of, children }: { of: Explained; children: string | undefined }) {
  return <Badge color={TONES[costOf(of)]}>{children}</Badge>
}
