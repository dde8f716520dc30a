import { ActionIcon, Menu } from '@mantine/core'
import { did } from '@/components/format'
import { Icon } from '@/components/icon'
import { t } from '@/i18n'
import { useSignOut } from './session'

/** Who one is, and the way out: fetched when somebody opens it. */
export default function AccountMenu({ who }: { who: string }) {
  const signOut = useSignOut()
  return (
    <Menu position="bottom-end" withinPortal defaultOpened>
      <Menu.Target>
        <ActionIcon variant="default" size="md" aria-label={t.shell.account}>
          <Icon name="user" size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{did(who)}</Menu.Label>
        <Menu.Item leftSection={<Icon name="out" size={16} />} onClick={() => void signOut()}>
          {t.shell.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
