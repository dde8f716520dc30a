import { en } from './en'

/** What a translation has to have. */
export type Strings = typeof en

/** The strings of the language that is shown. English is the only one so far. */
export const t: Strings = en
