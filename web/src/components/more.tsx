import { Button, Group } from '@mantine/core'
import { t } from '@/i18n'

interface Pages {
  hasNextPage: boolean
  isFetchingNextPage: boolean
  fetchNextPage: () => unknown
}

/** Goes on where a list ends. */
export function More({ of }: { of: Pages }) {
  if (!of.hasNextPage) return null
  return (
    <Group justify="center" p="md">
      <Button variant="default" loading={of.isFetchingNextPage} onClick={() => of.fetchNextPage()}>
        {t.common.more}
      </Button>
    </Group>
  )
}
