import { expect, it } from 'vitest'

const SOURCES = import.meta.glob<string>('../src/**/*.tsx', { query: '?raw', import: 'default', eager: true })
const STYLES = import.meta.glob('../node_modules/@mantine/core/styles/*.css')
const TAKEN = import.meta.glob<string>('../src/styles/mantine.ts', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** Names in `import { … } from '…'`. */
const IMPORTED = /import \{([^}]*)\} from '@mantine\/core'/g

it('every component comes with its styles', () => {
  const there = Object.keys(STYLES).map((file) => file.replace(/^.*\/|\.css$/g, ''))
  const used = Object.values(SOURCES)
    .flatMap((source) => [...source.matchAll(IMPORTED)])
    .flatMap(([, names = '']) => names.split(',').map((name) => name.trim().split(' ')[0] ?? ''))
  const taken = Object.values(TAKEN).join()
  const missing = [...new Set(used)].filter(
    (name) => there.includes(name) && !taken.includes(`/${name}.css'`),
  )
  expect(there.length).toBeGreaterThan(50)
  expect(missing, 'add them to src/styles/mantine.ts, with what they are made of').toEqual([])
})
