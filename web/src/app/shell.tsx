import {
  ActionIcon,
  Burger,
  Button,
  Group,
  Text,
  UnstyledButton,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { lazy, type RefObject, Suspense, useEffect, useRef, useState } from 'react'
import { Icon } from '@/components/icon'
import { Waiting } from '@/components/resource'
import { t } from '@/i18n'
import { PLACES } from './nav'
import { isAt, Places } from './places'
import { useConfig, useMe } from './session'
import { SignIn } from './sign-in'

/** How the keys are called that lead anywhere. */
const SHORTCUT = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘K' : 'Ctrl K'

const Palette = lazy(() => import('./palette'))

/** The frame of every page: where one can go, who one is. */
export function Shell() {
  const [menu, { toggle, close }] = useDisclosure(false)
  const [palette, { open: openPalette, close: closePalette }] = useDisclosure(false)
  const path = useRouterState({ select: (state) => state.location.pathname })
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever has chosen a page wants to see it
  useEffect(() => close(), [path, close])
  const burger = useRef<HTMLButtonElement>(null)
  const leaveMenu = () => {
    if (!menu) return
    close()
    burger.current?.focus()
  }
  useHotkeys(
    [
      ['mod+K', openPalette],
      ['Escape', leaveMenu, { preventDefault: false }],
    ],
    [],
  )
  return (
    <div className="frame" data-menu={menu || undefined}>
      <a href="#page" className="skip">
        {t.shell.skip}
      </a>
      <header className="shell">
        <Header burger={burger} menu={menu} toggle={toggle} openPalette={openPalette} />
      </header>
      <nav className="shell nav" aria-label={t.nav.label}>
        <Places path={path} />
      </nav>
      <main id="page" tabIndex={-1}>
        <div className="page">
          <Suspense fallback={<Waiting lines={6} />}>
            <Gate path={path} />
          </Suspense>
        </div>
      </main>
      {palette && (
        <Suspense>
          <Palette close={closePalette} />
        </Suspense>
      )}
    </div>
  )
}

interface HeaderProps {
  burger: RefObject<HTMLButtonElement | null>
  menu: boolean
  toggle: () => void
  openPalette: () => void
}

function Header({ burger, menu, toggle, openPalette }: HeaderProps) {
  const config = useConfig()
  return (
    <Group h="100%" px="md" justify="space-between" wrap="nowrap">
      <Group gap="xs" wrap="nowrap" miw={0}>
        <Burger
          ref={burger}
          opened={menu}
          aria-expanded={menu}
          onClick={toggle}
          hiddenFrom="sm"
          size="sm"
          aria-label={menu ? t.shell.closeMenu : t.shell.openMenu}
        />
        <UnstyledButton component={Link} to="/">
          <Group gap={8} wrap="nowrap">
            <Text c="var(--mantine-color-anchor)" component="span" lh={0}>
              <Icon name="overview" size={22} />
            </Text>
            <Text fw={650} truncate maw={180}>
              {config.data?.app_name || t.appName}
            </Text>
          </Group>
        </UnstyledButton>
      </Group>
      <Group gap="xs" wrap="nowrap">
        <Button
          variant="default"
          size="xs"
          onClick={openPalette}
          leftSection={<Icon name="search" size={14} />}
          visibleFrom="xs"
        >
          {t.shell.search} {SHORTCUT}
        </Button>
        <ActionIcon
          variant="default"
          size="md"
          onClick={openPalette}
          hiddenFrom="xs"
          aria-label={t.shell.searchLabel}
        >
          <Icon name="search" size={16} />
        </ActionIcon>
        <Colours />
        <Account />
      </Group>
    </Group>
  )
}

function Colours() {
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const label = scheme === 'dark' ? t.shell.light : t.shell.dark
  return (
    <ActionIcon
      variant="default"
      size="md"
      aria-label={label}
      title={label}
      onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
    >
      <Icon name={scheme === 'dark' ? 'sun' : 'moon'} size={16} />
    </ActionIcon>
  )
}

const loadMenu = () => import('./account-menu')
const AccountMenu = lazy(loadMenu)

function Account() {
  const me = useMe()
  const [asked, setAsked] = useState(false)
  if (!me.data) {
    return (
      <Button component={Link} to="/sign-in" size="xs" variant={me.data === null ? 'filled' : 'default'}>
        {t.shell.signIn}
      </Button>
    )
  }
  const closed = (
    <ActionIcon
      variant="default"
      size="md"
      aria-label={t.shell.account}
      aria-haspopup="menu"
      aria-expanded={asked}
      onPointerEnter={() => void loadMenu()}
      onClick={() => setAsked(true)}
    >
      <Icon name="user" size={16} />
    </ActionIcon>
  )
  return asked ? (
    <Suspense fallback={closed}>
      <AccountMenu who={me.data.did} />
    </Suspense>
  ) : (
    closed
  )
}

/** Pages for operators are shown to operators; the server decides the same again for every request. */
function Gate({ path }: { path: string }) {
  const me = useMe()
  const place = PLACES.filter(({ to }) => to !== '/' && isAt(path, to)).sort(
    (a, b) => b.to.length - a.to.length,
  )[0]
  const open = !place?.operators && (place?.open || path === '/sign-in' || path.startsWith('/registry/'))
  if (open || me.data?.is_admin) return <Outlet />
  if (me.isPending) return <Waiting lines={6} />
  if (me.data) return <Text>{t.shell.notOperator}</Text>
  return <SignIn />
}
