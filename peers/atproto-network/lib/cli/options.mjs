// Command-line options: `--name value`, `--name=value`, `--flag`; a flag may have an optional value.
import fs from 'node:fs'
import path from 'node:path'

const camel = (name) => name.replace(/-([a-z])/g, (_, c) => c.toUpperCase())

/** { positionals, and one property per option }; an option without value is true, --map collects a list. */
export function parseOptions(argv) {
  const opts = { positionals: [] }
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i]
    if (!arg.startsWith('--')) {
      opts.positionals.push(arg)
      continue
    }
    const [, name, given] = /^--([^=]*)(?:=(.*))?$/s.exec(arg)
    const follows = i + 1 < argv.length && !argv[i + 1].startsWith('--')
    const value = given ?? (follows ? argv[++i] : true)
    if (name === 'map') opts.map = [...(opts.map ?? []), value]
    else opts[camel(name)] = value
  }
  return opts
}

export const list = (value) =>
  value == null || value === true ? undefined : String(value).split(',').filter(Boolean)
export const num = (value) => (value == null ? undefined : Number(value))

/** Every JSON document below a folder. */
export const readLexicons = (dir) =>
  fs
    .readdirSync(dir, { recursive: true })
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(fs.readFileSync(path.join(dir, file), 'utf8')))
