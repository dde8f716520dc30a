// Empties the folder of the build, except for what says that it is not kept.
import { readdir, rm } from 'node:fs/promises'

const DIST = new URL('../dist/', import.meta.url)

for (const name of await readdir(DIST))
  if (name !== '.gitignore') await rm(new URL(name, DIST), { recursive: true })
