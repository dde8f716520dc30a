// The tour, in order.
import * as network from './network.mjs'
import * as server from './server.mjs'
import * as lexicons from './lexicons.mjs'
import * as people from './people.mjs'
import * as status from './status.mjs'
import * as posts from './posts.mjs'
import * as changes from './changes.mjs'
import * as history from './history.mjs'
import * as signingIn from './signing-in.mjs'
import * as writing from './writing.mjs'
import * as leaving from './leaving.mjs'
import * as crash from './crash.mjs'
import * as permissions from './permissions.mjs'
import * as operator from './operator.mjs'

/** Each has a `title` and `run(demo)`. */
export const STEPS = [
  network,
  server,
  lexicons,
  people,
  status,
  posts,
  changes,
  history,
  signingIn,
  writing,
  leaving,
  crash,
  permissions,
  operator,
]
