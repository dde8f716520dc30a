// The sample apps of the project, as they lie in its folder `lexicons`.
const FILES = import.meta.glob<string>('../../../../lexicons/**/*.json', { query: '?raw', import: 'default' })

const nsid = (path: string) =>
  path
    .replace(/^.*\/lexicons\//, '')
    .replace(/\.json$/, '')
    .replaceAll('/', '.')

/** What there is, by NSID. */
export const SAMPLES = Object.keys(FILES).map(nsid).sort()

/** The source of a sample. */
export async function sample(id: string): Promise<string> {
  const path = Object.keys(FILES).find((path) => nsid(path) === id)
  return path && FILES[path] ? FILES[path]() : ''
}

/** Methods need to be told which collection they are about; the samples' names say it. */
export const targetOf = (id: string, all: string[]) => {
  const area = id.split('.').slice(0, -1).join('.')
  const name = id.split('.').at(-1) ?? ''
  const near = all.filter(
    (other) => other.startsWith(`${area}.`) && /^[a-z]+$/.test(other.split('.').at(-1) ?? ''),
  )
  return near.find((other) => name.toLowerCase().includes(other.split('.').at(-1) ?? '')) ?? ''
}
