// All that people read, in English. One file for each part of the app.
import { appview } from './en/appview'
import { common } from './en/common'
import { figures } from './en/figures'
import { hold } from './en/hold'
import { registry } from './en/registry'
import { social } from './en/social'
import { sync } from './en/sync'
import { system } from './en/system'

export const en = { ...common, appview, figures, hold, registry, social, sync, system }
